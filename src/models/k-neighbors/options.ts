import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { choices, integers, option } from '../../core/options.ts';
import type { MetricName } from '../../math/neighbours/metric.ts';
import { hasTree } from '../../math/neighbours/neighbour-index.ts';

/** The options of both models. */
export const neighbourOptions = z.strictObject({
  nNeighbors: option(z.int().positive().default(5), 'How many neighbours have a say.', integers(1, 50, true)),
  weights: option(
    z.enum(['uniform', 'distance']).default('uniform'),
    'Whether all neighbours count alike or by the inverse of their distance.',
    choices('uniform', 'distance'),
  ),
  metric: option(
    z.enum(['minkowski', 'euclidean', 'manhattan', 'chebyshev', 'cosine', 'haversine']).default('minkowski'),
    'How distances are measured; haversine is the angle between latitudes and longitudes in radians (two columns).',
  ),
  p: option(z.number().min(1).default(2), 'Power of the minkowski distance: 1 is manhattan, 2 euclidean.'),
  algorithm: option(
    z.enum(['auto', 'kd-tree', 'ball-tree', 'brute']).default('auto'),
    'How neighbours are found; the result is the same. auto takes a tree for many rows of few columns: of balls for a minkowski p other than 1 and 2.',
  ),
  leafSize: option(
    z.int().positive().default(30),
    "Rows of a tree's leaf at most, which are looked at one after another; it changes the speed only.",
  ),
});

export type NeighbourOptions = z.output<typeof neighbourOptions>;

/** @throws OptionError for a tree with a distance it cannot prune by. */
export function checkNeighbourOptions(
  model: string,
  { algorithm, metric, p }: { readonly algorithm: string; readonly metric: MetricName; readonly p: number },
): void {
  if (algorithm !== 'kd-tree' && algorithm !== 'ball-tree') return;
  if (hasTree({ name: metric, p }, algorithm)) return;
  throw new OptionError(
    'option/invalid',
    `${model}: algorithm '${algorithm}' does not work with metric '${metric}'${metric === 'minkowski' ? ` and p = ${p}` : ''}. Use algorithm 'brute' or 'auto'.`,
    { option: 'algorithm' },
  );
}

/** @throws DataError when there are fewer rows than neighbours wanted. */
export function requireNeighbours(model: string, nNeighbors: number, rows: number): void {
  if (nNeighbors <= rows) return;
  throw new DataError(
    'data/too-few-rows',
    `${model} looks for ${nNeighbors} neighbours, but x has only ${rows} ${rows === 1 ? 'row' : 'rows'}. Set nNeighbors to at most ${rows}.`,
    { nNeighbors, rows },
  );
}
