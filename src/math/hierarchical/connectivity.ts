import { DataError, OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Workers } from '../least-squares-problem.ts';
import { nearestNeighbours } from '../neighbours/nearest-neighbours.ts';
import { indexRows } from '../neighbours/neighbour-index.ts';
import { columnwiseRows, type LinkageMetric, type RowMetric } from './metric.ts';
import { rowDistance } from './row-distance.ts';

/** Which rows may merge directly: so many nearest neighbours of each, or pairs of rows. */
export type Connectivity = number | readonly (readonly [number, number])[];

/** Every two parts are joined: beyond this number, that would be millions of edges. */
const MOST_PARTS = 2000;

/** Undirected edges without repetition, (smaller row, larger row), sorted; all rows hang together. */
export interface RowGraph {
  readonly edges: Int32Array;
  /** Parts that the graph had before edges were added between them. */
  readonly components: number;
}

/**
 * The graph of rows that may merge. Where it falls into parts, each two of them are joined by their nearest two rows, as in scikit-learn.
 * @throws OptionError for rows that do not exist, and for as many neighbours as there are rows.
 */
export async function connectRows(
  workers: Workers,
  x: Matrix,
  metric: LinkageMetric,
  connectivity: Connectivity,
): Promise<RowGraph> {
  const { rows } = x;
  const given =
    typeof connectivity === 'number'
      ? await neighbourPairs(workers, x, metric, connectivity)
      : listedPairs(connectivity, rows);
  const parts = componentsOf(given, rows);
  if (parts.length > MOST_PARTS) {
    throw new DataError(
      'data/disconnected',
      `The connectivity falls into ${parts.length} parts, more than the ${MOST_PARTS} that are joined for you. Give more neighbours or pairs.`,
      { parts: parts.length },
    );
  }
  const joints = parts.length > 1 ? await joinParts(workers, x, metric, parts) : [];
  return { edges: sortedEdges([...given, ...joints], rows), components: parts.length };
}

type Pair = readonly [number, number];

function listedPairs(pairs: readonly Pair[], rows: number): readonly Pair[] {
  const bad = pairs.find((pair) => pair.some((row) => row >= rows));
  if (bad === undefined) return pairs;
  throw new OptionError(
    'option/invalid',
    `agglomerative: option 'connectivity' connects rows ${bad[0]} and ${bad[1]}, but x has ${rows} rows, numbered from 0.`,
    { option: 'connectivity' },
  );
}

async function neighbourPairs(
  workers: Workers,
  x: Matrix,
  metric: LinkageMetric,
  count: number,
): Promise<Pair[]> {
  const { rows } = x;
  if (count >= rows) {
    throw new OptionError(
      'option/invalid',
      `agglomerative: option 'connectivity' asks for ${count} neighbours of each row, but there are only ${rows - 1} other rows.`,
      { option: 'connectivity' },
    );
  }
  const pairs: Pair[] = [];
  if (metric === 'precomputed') {
    const distance = rowDistance(x, metric);
    for (let i = 0; i < rows; i++) {
      const others = Array.from({ length: rows }, (_, j) => j).filter((j) => j !== i);
      others.sort((a, b) => distance(i, a) - distance(i, b) || a - b);
      for (const j of others.slice(0, count)) pairs.push([i, j]);
      workers.checkpoint();
    }
    return pairs;
  }
  const table = neighbourTable(x, metric);
  const index = await indexRows(workers, table.x, { metric: table.metric, algorithm: 'auto' });
  const { indices } = await nearestNeighbours(workers, index, table.x, count + 1);
  for (let i = 0; i < rows; i++) {
    // Of more than `count` equal rows, the row itself need not be among its nearest.
    const others = indices.subarray(i * (count + 1), (i + 1) * (count + 1)).filter((j) => j !== i);
    for (const j of others.subarray(0, count)) pairs.push([i, j]);
  }
  return pairs;
}

/** The rows and the metric of `neighbours` by which the same rows are nearest. */
function neighbourTable(x: Matrix, metric: RowMetric) {
  if (metric === 'correlation' || metric === 'cosine') {
    const { data, rows, columns, stride } = columnwiseRows(x, metric, 1);
    const units = Matrix.zeros(rows, columns);
    for (let j = 0; j < columns; j++) {
      for (let i = 0; i < rows; i++) units.data[i * columns + j] = data[j * stride + i]!;
    }
    return { x: units, metric: { name: 'cosine', p: 2 } } as const;
  }
  return { x, metric: { name: metric === 'sqeuclidean' ? 'euclidean' : metric, p: 2 } } as const;
}

/** The rows of each part, in ascending order of their first rows. */
function componentsOf(pairs: readonly Pair[], rows: number): number[][] {
  const parents = Int32Array.from({ length: rows }, (_, i) => i);
  const rootOf = (row: number) => {
    let at = row;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  for (const [a, b] of pairs) {
    const [u, v] = [rootOf(a), rootOf(b)];
    parents[Math.max(u, v)] = Math.min(u, v);
  }
  const parts = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const part = parts.get(rootOf(i));
    if (part === undefined) parts.set(rootOf(i), [i]);
    else part.push(i);
  }
  return [...parts.values()];
}

async function joinParts(
  workers: Workers,
  x: Matrix,
  metric: LinkageMetric,
  parts: readonly number[][],
): Promise<Pair[]> {
  const joints: Pair[] = [];
  const table = metric === 'precomputed' ? undefined : neighbourTable(x, metric);
  for (const [q, other] of parts.entries()) {
    if (q === parts.length - 1) break;
    if (table === undefined) {
      const distance = rowDistance(x, metric);
      for (const part of parts.slice(q + 1)) joints.push(nearestPair(part, other, distance));
      workers.checkpoint();
      continue;
    }
    const index = await indexRows(workers, table.x.take(other), { metric: table.metric, algorithm: 'auto' });
    for (const part of parts.slice(q + 1)) {
      const { distances, indices } = await nearestNeighbours(workers, index, table.x.take(part), 1);
      let best = 0;
      for (let k = 1; k < part.length; k++) if (distances[k]! < distances[best]!) best = k;
      joints.push([part[best]!, other[indices[best]!]!]);
      workers.checkpoint();
    }
  }
  return joints;
}

function nearestPair(
  part: readonly number[],
  other: readonly number[],
  distance: (a: number, b: number) => number,
): Pair {
  let best: Pair = [part[0]!, other[0]!];
  let least = Number.POSITIVE_INFINITY;
  for (const a of part) {
    for (const b of other) {
      const value = distance(a, b);
      if (value >= least) continue;
      least = value;
      best = [a, b];
    }
  }
  return best;
}

function sortedEdges(pairs: readonly Pair[], rows: number): Int32Array {
  const keys = Float64Array.from(pairs, ([a, b]) => Math.min(a, b) * rows + Math.max(a, b)).sort();
  const distinct = keys.filter((key, k) => key !== keys[k - 1] && Math.floor(key / rows) !== key % rows);
  const edges = sharedArray(Int32Array, 2 * distinct.length);
  for (const [k, key] of distinct.entries()) {
    edges[2 * k] = Math.floor(key / rows);
    edges[2 * k + 1] = key % rows;
  }
  return edges;
}
