/**
 * Scores of the form 1 − error / error of a constant: 1 is perfect, 0 no better than the constant, negative worse.
 * Definitions: scikit-learn user guide, "R² score", "Explained variance score", "D² score".
 */
import {
  type CheckedTargets,
  checkTargets,
  columnOf,
  combineOutputs,
  type Multioutput,
  type MultioutputResult,
  meanLossPerOutput,
  type RegressionMetricOptions,
  type ScoreMultioutput,
  type Targets,
} from './outputs.ts';
import { type PinballOptions, pinballPerOutput } from './regression.ts';
import { weightedMean } from './sum.ts';
import type { Dense } from './validate.ts';
import { weightedQuantile } from './weighted-quantile.ts';

export interface ScoreOptions<M extends ScoreMultioutput = ScoreMultioutput>
  extends RegressionMetricOptions<M> {
  /**
   * A constant truth makes the score 0/0 or −∞. Default true: 1 where the prediction is perfect, else 0. False: NaN and −∞.
   */
  readonly forceFinite?: boolean | undefined;
}

/** R² = 1 − Σ w (y − ŷ)² / Σ w (y − ȳ)², at most 1. NaN (for `rawValues` one per output) for fewer than two rows. */
export function r2Score<M extends ScoreMultioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput, forceFinite = true }: ScoreOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkTargets(truth, prediction, sampleWeight);
  const residual = meanLossPerOutput(targets, (t, p) => (t - p) * (t - p));
  const variance = variancePerOutput(targets.truth, targets.weights);
  return combineOutputs(
    explainedShare(residual, variance, targets.truth.rows, forceFinite),
    multioutput,
    variance,
  );
}

/** 1 − Var(y − ŷ) / Var(y): as R², but blind to a constant offset of the predictions. */
export function explainedVarianceScore<M extends ScoreMultioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput, forceFinite = true }: ScoreOptions<M> = {},
): MultioutputResult<M> {
  const { truth: t, prediction: p, weights } = checkTargets(truth, prediction, sampleWeight);
  const differences = new Float64Array(t.data.length);
  for (let at = 0; at < differences.length; at++) differences[at] = t.data[at] - p.data[at];
  const residual = variancePerOutput({ ...t, data: differences }, weights);
  const variance = variancePerOutput(t, weights);
  return combineOutputs(explainedShare(residual, variance, Infinity, forceFinite), multioutput, variance);
}

/** 1 − pinball loss / pinball loss of the empirical α-quantile of the truth. NaN for fewer than two rows. */
export function d2PinballScore<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput, alpha = 0.5 }: PinballOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkTargets(truth, prediction, sampleWeight);
  const loss = pinballPerOutput(targets, alpha);
  const constantLoss = pinballPerOutput({ ...targets, prediction: constantQuantile(targets, alpha) }, alpha);
  return combineOutputs(explainedShare(loss, constantLoss, targets.truth.rows, true), multioutput);
}

/** 1 − mean absolute error / mean absolute error of the median. NaN for fewer than two rows. */
export function d2AbsoluteErrorScore<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  options: RegressionMetricOptions<M> = {},
): MultioutputResult<M> {
  return d2PinballScore(truth, prediction, { ...options, alpha: 0.5 });
}

function constantQuantile({ truth, weights }: CheckedTargets, alpha: number): Dense {
  const { rows, columns } = truth;
  const data = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j++) {
    const quantile = weightedQuantile(columnOf(truth, j), weights, alpha);
    for (let i = 0; i < rows; i++) data[i * columns + j] = quantile;
  }
  return { rows, columns, data };
}

/** Σ w (x − x̄)² / Σ w of every column, in two passes: one pass cancels digits for a large mean. */
function variancePerOutput(values: Dense, weights: Float64Array | undefined): Float64Array {
  const variance = new Float64Array(values.columns);
  for (let j = 0; j < variance.length; j++) {
    const column = columnOf(values, j);
    const mean = weightedMean(column, weights);
    const squares = new Float64Array(column.length);
    for (let i = 0; i < squares.length; i++) squares[i] = (column[i] - mean) * (column[i] - mean);
    variance[j] = weightedMean(squares, weights);
  }
  return variance;
}

function explainedShare(
  error: Float64Array,
  constantError: Float64Array,
  rows: number,
  forceFinite: boolean,
): Float64Array {
  return error.map((e, j) => {
    if (rows < 2) return NaN;
    if (forceFinite && constantError[j] === 0) return e === 0 ? 1 : 0;
    return 1 - e / constantError[j];
  });
}
