import type { Label } from '../core/labels.ts';
import { codeLabels, type Labels } from './labels.ts';
import { checkSameLength, type Numbers, toWeights } from './validate.ts';

/** Weighted counts per class; without sample weights, numbers of rows. */
export interface ClassCounts<L extends Label> {
  /** Every class named in `labels` or present; the first `reported` of them are those asked for. */
  readonly classes: readonly L[];
  readonly reported: number;
  /** Classes that appear in truth or prediction, sorted as in `classes`. */
  readonly present: readonly L[];
  readonly truePositives: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
  readonly total: number;
}

/**
 * Counts hits, predictions and true rows of every class.
 * @throws DataError for empty or unequal columns, missing or mixed labels, unusable weights.
 */
export function countClasses<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { labels, sampleWeight }: { labels?: Labels<L> | undefined; sampleWeight?: Numbers | undefined } = {},
): ClassCounts<L> {
  const { classes, codes } = codeLabels({ truth, prediction }, labels);
  const [t, p] = codes;
  checkSameLength('truth', t.length, 'prediction', p.length);
  const weights = toWeights(sampleWeight, t.length);
  const truePositives = new Float64Array(classes.length);
  const predicted = new Float64Array(classes.length);
  const actual = new Float64Array(classes.length);
  const seen = new Uint8Array(classes.length);
  let total = 0;
  for (let i = 0; i < t.length; i++) {
    const weight = weights === undefined ? 1 : weights[i];
    actual[t[i]] += weight;
    predicted[p[i]] += weight;
    if (t[i] === p[i]) truePositives[t[i]] += weight;
    seen[t[i]] = 1;
    seen[p[i]] = 1;
    total += weight;
  }
  const present = classes.filter((_, k) => seen[k] === 1);
  return {
    classes,
    reported: labels?.length ?? classes.length,
    present,
    truePositives,
    predicted,
    actual,
    total,
  };
}
