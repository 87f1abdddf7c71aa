import { z } from 'zod';
import type { Matrix } from '../../core/matrix.ts';
import { choices, logUniform, option } from '../../core/options.ts';
import type { SolverOptions } from '../../math/svm/fit-one-vs-one.ts';
import { type KernelFunction, resolveGamma } from '../../math/svm/kernel-function.ts';
import type { UserKernel } from '../../math/svm/user-kernel.ts';

/** Options that all kernel machines share. */
export const kernelOptions = {
  kernel: option(
    z
      .union([
        z.enum(['linear', 'poly', 'rbf', 'sigmoid', 'precomputed']),
        z.custom<UserKernel>(
          (value) => typeof value === 'function',
          'It takes the name of a kernel or a function',
        ),
      ])
      .default('rbf'),
    "⟨a,b⟩, (γ⟨a,b⟩ + coef0)^degree, exp(−γ‖a−b‖²), tanh(γ⟨a,b⟩ + coef0); 'precomputed': x holds the values; or a function of two tables that gives all values.",
    choices('rbf', 'linear', 'poly'),
  ),
  degree: option(z.int().nonnegative().max(1000).default(3), 'Power of the poly kernel.'),
  gamma: option(
    z.union([z.enum(['scale', 'auto']), z.number().nonnegative()]).default('scale'),
    "γ of the kernel; 'scale' is 1 / (columns · variance of x), 'auto' 1 / columns.",
    logUniform(1e-4, 10),
  ),
  coef0: option(z.number().default(0), 'Constant of the poly and sigmoid kernels.'),
  tol: option(
    z.number().positive().default(1e-3),
    'The fit ends when no pair of coefficients violates optimality by this much.',
  ),
  shrinking: option(z.boolean().default(true), 'Whether to leave out, for a while, rows that seem settled.'),
  cacheSize: option(z.number().positive().default(200), 'MiB of kernel values to keep while fitting.'),
  maxIter: option(
    z.int().positive().nullable().default(null),
    'Most steps of the solver; null: 10 million, or 100 a row where that is more.',
  ),
};

export const penaltyOption = option(
  z.number().positive().default(1),
  'Penalty on rows on the wrong side of their margin; the smaller, the smoother.',
  logUniform(1e-2, 1e3),
);

interface KernelChoice {
  readonly kernel: string | UserKernel;
  readonly degree: number;
  readonly gamma: number | 'scale' | 'auto';
  readonly coef0: number;
}

export function kernelOf({ kernel, degree, gamma, coef0 }: KernelChoice, x: Matrix): KernelFunction {
  if (typeof kernel === 'function') return { name: 'precomputed', gamma: 0, degree: 0, coef0: 0 };
  const usesGamma = kernel === 'rbf' || kernel === 'poly' || kernel === 'sigmoid';
  return {
    name: kernel as KernelFunction['name'],
    gamma: usesGamma ? resolveGamma(gamma, x) : 0,
    degree,
    coef0,
  };
}

export function userKernelOf({ kernel }: { readonly kernel: string | UserKernel }): UserKernel | undefined {
  return typeof kernel === 'function' ? kernel : undefined;
}

export function solverOptions(
  {
    tol,
    shrinking,
    cacheSize,
    maxIter,
  }: {
    readonly tol: number;
    readonly shrinking: boolean;
    readonly cacheSize: number;
    readonly maxIter: number | null;
  },
  rows: number,
): SolverOptions {
  return {
    tol,
    shrinking,
    cacheBytes: cacheSize * 2 ** 20,
    maxIter: maxIter ?? Math.max(10_000_000, 100 * rows),
  };
}
