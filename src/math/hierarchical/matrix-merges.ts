import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import { type ColumnwiseRows, columnwiseRows, type LinkageMetric, metricCode } from './metric.ts';

/** Linkages that know nothing of two clusters but their distances. */
export const chainLinkages = ['complete', 'average', 'weighted', 'ward'] as const;
export type ChainLinkage = (typeof chainLinkages)[number];

/** The kernels' memory ends at 4 GiB; the rest is for the rows and what else a job needs. */
export const MATRIX_BYTES = 3.75 * 2 ** 30;
/** Distances read in one call of a kernel, some milliseconds. */
const CALL_DISTANCES = 1 << 23;
/** The matrix is made smaller when this share of its clusters is left. */
const COMPACT_SHARE = 0.7;
const LEAST_COMPACT = 512;

/**
 * Merges by the nearest-neighbour chain on the matrix of all distances, which takes 8 rows² bytes. Distances, order and ties are SciPy's.
 * @returns the merges in the order of the chain, three numbers each; see `treeOfMerges`.
 */
export function matrixMerges(
  workers: Workers,
  x: Matrix,
  linkage: ChainLinkage,
  metric: LinkageMetric,
): Float64Array {
  const { rows } = x;
  const width = Math.ceil(rows / 32) * 32;
  requireRoom(rows, width, linkage);
  const { arena } = workers.team;
  return arena.scope(() => {
    const d = arena.f64(width * width);
    if (metric === 'precomputed') placeDistances(workers, x, width, d);
    else fillDistances(workers, columnwiseRows(x, metric, 32), metricCode(metric), d);
    for (let i = 0; i < rows; i++) arena.viewF64(d + 8 * i * (width + 1), 1)[0] = Number.POSITIVE_INFINITY;
    return followChain(workers, { d, width, rows, linkage });
  });
}

function requireRoom(rows: number, width: number, linkage: ChainLinkage): void {
  const bytes = 8 * width * width;
  if (bytes <= MATRIX_BYTES) return;
  throw new DataError(
    'data/too-many-rows',
    `${linkage} linkage of ${rows} rows needs ${(bytes / 1e9).toFixed(1)} GB for their distances, more than the ${(MATRIX_BYTES / 1e9).toFixed(1)} GB there are. ` +
      'Use ward or single linkage, whose memory grows with the rows; give connectivity, e.g. 10 neighbours; or cluster a sample.',
    { rows, bytes },
  );
}

function fillDistances(
  workers: Workers,
  { data, stride, rows, columns }: ColumnwiseRows,
  code: number,
  d: number,
): void {
  const { team } = workers;
  team.arena.scope(() => {
    const at = team.arena.place(data);
    const tiles = Math.ceil(rows / 4);
    const step = Math.max(
      team.threads,
      Math.floor((CALL_DISTANCES * team.threads) / (4 * stride * (1 + columns / 4))),
    );
    for (let from = 0; from < tiles; from += step) {
      const to = Math.min(tiles, from + step);
      team.callIfLarge(
        (to - from) * stride * columns,
        'pairDistances',
        at,
        stride,
        columns,
        code,
        from,
        to,
        d,
      );
      workers.checkpoint();
    }
  });
}

/** The upper half of a square table of distances, mirrored. */
function placeDistances(workers: Workers, x: Matrix, width: number, d: number): void {
  const { rows, data } = x;
  const view = workers.team.arena.viewF64(d, width * width).fill(0);
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      view[i * width + j] = data[i * rows + j]!;
      view[j * width + i] = data[i * rows + j]!;
    }
    if (i % 64 === 0) workers.checkpoint();
  }
}

interface Chain {
  readonly d: number;
  readonly width: number;
  readonly rows: number;
  readonly linkage: ChainLinkage;
}

function followChain(workers: Workers, { d, rows, linkage, ...chain }: Chain): Float64Array {
  const { team } = workers;
  const { arena } = team;
  let { width } = chain;
  let count = rows;
  const penalty = arena.zeros(width);
  const sizes = arena.zeros(width);
  const ids = arena.i32(width);
  const onChain = arena.i32(rows + 1);
  const state = arena.i32(3);
  const out = arena.f64(3 * rows);
  const penalties = arena.viewF64(penalty, width).fill(Number.POSITIVE_INFINITY, rows);
  const sizesOf = arena.viewF64(sizes, width).fill(1, 0, rows);
  const idOf = arena.viewI32(ids, width);
  for (let i = 0; i < rows; i++) idOf[i] = i;
  const states = arena.viewI32(state, 3);
  states.set([0, rows, 0]);
  const method = chainLinkages.indexOf(linkage);
  const total = rows * rows;
  while (states[1]! > 1) {
    const target = count > LEAST_COMPACT ? Math.max(1, Math.floor(COMPACT_SHARE * count)) : 1;
    team.solo(
      'chainMerges',
      ...([d, width, count, penalty, sizes, ids, onChain, state, method, target] as const),
      ...([CALL_DISTANCES, out] as const),
    );
    workers.checkpoint();
    workers.progress?.(1 - states[1]! ** 2 / total);
    if (states[1]! <= target && target > 1) compact();
  }
  return arena.copyF64(out, 3 * (rows - 1));

  /** Drops the slots of clusters that were merged away; the order of the others stays. */
  function compact(): void {
    const kept = Int32Array.from({ length: count }, (_, slot) => slot).filter(
      (slot) => penalties[slot] === 0,
    );
    const places = new Int32Array(count);
    for (const [place, slot] of kept.entries()) places[slot] = place;
    const narrow = Math.ceil(kept.length / 32) * 32;
    arena.scope(() => {
      const at = arena.place(kept);
      const step = Math.max(1, Math.floor(CALL_DISTANCES / kept.length / 4));
      for (let from = 0; from < kept.length; from += step) {
        const to = Math.min(kept.length, from + step);
        team.solo('compactDistances', d, width, narrow, at, kept.length, from, to);
        workers.checkpoint();
      }
    });
    for (const [place, slot] of kept.entries()) {
      penalties[place] = 0;
      sizesOf[place] = sizesOf[slot]!;
      idOf[place] = idOf[slot]!;
    }
    penalties.fill(Number.POSITIVE_INFINITY, kept.length);
    sizesOf.fill(0, kept.length);
    const links = arena.viewI32(onChain, states[0]!);
    for (let k = 0; k < links.length; k++) links[k] = places[links[k]!]!;
    count = kept.length;
    width = narrow;
  }
}
