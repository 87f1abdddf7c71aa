import { OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { toClassScores } from './class-scores.ts';
import { codeLabels, type Labels } from './labels.ts';
import { weightedMean, weightedSum } from './sum.ts';
import {
  checkOption,
  checkSameLength,
  isTable,
  type Numbers,
  type NumberTable,
  toDense,
  toFiniteNumbers,
  toWeights,
} from './validate.ts';

export interface TopKAccuracyOptions<L extends Label = Label> {
  /** How many of the highest scores may hold the true class, ≥ 1. Default 2. */
  readonly k?: number | undefined;
  /** Default true: a share of the rows; false: their number. */
  readonly normalize?: boolean | undefined;
  /** The classes of the score columns, in order. Default: those of the truth, sorted. */
  readonly labels?: Labels<L> | undefined;
  readonly sampleWeight?: Numbers | undefined;
}

/**
 * The share of rows whose true class is among the `k` highest scores; of equal scores the later column ranks higher. `score` has one column
 * per class, or, for two classes, may be one column for the greater class (cut at 0.5 for probabilities, else at 0).
 */
export function topKAccuracyScore<L extends Label>(
  truth: Labels<L>,
  score: Numbers | NumberTable,
  { k = 2, normalize = true, labels, sampleWeight }: TopKAccuracyOptions<L> = {},
): number {
  checkOption(Number.isInteger(k) && k >= 1, 'k', k, 'be an integer of at least 1');
  const oneColumn = !isTable(score) || toDense(score, 'score').columns === 1;
  const hits = oneColumn ? twoClassHits(truth, score, k, labels) : manyClassHits(truth, score, k, labels);
  const weights = toWeights(sampleWeight, hits.length);
  return normalize ? weightedMean(hits, weights) : weightedSum(hits, weights);
}

function manyClassHits<L extends Label>(
  truth: Labels<L>,
  table: NumberTable,
  k: number,
  labels: Labels<L> | undefined,
): Float64Array {
  const { codes, scores } = toClassScores(truth, table, labels, 'score');
  const { columns, data } = scores;
  const hits = new Float64Array(codes.length);
  for (let i = 0; i < hits.length; i++) {
    const own = data[i * columns + codes[i]];
    let above = 0;
    for (let j = 0; j < columns; j++) {
      const other = data[i * columns + j];
      if (other > own || (other === own && j > codes[i])) above++;
    }
    hits[i] = above < k ? 1 : 0;
  }
  return hits;
}

function twoClassHits<L extends Label>(
  truth: Labels<L>,
  score: Numbers | NumberTable,
  k: number,
  labels: Labels<L> | undefined,
): Float64Array {
  const { classes, codes } = codeLabels({ truth }, labels);
  if (classes.length !== 2) {
    const message = `score has one column but there are ${classes.length} classes: pass one column per class, and labels naming them.`;
    throw new OptionError('option/labels', message, { classes: classes.length });
  }
  const values = isTable(score) ? toDense(score, 'score').data : toFiniteNumbers(score, 'score');
  checkSameLength('truth', codes[0].length, 'score', values.length);
  const cut = values.every((value) => value >= 0 && value <= 1) ? 0.5 : 0;
  return values.map((value, i) => (k > 1 || (value > cut ? 1 : 0) === codes[0][i] ? 1 : 0));
}
