import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { Matrix } from '../../core/matrix.ts';
import { option } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { scoresToCodes } from '../../define/run.ts';
import type { Job } from '../../jobs/job.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { type KernelMachine, machineOutputs } from '../../math/svm/kernel-machine.ts';
import { oneVsRestScores, votedCodes } from '../../math/svm/one-vs-one.ts';
import { screenedOutputs } from '../../math/svm/screened-outputs.ts';
import { classWeightSchema } from '../class-weight-schema.ts';
import { linearCoef, vectorsOf } from './machine-attributes.ts';
import { machineNodes, voteNodes } from './machine-nodes.ts';
import { kernelOf, kernelOptions, penaltyOption, solverOptions, userKernelOf } from './svm-options.ts';

interface ClassifierState {
  readonly machine: KernelMachine;
  readonly classes: number;
  readonly nSupport: Int32Array;
  readonly nIter: Int32Array;
  readonly converged: boolean;
}

export interface SvmClassifierAttributes {
  /** Support vectors, by class, then row; empty with a precomputed kernel. */
  readonly supportVectors: Matrix;
  /** Their rows in the training table. */
  readonly support: Int32Array;
  /** How many each class has. */
  readonly nSupport: Int32Array;
  /**
   * (classes − 1) × support vectors: y α of each support vector against each other class, in the order of the classes.
   * With two classes positive for the second.
   */
  readonly dualCoef: Matrix;
  /** One for each pair of classes. */
  readonly intercept: Float64Array;
  /** With the linear kernel, pairs × columns; else undefined. */
  readonly coef: Matrix | undefined;
  /** γ that was used; 0 where the kernel has none. */
  readonly gamma: number;
  /** Steps of each pair of classes. */
  readonly nIter: Int32Array;
  readonly converged: boolean;
}

/** Pairs of classes and coefficients beyond which a fit is refused. */
const MOST_PAIRS = 200_000;
const MOST_COEFS = 1 << 26;

const options = z.strictObject({
  C: penaltyOption,
  ...kernelOptions,
  classWeight: option(
    classWeightSchema(),
    "Factors of C by class: 'balanced' makes the classes weigh the same; a record gives them by name (1 where left out).",
  ),
  decisionFunctionShape: option(
    z.enum(['ovr', 'ovo']).default('ovr'),
    'With more than two classes: scores a class (ovr) or the decisions of all pairs of classes (ovo).',
  ),
  breakTies: option(
    z.boolean().default(false),
    'Whether predict breaks ties of votes by the scores of decisionFunction rather than by the order of the classes.',
  ),
});

type Options = z.output<typeof options>;

/**
 * Support vector classifier by sequential minimal optimisation (see {@link solveSmo}), one for each pair of classes:
 *
 *     min ½‖w‖² + Σ C_i max(0, 1 − y_i (⟨w, φ(x_i)⟩ + b)),   C_i = C · sample weight · class weight
 *
 * Options, defaults and shapes of scikit-learn's SVC; probabilities are the business of `calibratedClassifier`. Kernel
 * rows are computed in float32 from float64 columns, decisions in float64. A fit that stops at `maxIter` warns.
 * @throws DataError for a precomputed kernel that is not square, a class without weight, or more classes than pairs can
 * be fitted for.
 */
