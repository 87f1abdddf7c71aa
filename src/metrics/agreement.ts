/** Single figures for how far predicted labels agree with the true ones. */
import { DataError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { type ClassCounts, countClasses } from './class-counts.ts';
import { countPairs } from './confusion-matrix.ts';
import type { Labels } from './labels.ts';
import { pairwiseSum, weightedMean } from './sum.ts';
import {
  checkOneOf,
  checkSameLength,
  isTable,
  type Numbers,
  type NumberTable,
  toDense,
  toWeights,
} from './validate.ts';

export interface AgreementOptions {
  /** One weight ≥ 0 per row. */
  readonly sampleWeight?: Numbers | undefined;
}

export interface CountableOptions extends AgreementOptions {
  /** Default true: a share of the (weighted) rows; false: their number. */
  readonly normalize?: boolean | undefined;
}

/** The share of rows whose label is right. */
export function accuracyScore<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { sampleWeight, normalize = true }: CountableOptions = {},
): number {
  const counts = countClasses(truth, prediction, { sampleWeight });
  return normalize ? accuracyOfCounts(counts) : pairwiseSum(counts.truePositives);
}

export function accuracyOfCounts<L extends Label>({ truePositives, total }: ClassCounts<L>): number {
  return pairwiseSum(truePositives) / total;
}

/** The share of rows whose label is wrong: 1 − accuracy. */
export function zeroOneLoss<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { sampleWeight, normalize = true }: CountableOptions = {},
): number {
  const counts = countClasses(truth, prediction, { sampleWeight });
  return normalize ? 1 - accuracyOfCounts(counts) : counts.total - pairwiseSum(counts.truePositives);
}

/**
 * The share of wrong labels. One label per row: equal to {@link zeroOneLoss}. Several 0/1 labels per row (a table of shape
 * (rows, labels)): the share of wrong cells.
 */
export function hammingLoss<L extends Label>(
  truth: Labels<L> | NumberTable,
  prediction: Labels<L> | NumberTable,
  options: AgreementOptions = {},
): number {
  if (isTable(truth as NumberTable))
    return cellLoss(truth as NumberTable, prediction as NumberTable, options);
  return zeroOneLoss(truth as Labels<L>, prediction as Labels<L>, options);
}

function cellLoss(truth: NumberTable, prediction: NumberTable, { sampleWeight }: AgreementOptions): number {
  const t = toDense(truth, 'truth');
  const p = toDense(prediction, 'prediction');
  checkSameLength('truth', t.rows, 'prediction', p.rows);
  if (t.columns !== p.columns) {
    const message = `truth has ${t.columns} labels per row but prediction has ${p.columns}.`;
    throw new DataError('data/shape-mismatch', message, { truth: t.columns, prediction: p.columns });
  }
  const weights = toWeights(sampleWeight, t.rows);
  const wrong = new Float64Array(t.rows);
  for (let i = 0; i < t.data.length; i++) {
    const row = Math.floor(i / t.columns);
    if (t.data[i] !== p.data[i]) wrong[row] += 1 / t.columns;
  }
  return weightedMean(wrong, weights);
}

export interface BalancedAccuracyOptions extends AgreementOptions {
  /** Default false. True: rescaled so that guessing scores 0 and perfection 1. */
  readonly adjusted?: boolean | undefined;
}

/** The mean recall of the classes present in the truth, so that rare classes count as much as common ones. */
export function balancedAccuracyScore<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { sampleWeight, adjusted = false }: BalancedAccuracyOptions = {},
): number {
  const counts = countClasses(truth, prediction, { sampleWeight });
  const score = balancedAccuracyOfCounts(counts);
  if (!adjusted) return score;
  const chance = 1 / counts.actual.filter((rows) => rows > 0).length;
  return (score - chance) / (1 - chance);
}

export function balancedAccuracyOfCounts<L extends Label>({ truePositives, actual }: ClassCounts<L>): number {
  const recalls = truePositives.map((hits, k) => hits / actual[k]).filter((_, k) => actual[k] > 0);
  return weightedMean(recalls, undefined);
}

/**
 * Matthews' correlation of truth and prediction, −1 to 1; 0 when either holds a single class.
 * (c s − Σ pₖ tₖ) / √((s² − Σ pₖ²)(s² − Σ tₖ²)) with c right rows of s, pₖ predicted and tₖ true rows of class k.
 * Source: J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004.
 */
export function matthewsCorrcoef<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { sampleWeight }: AgreementOptions = {},
): number {
  return matthewsOfCounts(countClasses(truth, prediction, { sampleWeight }));
}

export function matthewsOfCounts<L extends Label>(counts: ClassCounts<L>): number {
  const { truePositives, predicted, actual } = counts;
  const dot = (a: Float64Array, b: Float64Array) => pairwiseSum(a.map((value, k) => value * b[k]));
  // A single class gives exactly 0 only if the total is summed from the same numbers.
  const total = pairwiseSum(predicted);
  const spread = (total * total - dot(predicted, predicted)) * (total * total - dot(actual, actual));
  if (spread <= 0) return 0;
  return (pairwiseSum(truePositives) * total - dot(actual, predicted)) / Math.sqrt(spread);
}

export interface CohenKappaOptions<L extends Label = Label> extends AgreementOptions {
  readonly labels?: Labels<L> | undefined;
  /** How much a disagreement costs: the same for all (default), or the distance of the labels' positions, or its square. */
  readonly weights?: 'none' | 'linear' | 'quadratic' | undefined;
}

/**
 * Agreement of two raters beyond chance, 1 − Σ w O / Σ w E, with O the observed and E the expected pairs. NaN where chance alone
 * already agrees everywhere (one class). Source: J. Cohen, "A coefficient of agreement for nominal scales", 1960.
 */
export function cohenKappaScore<L extends Label>(
  first: Labels<L>,
  second: Labels<L>,
  { labels, weights = 'none', sampleWeight }: CohenKappaOptions<L> = {},
): number {
  checkOneOf('weights', weights, ['none', 'linear', 'quadratic'] as const);
  const { counts, size } = countPairs(first, second, { labels, sampleWeight });
  const rows = new Float64Array(size);
  const columns = new Float64Array(size);
  for (let at = 0; at < counts.length; at++) {
    rows[Math.floor(at / size)] += counts[at];
    columns[at % size] += counts[at];
  }
  const total = pairwiseSum(rows);
  const cost = (distance: number) =>
    weights === 'none' ? Math.sign(distance) : weights === 'linear' ? distance : distance * distance;
  const observed = new Float64Array(counts.length);
  const expected = new Float64Array(counts.length);
  for (let at = 0; at < counts.length; at++) {
    const i = Math.floor(at / size);
    const j = at % size;
    observed[at] = cost(Math.abs(i - j)) * counts[at];
    expected[at] = (cost(Math.abs(i - j)) * rows[i] * columns[j]) / total;
  }
  return 1 - pairwiseSum(observed) / pairwiseSum(expected);
}
