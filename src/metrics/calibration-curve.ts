import { DataError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { argsort } from './argsort.ts';
import { checkProbabilities } from './class-scores.ts';
import { codeLabels, type Labels } from './labels.ts';
import { type CurveOptions, toBinaryScores } from './thresholds.ts';
import { checkOneOf, checkOption, type Numbers } from './validate.ts';

export interface CalibrationCurveOptions<L extends Label = Label> extends CurveOptions<L> {
  /** Number of bins, ≥ 1. Default 5; empty ones are left out of the result. */
  readonly nBins?: number | undefined;
  /** Bins of equal width (`'uniform'`, default), or with equally many rows (`'quantile'`, which ignores weights). */
  readonly strategy?: 'uniform' | 'quantile' | undefined;
}

/** Per bin that holds rows: the true share of positives, the mean predicted probability and the (weighted) number of rows. */
export interface CalibrationCurve {
  readonly probTrue: Float64Array;
  readonly probPred: Float64Array;
  readonly counts: Float64Array;
}

/**
 * How often the positive class happens where it was predicted with a given probability: `probTrue` equals `probPred` in a calibrated model.
 * @throws DataError for more than two classes or probabilities outside [0, 1].
 */
export function calibrationCurve<L extends Label>(
  truth: Labels<L>,
  probability: Numbers,
  { nBins = 5, strategy = 'uniform', ...options }: CalibrationCurveOptions<L> = {},
): CalibrationCurve {
  checkOption(Number.isInteger(nBins) && nBins >= 1, 'nBins', nBins, 'be an integer of at least 1');
  checkOneOf('strategy', strategy, ['uniform', 'quantile'] as const);
  const { positive, score, weights } = toBinaryScores(truth, probability, options);
  checkProbabilities({ rows: score.length, columns: 1, data: score }, 'probability');
  const classes = codeLabels({ truth }).classes;
  if (classes.length > 2) {
    const message = `truth has ${classes.length} classes: a calibration curve is drawn for two, so compare one class with the rest.`;
    throw new DataError('data/too-many-classes', message, { classes: classes.length });
  }
  const edges = strategy === 'uniform' ? uniformEdges(nBins) : quantileEdges(score, nBins);
  const counts = new Float64Array(nBins);
  const positives = new Float64Array(nBins);
  const sums = new Float64Array(nBins);
  for (let i = 0; i < score.length; i++) {
    const bin = binOf(score[i], edges);
    const weight = weights === undefined ? 1 : weights[i];
    counts[bin] += weight;
    positives[bin] += weight * positive[i];
    sums[bin] += weight * score[i];
  }
  const filled = (values: Float64Array) => values.filter((_, bin) => counts[bin] > 0);
  return {
    probTrue: filled(positives.map((value, bin) => value / counts[bin])),
    probPred: filled(sums.map((value, bin) => value / counts[bin])),
    counts: filled(counts),
  };
}

/** The number of inner edges below `value`: bin b covers (edge b − 1, edge b]. */
function binOf(value: number, edges: Float64Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The inner edges k · (1 / nBins), rounded as NumPy's `linspace` rounds them, so that ties fall into the same bin. */
function uniformEdges(nBins: number): Float64Array {
  const step = 1 / nBins;
  return Float64Array.from({ length: nBins - 1 }, (_, k) => (k + 1) * step);
}

/** The inner quantiles, linear between order statistics (definition 7 of Hyndman & Fan 1996). */
function quantileEdges(values: Float64Array, nBins: number): Float64Array {
  const order = argsort(values);
  return uniformEdges(nBins).map((level) => {
    const position = level * (values.length - 1);
    const below = Math.floor(position);
    const fraction = position - below;
    const a = values[order[below]];
    const b = values[order[Math.min(below + 1, values.length - 1)]];
    // From the nearer end, so that fraction 1 gives b exactly.
    return fraction < 0.5 ? a + (b - a) * fraction : b - (b - a) * (1 - fraction);
  });
}
