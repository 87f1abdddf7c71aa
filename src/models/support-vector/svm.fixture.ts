// What parity/svm.py wrote.
import { readFileSync } from 'node:fs';

type PeerOptions = Readonly<Record<string, string | number | boolean>>;

interface Case {
  readonly data: string;
  readonly options: PeerOptions;
}

interface SvmFixture {
  readonly data: Readonly<Record<string, { readonly x: number[][]; readonly y: number[] }>>;
  readonly targets: Readonly<Record<string, number[]>>;
  readonly classifiers: readonly (Case & {
    readonly weighted: boolean;
    readonly objectives: number[];
    readonly support: number[];
    readonly nSupport: number[];
    readonly intercept: number[];
    readonly decision: number[];
    readonly labels: number[];
    readonly scores: number[];
    readonly untied: number[];
  })[];
  readonly regressors: readonly (Case & {
    readonly objective: number;
    readonly support: number[];
    readonly intercept: number;
    readonly predictions: number[];
  })[];
  readonly oneClass: readonly (Case & {
    readonly objective: number;
    readonly offset: number;
    readonly decision: number[];
  })[];
  readonly linearClassifiers: readonly (Case & {
    readonly objectives: number[];
    readonly coef: number[];
    readonly labels: number[];
  })[];
  readonly linearRegressors: readonly (Case & { readonly objective: number })[];
  readonly calibrated: readonly {
    readonly data: string;
    readonly method: 'sigmoid' | 'isotonic';
    readonly ensemble: boolean;
    readonly estimator: 'svm-classifier' | 'logistic-regression';
    readonly probabilities: number[];
  }[];
}

export const svmFixture: SvmFixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/svm.json', import.meta.url), 'utf8'),
);

const losses: Readonly<Record<string, string>> = {
  squared_hinge: 'squaredHinge',
  hinge: 'hinge',
  epsilon_insensitive: 'epsilonInsensitive',
  squared_epsilon_insensitive: 'squaredEpsilonInsensitive',
};

/** scikit-learn's options in our names. */
export function ourOptions(options: PeerOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      name === 'loss' ? losses[value as string] : value,
    ]),
  );
}

/** Σ_ij β_i β_j k(x_i, x_j) / 2 of some rows of a table, by the formulas in float64. */
export function halfQuadratic(
  beta: readonly number[],
  rows: readonly number[][],
  kernel: (a: readonly number[], b: readonly number[]) => number,
): number {
  let sum = 0;
  for (let i = 0; i < beta.length; i++) {
    for (let j = 0; j < beta.length; j++) sum += 0.5 * beta[i]! * beta[j]! * kernel(rows[i]!, rows[j]!);
  }
  return sum;
}

/** The kernel that a fitted model used. */
export function kernelLike(
  options: Record<string, unknown>,
  gamma: number,
): (a: readonly number[], b: readonly number[]) => number {
  const {
    kernel = 'rbf',
    degree = 3,
    coef0 = 0,
  } = options as {
    kernel?: string;
    degree?: number;
    coef0?: number;
  };
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, j) => sum + value * b[j]!, 0);
  const kernels: Record<string, (a: readonly number[], b: readonly number[]) => number> = {
    linear: dot,
    poly: (a, b) => (gamma * dot(a, b) + coef0) ** degree,
    sigmoid: (a, b) => Math.tanh(gamma * dot(a, b) + coef0),
    rbf: (a, b) => Math.exp(-gamma * a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0)),
  };
  return kernels[kernel]!;
}
