/** How well two clusterings of the same rows agree, whatever their clusters are called. */
import type { Label } from '../core/labels.ts';
import { codeLabels, type Labels } from './labels.ts';
import { checkOneOf, checkOption, checkSameLength } from './validate.ts';

/** How the two entropies are averaged into what a mutual information is compared with. */
export type InformationAverage = 'arithmetic' | 'geometric' | 'min' | 'max';

export interface InformationOptions {
  /** Default `arithmetic`. */
  readonly averageMethod?: InformationAverage | undefined;
}

/** Rows that two clusterings have in common. */
interface Contingency {
  readonly rows: number;
  /** Rows of each cluster of the one and of the other. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** The cells that are not empty: cluster of the one, cluster of the other, rows. */
  readonly cells: readonly (readonly [i: number, j: number, rows: number])[];
}

function contingency<L extends Label, M extends Label>(truth: Labels<L>, prediction: Labels<M>): Contingency {
  const one = codeLabels({ truth });
  const other = codeLabels({ prediction });
  const [t, p] = [one.codes[0]!, other.codes[0]!];
  checkSameLength('truth', t.length, 'prediction', p.length);
  const a = new Float64Array(one.classes.length);
  const b = new Float64Array(other.classes.length);
  const counts = new Map<number, number>();
  for (let r = 0; r < t.length; r++) {
    a[t[r]!]! += 1;
    b[p[r]!]! += 1;
    const key = t[r]! * b.length + p[r]!;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const cells = [...counts]
    .sort(([x], [y]) => x - y)
    .map(([key, rows]) => [Math.floor(key / b.length), key % b.length, rows] as const);
  return { rows: t.length, a, b, cells };
}

/**
 * Ordered pairs of rows: `[[apart in both, together in prediction only], [together in truth only, together in both]]`.
 * @throws DataError for empty or unequal columns or missing labels, as all functions here.
 */
export function pairConfusionMatrix(
  truth: Labels,
  prediction: Labels,
): readonly [readonly [number, number], readonly [number, number]] {
  const { rows, a, b, cells } = contingency(truth, prediction);
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  const both = cells.reduce((sum, [, , count]) => sum + count * count, 0);
  const [inTruth, inPrediction] = [squares(a), squares(b)];
  return [
    [rows * rows - inTruth - inPrediction + both, inPrediction - both],
    [inTruth - both, both - rows],
  ];
}

/** Share of the pairs of rows on which both agree: together in both or apart in both. 0 … 1. */
export function randScore(truth: Labels, prediction: Labels): number {
  const [[apart, onlyPrediction], [onlyTruth, together]] = pairConfusionMatrix(truth, prediction);
  const right = apart + together;
  return right === right + onlyPrediction + onlyTruth ? 1 : right / (right + onlyPrediction + onlyTruth);
}

/** The Rand index corrected for chance (L. Hubert and P. Arabie, 1985): about 0 for random labels, 1 for equal clusterings. */
export function adjustedRandScore(truth: Labels, prediction: Labels): number {
  const [[apart, onlyPrediction], [onlyTruth, together]] = pairConfusionMatrix(truth, prediction);
  if (onlyTruth === 0 && onlyPrediction === 0) return 1;
  const chance =
    (together + onlyTruth) * (onlyTruth + apart) + (together + onlyPrediction) * (onlyPrediction + apart);
  return (2 * (together * apart - onlyTruth * onlyPrediction)) / chance;
}

/** Geometric mean of pairwise precision and recall (E. Fowlkes and C. Mallows, 1983). 0 … 1. */
export function fowlkesMallowsScore(truth: Labels, prediction: Labels): number {
  const [[, onlyPrediction], [onlyTruth, together]] = pairConfusionMatrix(truth, prediction);
  if (together === 0) return 0;
  return Math.sqrt(together / (together + onlyPrediction)) * Math.sqrt(together / (together + onlyTruth));
}

/** Σ n_ij / n · log(n n_ij / (a_i b_j)), in nats. */
export function mutualInfoScore(truth: Labels, prediction: Labels): number {
  return mutualInformation(contingency(truth, prediction));
}

function mutualInformation({ rows, a, b, cells }: Contingency): number {
  if (a.length === 1 || b.length === 1) return 0;
  let sum = 0;
  for (const [i, j, count] of cells) {
    const part = (count / rows) * (Math.log(count) - Math.log(a[i]!) - Math.log(b[j]!) + Math.log(rows));
    // What is only rounding would make independent clusterings differ from 0.
    if (Math.abs(part) >= Number.EPSILON) sum += part;
  }
  return Math.max(0, sum);
}

/** −Σ a_i / n · log(a_i / n), in nats. */
function entropy(counts: Float64Array, rows: number): number {
  if (counts.length === 1) return 0;
  return -counts.reduce((sum, count) => sum + (count / rows) * (Math.log(count) - Math.log(rows)), 0);
}

function averageEntropy(
  { a, b, rows }: Contingency,
  { averageMethod = 'arithmetic' }: InformationOptions,
): number {
  checkOneOf('averageMethod', averageMethod, ['arithmetic', 'geometric', 'min', 'max'] as const);
  const [u, v] = [entropy(a, rows), entropy(b, rows)];
  if (averageMethod === 'min') return Math.min(u, v);
  if (averageMethod === 'max') return Math.max(u, v);
  return averageMethod === 'geometric' ? Math.sqrt(u * v) : (u + v) / 2;
}

/** Mutual information divided by the average of the two entropies. 0 … 1; not corrected for chance. */
export function normalizedMutualInfoScore(
  truth: Labels,
  prediction: Labels,
  options: InformationOptions = {},
): number {
  const table = contingency(truth, prediction);
  const average = averageEntropy(table, options);
  if (table.a.length === 1 && table.b.length === 1) return 1;
  const information = mutualInformation(table);
  return information === 0 ? 0 : information / average;
}

/** Mutual information corrected for chance (N. X. Vinh et al., JMLR 2010): about 0 for random labels, 1 for equal clusterings. */
export function adjustedMutualInfoScore(
  truth: Labels,
  prediction: Labels,
  options: InformationOptions = {},
): number {
  const table = contingency(truth, prediction);
  const average = averageEntropy(table, options);
  if (table.a.length === 1 && table.b.length === 1) return 1;
  if (table.a.length === 1 || table.b.length === 1) return 0;
  const expected = expectedMutualInformation(table);
  return awayFromZero(mutualInformation(table) - expected) / awayFromZero(average - expected);
}

/** Equal clusterings have 0 / 0 but for rounding: both differences become a unit of rounding at least, of their own sign. */
function awayFromZero(value: number): number {
  return value < 0 ? Math.min(value, -Number.EPSILON) : Math.max(value, Number.EPSILON);
}

/** The mean over all clusterings with the same sizes, n_ij being hypergeometric (Vinh et al., 2010, equation 24a). */
function expectedMutualInformation({ rows, a, b }: Contingency): number {
  const logFactorial = new Float64Array(rows + 1);
  for (let k = 2; k <= rows; k++) logFactorial[k] = logFactorial[k - 1]! + Math.log(k);
  let sum = 0;
  for (const u of a) {
    for (const v of b) {
      const fixed =
        logFactorial[u]! +
        logFactorial[v]! +
        logFactorial[rows - u]! +
        logFactorial[rows - v]! -
        logFactorial[rows]!;
      for (let count = Math.max(1, u + v - rows); count <= Math.min(u, v); count++) {
        const probability =
          fixed -
          (logFactorial[count]! +
            logFactorial[u - count]! +
            logFactorial[v - count]! +
            logFactorial[rows - u - v + count]!);
        sum += (count / rows) * Math.log((rows * count) / (u * v)) * Math.exp(probability);
      }
    }
  }
  return sum;
}

/** 1 − H(truth | prediction) / H(truth): whether each cluster holds rows of one class only. 0 … 1. */
export function homogeneityScore(truth: Labels, prediction: Labels): number {
  const table = contingency(truth, prediction);
  const uncertainty = entropy(table.a, table.rows);
  return uncertainty === 0 ? 1 : mutualInformation(table) / uncertainty;
}

/** 1 − H(prediction | truth) / H(prediction): whether all rows of a class are in one cluster. 0 … 1. */
export function completenessScore(truth: Labels, prediction: Labels): number {
  return homogeneityScore(prediction, truth);
}

export interface VMeasureOptions {
  /** Above 1 completeness, below 1 homogeneity counts more. Default 1. */
  readonly beta?: number | undefined;
}

/** Weighted harmonic mean (1 + β) h c / (β h + c) of homogeneity h and completeness c (A. Rosenberg and J. Hirschberg, 2007). */
export function vMeasureScore(truth: Labels, prediction: Labels, { beta = 1 }: VMeasureOptions = {}): number {
  checkOption(beta >= 0, 'beta', beta, 'be at least 0');
  const h = homogeneityScore(truth, prediction);
  const c = completenessScore(truth, prediction);
  return h + c === 0 ? 0 : ((1 + beta) * h * c) / (beta * h + c);
}
