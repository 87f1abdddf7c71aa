/** Regression targets with one or several columns, and the ways to turn one figure per column into the answer. */
import { DataError, OptionError } from '../core/errors.ts';
import { pairwiseSum, weightedMean } from './sum.ts';
import {
  checkSameLength,
  type Dense,
  type Numbers,
  type NumberTable,
  toDense,
  toFiniteNumbers,
  toWeights,
} from './validate.ts';

/** One column (`number[]`, typed array) or several (`number[][]`, matrix) of numeric targets. */
export type Targets = Numbers | NumberTable;

/** How figures of several outputs combine: not at all, by their mean, or by a weighted mean with one weight per output. */
export type Multioutput = 'rawValues' | 'uniformAverage' | Numbers;

/** As {@link Multioutput}, or weighted by the variance of each true output. */
export type ScoreMultioutput = Multioutput | 'varianceWeighted';

/** `rawValues` returns one number per output, everything else a single number. */
export type MultioutputResult<M> = M extends 'rawValues' ? Float64Array : number;

export interface RegressionMetricOptions<M extends ScoreMultioutput = Multioutput> {
  /** One weight ≥ 0 per row. Default: all rows count the same. */
  readonly sampleWeight?: Numbers | undefined;
  /** Default `'uniformAverage'`. */
  readonly multioutput?: M | undefined;
}

/** Truth and prediction of the same shape, all numbers finite, weights checked. */
export interface CheckedTargets {
  readonly truth: Dense;
  readonly prediction: Dense;
  readonly weights: Float64Array | undefined;
}

export function checkTargets(
  truth: Targets,
  prediction: Targets,
  sampleWeight: Numbers | undefined,
): CheckedTargets {
  const t = toDense(truth, 'truth');
  const p = toDense(prediction, 'prediction');
  checkSameLength('truth', t.rows, 'prediction', p.rows);
  if (t.columns !== p.columns) {
    const message = `truth has ${t.columns} outputs but prediction has ${p.columns}: they must have the same columns.`;
    throw new DataError('data/shape-mismatch', message, { truth: t.columns, prediction: p.columns });
  }
  return { truth: t, prediction: p, weights: toWeights(sampleWeight, t.rows) };
}

/** @throws DataError when a metric of one output gets several. */
export function checkSingleOutput(targets: CheckedTargets, metric: string): void {
  if (targets.truth.columns === 1) return;
  const message = `${metric} takes one output but got ${targets.truth.columns}: call it once per column.`;
  throw new DataError('data/shape-mismatch', message, { metric, outputs: targets.truth.columns });
}

/** Column `j` as a contiguous array; a single column is returned as it is. */
export function columnOf({ rows, columns, data }: Dense, j: number): Float64Array {
  if (columns === 1) return data;
  const column = new Float64Array(rows);
  for (let i = 0; i < rows; i++) column[i] = data[i * columns + j];
  return column;
}

/** The weighted mean of `loss(truth, prediction)` for every output. */
export function meanLossPerOutput(
  targets: CheckedTargets,
  loss: (t: number, p: number) => number,
): Float64Array {
  const { truth, prediction, weights } = targets;
  const { rows, columns } = truth;
  const losses = new Float64Array(rows);
  const means = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    for (let i = 0, at = j; i < rows; i++, at += columns)
      losses[i] = loss(truth.data[at], prediction.data[at]);
    means[j] = weightedMean(losses, weights);
  }
  return means;
}

/** One figure per output → the answer that `multioutput` asks for. `variance` serves `'varianceWeighted'` only. */
export function combineOutputs<M extends ScoreMultioutput>(
  perOutput: Float64Array,
  multioutput: M | undefined,
  variance?: Float64Array,
): MultioutputResult<M> {
  return combine(perOutput, multioutput ?? 'uniformAverage', variance) as MultioutputResult<M>;
}

function combine(
  perOutput: Float64Array,
  multioutput: ScoreMultioutput,
  variance?: Float64Array,
): Float64Array | number {
  if (multioutput === 'rawValues') return perOutput;
  if (multioutput === 'uniformAverage') return weightedMean(perOutput, undefined);
  if (multioutput === 'varianceWeighted' && variance !== undefined) {
    // All outputs constant: nothing to weigh by, so every output counts the same.
    return weightedMean(perOutput, pairwiseSum(variance) === 0 ? undefined : variance);
  }
  if (typeof multioutput === 'string') {
    const allowed = variance === undefined ? '' : `'varianceWeighted', `;
    const message = `multioutput is '${multioutput}': use 'uniformAverage', 'rawValues', ${allowed}or one weight per output.`;
    throw new OptionError('option/invalid', message, { option: 'multioutput' });
  }
  const weights = toFiniteNumbers(multioutput, 'multioutput');
  if (weights.length !== perOutput.length) {
    const message = `multioutput has ${weights.length} weights for ${perOutput.length} outputs: give one weight per output.`;
    throw new OptionError('option/invalid', message, { option: 'multioutput' });
  }
  if (pairwiseSum(weights) === 0) {
    throw new OptionError('option/invalid', 'The weights in multioutput sum to 0.', {
      option: 'multioutput',
    });
  }
  return weightedMean(perOutput, weights);
}
