import { z } from 'zod';
import { Matrix } from '../../core/matrix.ts';
import { choices, option } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { requireClassWork } from '../../math/class-work.ts';
import { linearScores } from '../../math/linear-scores.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import { classWeightSchema } from '../class-weight-schema.ts';
import { checkDual, linearOptions } from './linear-options.ts';
import { penaltyOption } from './svm-options.ts';

interface LinearState {
  /** Row-major, one row for two classes (for the second of them), else one a class. */
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly nIter: number;
  readonly converged: boolean;
}

export interface LinearSvmClassifierAttributes {
  /** One row for two classes (positive favours the second), else one row a class. */
  readonly coef: Matrix;
  readonly intercept: Float64Array;
  /** The most rounds that any class took. */
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * Linear support vector classifier, one against the rest with more than two classes:
 *
 *     min ½‖w‖² + ½ (b / interceptScaling)² + C Σ s_i loss(max(0, 1 − y_i (⟨w, x_i⟩ + b)))
 *
 * Options and defaults of scikit-learn's LinearSVC with the L2 penalty. The squared hinge is minimised by Newton's
 * method (or L-BFGS) on all threads, to its exact minimum in a few passes; the hinge by dual coordinate descent. As in
 * scikit-learn the intercept is penalised. A fit that stops at `maxIter` warns.
 */
export const linearSvmClassifier = defineClassifier({
  name: 'linear-svm-classifier',
  module: import.meta.url,
  summary: 'Separates classes by the widest margin of a plane.',
  use: 'For many rows or many columns, where straight boundaries suffice; standardise the columns first.',
  scaling: 'useful',
  readable: true,
  fitOperations: (rows, columns) => 2000 * rows * columns,
  checkState: requireLinearMap,
  options: z.strictObject({
    loss: option(
      z.enum(['squaredHinge', 'hinge']).default('squaredHinge'),
      'What a row inside its margin costs.',
      choices('squaredHinge', 'hinge'),
    ),
    C: penaltyOption,
    ...linearOptions,
    classWeight: option(
      classWeightSchema(),
      "Factors of C by class (with more than two, for the rows of the one against the rest): 'balanced' makes the classes weigh the same; a record gives them by name (1 where left out).",
    ),
  }),
  check: ({ dual, loss }) => checkDual('linear-svm-classifier', dual, loss, 'squaredHinge'),
  async fit({ loss, dual, classWeight, ...given }, data, job): Promise<LinearState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { solveLinear } = await import('../../math/svm/linear/solve-linear.ts');
    const { x, y, classes } = data;
    const isNewton = dual === false || (dual === 'auto' && loss === 'squaredHinge');
    // Some 20 Hessians (or gradients where columns are many), or rounds over the rows, for each class against the rest.
    const pass = isNewton ? 20 * (20 + x.columns * Math.min(x.columns, 50)) : given.maxIter * (5 + x.columns);
    requireClassWork({
      ...{ model: 'linear-svm-classifier', rows: x.rows, classes: classes.length },
      ...{ nanoseconds: pass * x.rows * classes.length, advice: 'use a decision tree' },
    });
    const classWeighted = applyClassWeight(classWeight, data);
    const outputs = classes.length === 2 ? 1 : classes.length;
    const coef = new Float64Array(outputs * x.columns);
    const intercept = new Float64Array(outputs);
    let [nIter, converged] = [0, true];
    for (let k = 0; k < outputs; k++) {
      const positive = outputs === 1 ? 1 : k;
      const found = await solveLinear(
        job,
        {
          ...{ ...given, x, epsilon: null, squared: loss === 'squaredHinge' },
          sampleWeight: outputs === 1 ? classWeighted : weightsAgainstRest(k, classWeighted, data),
          y: Float64Array.from(y, (code) => (code === positive ? 1 : -1)),
          onIteration: (iteration) => job.progress((k + iteration / given.maxIter) / outputs),
        },
        dual,
      );
      coef.set(found.coef, k * x.columns);
      intercept[k] = found.intercept;
      nIter = Math.max(nIter, found.iterations);
      converged &&= found.converged;
    }
    if (!converged) {
      job.warn(
        'fit/not-converged',
        `linear-svm-classifier stopped after ${nIter} rounds short of tol ${given.tol}. Raise maxIter, standardise the columns or lower C.`,
      );
    }
    return { coef, intercept, nIter, converged };
  },
  classCount: ({ intercept }) => Math.max(2, intercept.length),
  decisionFunction: (state, x, job) => linearScores(job, x, state),
  onnx: (state, x, graph) => ({ scores: linearNodes(graph, x, state) }),
  attributes: ({ coef, intercept, nIter, converged }): LinearSvmClassifierAttributes => ({
    coef: new Matrix({ rows: intercept.length, columns: coef.length / intercept.length, data: coef }),
    ...{ intercept, nIter, converged },
  }),
});

/**
 * With more than two classes the rows of the one have the weight of their class, the rest their own only, as in
 * LIBLINEAR.
 */
function weightsAgainstRest(
  positive: number,
  classWeighted: Float64Array | undefined,
  { y, sampleWeight }: { readonly y: Int32Array; readonly sampleWeight: Float64Array | undefined },
): Float64Array | undefined {
  return classWeighted?.map((weight, i) => (y[i] === positive ? weight : (sampleWeight?.[i] ?? 1)));
}
