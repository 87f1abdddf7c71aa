import {
  KERNEL_LINEAR,
  KERNEL_POLY,
  KERNEL_PRECOMPUTED,
  KERNEL_RBF,
  KERNEL_SIGMOID,
} from '../../kernels/layout.ts';

export type KernelName = 'linear' | 'poly' | 'rbf' | 'sigmoid' | 'precomputed';

/**
 * A kernel with its constants: ⟨a, b⟩, (γ⟨a, b⟩ + c)^degree, exp(−γ‖a − b‖²), tanh(γ⟨a, b⟩ + c); `precomputed` stands
 * for values that are given.
 */
export interface KernelFunction {
  readonly name: KernelName;
  readonly gamma: number;
  readonly degree: number;
  readonly coef0: number;
}

/** Numbers of the kernels in the layout that AssemblyScript shares. */
export const kernelNumber: Readonly<Record<KernelName, number>> = {
  linear: KERNEL_LINEAR,
  poly: KERNEL_POLY,
  rbf: KERNEL_RBF,
  sigmoid: KERNEL_SIGMOID,
  precomputed: KERNEL_PRECOMPUTED,
};

/** γ: a number; `scale` is 1 / (columns · variance of all cells), `auto` is 1 / columns. */
export function resolveGamma(
  gamma: number | 'scale' | 'auto',
  { data, columns }: { readonly data: Float64Array; readonly columns: number },
): number {
  if (typeof gamma === 'number') return gamma;
  if (gamma === 'auto') return 1 / columns;
  let mean = 0;
  for (let i = 0; i < data.length; i++) mean += data[i]!;
  mean /= data.length;
  let variance = 0;
  for (let i = 0; i < data.length; i++) variance += (data[i]! - mean) ** 2;
  variance /= data.length;
  return variance > 0 ? 1 / (columns * variance) : 1;
}

/** Values of the kernel for rows of two row-major tables, a's rows × b's rows: the formulas, for few values. */
export function kernelValue(kernel: KernelFunction, a: Float64Array, b: Float64Array): number {
  const { name, gamma, degree, coef0 } = kernel;
  let sum = 0;
  if (name === 'rbf') {
    for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) ** 2;
    return Math.exp(-gamma * sum);
  }
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  if (name === 'linear') return sum;
  return name === 'poly' ? (gamma * sum + coef0) ** degree : Math.tanh(gamma * sum + coef0);
}
