import type { KernelMachine } from './kernel-machine.ts';

/** The machine's parts for one output Σ β_i k(x_i, x) + b. */
export function singleOutput(
  beta: Float64Array,
  intercept: number,
): Pick<KernelMachine, 'support' | 'coefs' | 'segments' | 'intercept'> {
  const support = Int32Array.from(beta.keys()).filter((i) => beta[i] !== 0);
  return {
    support,
    coefs: Float64Array.from(support, (i) => beta[i]!),
    segments: Int32Array.of(0, 0, 0, support.length),
    intercept: Float64Array.of(intercept),
  };
}
