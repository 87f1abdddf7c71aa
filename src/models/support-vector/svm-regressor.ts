import { z } from 'zod';
import type { Matrix } from '../../core/matrix.ts';
import { logUniform, option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { type KernelMachine, machineOutputs } from '../../math/svm/kernel-machine.ts';
import { linearCoef, vectorsOf } from './machine-attributes.ts';
import { machineNodes } from './machine-nodes.ts';
import { kernelOf, kernelOptions, penaltyOption, solverOptions, userKernelOf } from './svm-options.ts';

interface RegressorState {
  readonly machine: KernelMachine;
  readonly nIter: number;
  readonly converged: boolean;
}

export interface SvmRegressorAttributes {
  /** Support vectors in the order of their rows; empty with a precomputed kernel. */
  readonly supportVectors: Matrix;
  /** Their rows in the training table. */
  readonly support: Int32Array;
  /** α − α* of each. */
  readonly dualCoef: Float64Array;
  readonly intercept: number;
  /** With the linear kernel one number a column; else undefined. */
  readonly coef: Float64Array | undefined;
  /** γ that was used; 0 where the kernel has none. */
  readonly gamma: number;
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * Support vector regression by sequential minimal optimisation (see {@link solveSmo}):
 *
 *     min ½‖w‖² + Σ C_i max(0, |y_i − ⟨w, φ(x_i)⟩ − b| − epsilon),   C_i = C · sample weight
 *
 * Options and defaults of scikit-learn's SVR. C and epsilon are in the units of `y`. A fit that stops at `maxIter`
 * warns.
 * @throws DataError for a precomputed kernel that is not square.
 */
export const svmRegressor = defineRegressor({
  name: 'svm-regressor',
  module: import.meta.url,
  summary: 'Fits a function in the space of a kernel, as flat as an error of epsilon allows.',
  use: 'For up to some ten thousand rows and smooth curves; standardise the columns, and mind the unit of y in C and epsilon.',
  scaling: 'useful',
  mostRows: 20_000,
  options: z.strictObject({
    C: penaltyOption,
    epsilon: option(
      z.number().nonnegative().default(0.1),
      'Errors up to this size cost nothing; in the unit of y.',
      logUniform(1e-3, 1),
    ),
    ...kernelOptions,
  }),
  rowOperations: ({ machine }: RegressorState) => machine.support.length * (machine.columns + 20),
  async fit(given, { x, y, rows, sampleWeight }, job): Promise<RegressorState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { solveSmo } = await import('../../math/svm/solve-smo.ts');
    const { trainingPoints } = await import('./training-points.ts');
    const { singleOutput } = await import('../../math/svm/single-output.ts');
    const user = userKernelOf(given);
    const { points, machineOf } = await trainingPoints(job, 'svm-regressor', x, kernelOf(given, x), user);
    const high = Float64Array.from({ length: rows }, (_, i) => given.C * (sampleWeight?.[i] ?? 1));
    const { beta, intercept, iterations, violation, converged } = solveSmo(job, {
      ...solverOptions(given, rows),
      ...{ points, high, epsilon: given.epsilon },
      rows: Int32Array.from({ length: rows }, (_, i) => i),
      p: y.map((value) => -value),
      low: high.map((value) => -value),
      onProgress: (fraction) => job.progress(fraction),
    });
    if (!converged) {
      job.warn(
        'fit/not-converged',
        `svm-regressor stopped after ${iterations} steps with a violation of ${violation.toExponential(1)} where tol asks for ${given.tol}. ` +
          'Raise maxIter, standardise the columns or lower C.',
      );
    }
    return { machine: machineOf(singleOutput(beta, intercept)), nIter: iterations, converged };
  },
  predict: ({ machine }, x, job, given) => machineOutputs(job, machine, x, userKernelOf(given)),
  onnx: ({ machine }, x, graph, given) => machineNodes(graph, x, machine, userKernelOf(given)),
  attributes: ({ machine, nIter, converged }): SvmRegressorAttributes => ({
    ...{ support: machine.support, nIter, converged, gamma: machine.kernel.gamma },
    supportVectors: vectorsOf(machine),
    dualCoef: machine.coefs,
    intercept: machine.intercept[0]!,
    coef: linearCoef(machine)?.data,
  }),
});
