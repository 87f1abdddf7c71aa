import { z } from 'zod';
import { andThen } from '../../core/eventually.ts';
import type { Matrix } from '../../core/matrix.ts';
import { option, uniform } from '../../core/options.ts';
import type { TableLike } from '../../core/table.ts';
import { defineClusterer, type FittedClusterer } from '../../define/define-clusterer.ts';
import type { PredictOptions } from '../../define/fit-options.ts';
import { type KernelMachine, machineOutputs } from '../../math/svm/kernel-machine.ts';
import { vectorsOf } from './machine-attributes.ts';
import { inlierNodes, machineNodes } from './machine-nodes.ts';
import { kernelOf, kernelOptions, solverOptions, userKernelOf } from './svm-options.ts';
import { svmRegressor } from './svm-regressor.ts';

interface OneClassState {
  readonly machine: KernelMachine;
  readonly nIter: number;
  readonly converged: boolean;
  /** 0 or −1 of each training row. */
  readonly labels: Int32Array;
}

export interface OneClassSvmAttributes {
  /** Support vectors in the order of their rows; empty with a precomputed kernel. */
  readonly supportVectors: Matrix;
  readonly support: Int32Array;
  readonly dualCoef: Float64Array;
  readonly intercept: number;
  /** −intercept: what the weighted kernel values of an inlier reach. */
  readonly offset: number;
  readonly gamma: number;
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * Tells rows like the training rows (0, where scikit-learn says 1) from others (−1, as clusterers here call noise), by
 * a one-class support vector machine:
 *
 *     min ½ αᵀKα   with   0 ≤ α_i ≤ s_i,  Σ α = nu Σ s
 *
 * (B. Schölkopf et al., "Estimating the support of a high-dimensional distribution", Neural Computation 13, 2001).
 * Options and defaults of scikit-learn's OneClassSVM. `oneClassDecisions(model, x)` gives the decisions, above 0 for
 * inliers.
 */
export const oneClassSvm = defineClusterer({
  name: 'one-class-svm',
  module: import.meta.url,
  summary: 'Finds rows unlike the others: 0 for those within the support of the data, −1 for those outside.',
  use: 'For novelties among rows of numbers, up to some ten thousand; standardise the columns first.',
  scaling: 'useful',
  mostRows: 20_000,
  options: z.strictObject({
    nu: option(
      z.number().positive().max(1).default(0.5),
      'Most of the share of training rows outside, and least of the share that are support vectors.',
      uniform(0.01, 0.5),
    ),
    ...kernelOptions,
  }),
  rowOperations: ({ machine }: OneClassState) => machine.support.length * (machine.columns + 20),
  async fit(given, { x, rows, sampleWeight }, job): Promise<OneClassState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { solveSmo } = await import('../../math/svm/solve-smo.ts');
    const { trainingPoints } = await import('./training-points.ts');
    const { singleOutput } = await import('../../math/svm/single-output.ts');
    const user = userKernelOf(given);
    const { points, machineOf } = await trainingPoints(job, 'one-class-svm', x, kernelOf(given, x), user);
    const high = sampleWeight?.slice() ?? new Float64Array(rows).fill(1);
    const { beta, intercept, iterations, violation, converged } = solveSmo(job, {
      ...solverOptions(given, rows),
      ...{ points, high, epsilon: 0, start: filled(high, given.nu) },
      rows: Int32Array.from({ length: rows }, (_, i) => i),
      p: new Float64Array(rows),
      low: new Float64Array(rows),
      onProgress: (fraction) => job.progress(fraction),
    });
    if (!converged) {
      job.warn(
        'fit/not-converged',
        `one-class-svm stopped after ${iterations} steps with a violation of ${violation.toExponential(1)} where tol asks for ${given.tol}. Raise maxIter or standardise the columns.`,
      );
    }
    const machine = machineOf(singleOutput(beta, intercept));
    const labels = labelsOf(await machineOutputs(job, machine, x, user));
    return { machine, nIter: iterations, converged, labels };
  },
  labels: ({ labels }) => labels,
  predict: ({ machine }, x, job, given) =>
    andThen(machineOutputs(job, machine, x, userKernelOf(given)), labelsOf),
  onnx({ machine }, x, graph, given) {
    const decisions = machineNodes(graph, x, machine, userKernelOf(given));
    return typeof decisions === 'string' ? inlierNodes(graph, decisions) : decisions;
  },
  attributes: ({ machine, nIter, converged }): OneClassSvmAttributes => ({
    ...{ support: machine.support, nIter, converged, gamma: machine.kernel.gamma },
    supportVectors: vectorsOf(machine),
    dualCoef: machine.coefs,
    intercept: machine.intercept[0]!,
    offset: -machine.intercept[0]!,
  }),
});

/** A start that keeps the sum: the first rows full, one partly. */
function filled(high: Float64Array, nu: number): Float64Array {
  let left = nu * high.reduce((a, b) => a + b, 0);
  return high.map((bound) => {
    const value = Math.min(bound, left);
    left -= value;
    return value;
  });
}

function labelsOf(decisions: Float64Array): Int32Array {
  return Int32Array.from(decisions, (decision) => (decision > 0 ? 0 : -1));
}

/**
 * The decisions of a fitted {@link oneClassSvm}, one a row: above 0 for inliers, the lower the less a row is like the
 * training rows. Plus `offset` they are scikit-learn's `score_samples`.
 * @throws DataError naming a column that is missing or unfit.
 */
export async function oneClassDecisions(
  model: FittedClusterer<OneClassSvmAttributes>,
  x: TableLike,
  options: PredictOptions = {},
): Promise<Float64Array> {
  const { schema, state, summary, specification } = model;
  const { kernel } = specification.options as Pick<NonNullable<Parameters<typeof svmRegressor>[0]>, 'kernel'>;
  // The same machine, asked for its values.
  const target = { kind: 'values', targets: 1, several: false } as const;
  const values = svmRegressor({ kernel }).restore({ schema, state, summary, target });
  return (await values.predict(x, options)) as Float64Array;
}
