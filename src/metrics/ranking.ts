import { DataError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { codeLabels, type Labels } from './labels.ts';
import { checkNotEmpty, checkOption, checkSameLength, type Numbers, toFiniteNumbers } from './validate.ts';

export interface DcgOptions<L extends Label = Label> {
  /** The query of each row. Default: all rows are of one. */
  readonly groups?: Labels<L> | undefined;
  /** How many rows of a query count, from the top. Default: all. */
  readonly k?: number | undefined;
  /** What a row of relevance r adds: r itself (the default), or 2^r − 1. */
  readonly gain?: 'linear' | 'exponential' | undefined;
  /** Whether rows of equal score count in their order; by default they share the mean of their places. */
  readonly ignoreTies?: boolean | undefined;
}

/**
 * Discounted cumulative gain, the mean over the queries of Σ gain / log₂(1 + place) with rows by falling score (K. Järvelin and J. Kekäläinen,
 * "Cumulated gain-based evaluation of IR techniques", 2002).
 * @param truth Relevance of each row, at least 0.
 * @throws DataError for relevances below 0; OptionError.
 */
export function dcgScore(truth: Numbers, score: Numbers, options: DcgOptions = {}): number {
  const queries = queriesOf(truth, score, options);
  return queries.reduce((sum, query) => sum + dcgOf(query, options), 0) / queries.length;
}

/** {@link dcgScore} divided, query by query, by that of the best order: 0 to 1. A query without anything relevant counts 0. */
export function ndcgScore(truth: Numbers, score: Numbers, options: DcgOptions = {}): number {
  const queries = queriesOf(truth, score, options);
  let sum = 0;
  for (const { gains, scores } of queries) {
    const ideal = dcgOf({ gains, scores: gains }, { ...options, ignoreTies: true });
    if (ideal > 0) sum += dcgOf({ gains, scores }, options) / ideal;
  }
  return sum / queries.length;
}

interface Query {
  readonly gains: Float64Array;
  readonly scores: Float64Array;
}

function queriesOf(truth: Numbers, score: Numbers, { groups, k, gain = 'linear' }: DcgOptions): Query[] {
  const [relevance, scores] = [toFiniteNumbers(truth, 'truth'), toFiniteNumbers(score, 'score')];
  checkNotEmpty(relevance.length, 'truth');
  checkSameLength('truth', relevance.length, 'score', scores.length);
  if (k !== undefined) checkOption(Number.isInteger(k) && k >= 1, 'k', k, 'be an integer of at least 1');
  const negative = relevance.findIndex((value) => value < 0);
  if (negative >= 0)
    throw new DataError(
      'data/negative-target',
      `truth is ${relevance[negative]} in row ${negative}; relevances are at least 0.`,
      {
        row: negative,
      },
    );
  const gains = gain === 'linear' ? relevance : relevance.map((value) => 2 ** value - 1);
  if (groups === undefined) return [{ gains, scores }];
  checkSameLength('truth', relevance.length, 'groups', groups.length);
  const { classes, codes } = codeLabels({ groups }, undefined);
  const rows: number[][] = Array.from(classes, () => []);
  for (const [i, code] of codes[0]!.entries()) rows[code]!.push(i);
  return rows.map((own) => ({
    gains: Float64Array.from(own, (i) => gains[i]!),
    scores: Float64Array.from(own, (i) => scores[i]!),
  }));
}

function dcgOf(
  { gains, scores }: Query,
  { k = Number.POSITIVE_INFINITY, ignoreTies = false }: DcgOptions,
): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  let sum = 0;
  for (let from = 0; from < order.length && from < k; ) {
    let to = from + 1;
    if (!ignoreTies) while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    let [gain, discount] = [0, 0];
    for (let place = from; place < to; place++) {
      gain += gains[order[place]!]!;
      if (place < k) discount += 1 / Math.log2(place + 2);
    }
    sum += (gain / (to - from)) * discount;
    from = to;
  }
  return sum;
}