export const svmClassifier = defineClassifier({
  name: 'svm-classifier',
  module: import.meta.url,
  summary: 'Separates classes by the widest margin in the space of a kernel.',
  use: 'For up to some ten thousand rows and boundaries of any shape; standardise the columns first.',
  scaling: 'useful',
  mostRows: 20_000,
  options,
  rowOperations: ({ machine }: ClassifierState) => machine.support.length * (machine.columns + 20),
  check({ breakTies, decisionFunctionShape }) {
    if (!breakTies || decisionFunctionShape === 'ovr') return;
    throw new OptionError(
      'option/invalid',
      "svm-classifier: breakTies needs decisionFunctionShape 'ovr'; with 'ovo' there are no scores of classes to break ties by.",
      { option: 'breakTies' },
    );
  },
  async fit(given, data, job): Promise<ClassifierState> {
    const { x, y, classes, rows } = data;
    requireFewClasses(classes.length, rows);
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitOneVsOne } = await import('../../math/svm/fit-one-vs-one.ts');
    const { trainingPoints } = await import('./training-points.ts');
    const weights = applyClassWeight(given.classWeight, data);
    requireWeights(weights, data);
    const user = userKernelOf(given);
    const { points, machineOf } = await trainingPoints(job, 'svm-classifier', x, kernelOf(given, x), user);
    const found = fitOneVsOne(job, {
      ...solverOptions(given, rows),
      ...{ points, codes: y, classes: classes.length },
      bounds: Float64Array.from({ length: rows }, (_, i) => given.C * (weights?.[i] ?? 1)),
      onProgress: (fraction) => job.progress(fraction),
    });
    const { nSupport, nIter, violation, converged, ...parts } = found;
    if (!converged) {
      job.warn(
        'fit/not-converged',
        `svm-classifier stopped after ${nIter.reduce((a, b) => a + b)} steps with a violation of ${violation.toExponential(1)} where tol asks for ${given.tol}. ` +
          'Raise maxIter, standardise the columns or lower C.',
      );
    }
    return { machine: machineOf(parts), classes: classes.length, nSupport, nIter, converged };
  },
  scoreColumns: ({ decisionFunctionShape }, classes) =>
    decisionFunctionShape === 'ovo' ? (classes * (classes - 1)) / 2 : classes,
  decisionFunction: (state, x, job, given) =>
    andThen(decisions(state, x, job, given), (pairs) => scoresOf(state, pairs, x.rows, given)),
  predict(state, x, job, given) {
    const breaksTies = given.breakTies && state.classes > 2;
    // Votes need no more than the signs of decisions.
    const signed = breaksTies || userKernelOf(given) ? undefined : screenedOutputs(state.machine, x);
    return andThen(signed ?? decisions(state, x, job, given), (pairs) =>
      breaksTies
        ? scoresToCodes(oneVsRestScores(pairs, x.rows, state.classes), x.rows)
        : votedCodes(pairs, x.rows, state.classes),
    );
  },
  onnx({ machine, classes }, x, graph, given) {
    const pairs = machineNodes(graph, x, machine, userKernelOf(given));
    return typeof pairs === 'string' ? voteNodes(graph, pairs, classes, given) : pairs;
  },
  attributes: ({ machine, classes, nSupport, nIter, converged }): SvmClassifierAttributes => {
    // As the decision, what belongs to two classes has the sign of the second.
    const sign = classes === 2 ? -1 : 1;
    const { support, coefs, intercept, kernel } = machine;
    return {
      ...{ support, nSupport, nIter, converged, gamma: kernel.gamma },
      supportVectors: vectorsOf(machine),
      dualCoef: new Matrix({
        rows: classes - 1,
        columns: support.length,
        data: coefs.map((value) => sign * value),
      }),
      intercept: intercept.map((value) => sign * value),
      coef: linearCoef(machine, sign),
    };
  },
});

/** Decisions of all pairs of classes, above 0 for the first of a pair. */
function decisions(
  { machine }: ClassifierState,
  x: Matrix,
  job: Job,
  given: Options,
): Eventually<Float64Array> {
  return machineOutputs(job, machine, x, userKernelOf(given));
}

function scoresOf(
  { classes }: ClassifierState,
  pairs: Float64Array,
  rows: number,
  { decisionFunctionShape }: Options,
): Float64Array {
  if (classes === 2) return pairs.map((value) => -value);
  return decisionFunctionShape === 'ovo' ? pairs : oneVsRestScores(pairs, rows, classes);
}

function requireFewClasses(classes: number, rows: number): void {
  const pairs = (classes * (classes - 1)) / 2;
  if (pairs <= MOST_PAIRS && (classes - 1) * rows <= MOST_COEFS) return;
  throw new DataError(
    'data/too-many-classes',
    `svm-classifier fits a model for each pair of classes; ${classes} classes of ${rows} rows would be ${pairs} models and up to ${Math.ceil(((classes - 1) * rows) / 2 ** 27)} GiB of coefficients. ` +
      'Use linear-svm-classifier, a tree or nearest neighbours, or merge classes.',
    { classes, rows },
  );
}

function requireWeights(
  weights: Float64Array | undefined,
  { y, classes }: { readonly y: Int32Array; readonly classes: readonly unknown[] },
): void {
  if (weights === undefined) return;
  const heavy = new Uint8Array(classes.length);
  y.forEach((code, i) => {
    if (weights[i]! > 0) heavy[code] = 1;
  });
  const empty = heavy.indexOf(0);
  if (empty < 0) return;
  throw new DataError(
    'data/no-weight',
    `All rows of class ${JSON.stringify(classes[empty])} have weight 0, so svm-classifier cannot tell it from the others. Drop those rows or give them weight.`,
    { class: String(classes[empty]) },
  );
}
