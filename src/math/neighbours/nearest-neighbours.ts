import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import { type Points, padded, placePoints } from '../points/points.ts';
import { comparedRows } from './compared-rows.ts';
import { powerOf, toDistances } from './metric.ts';
import type { NeighbourIndex } from './neighbour-index.ts';
import { type Neighbours, plainNeighbours } from './plain-neighbours.ts';
import { screenedNeighbours } from './screened-neighbours.ts';

/** Numbers compared up to which plain TypeScript is done before the kernels have been prepared. */
const PLAIN_WORK = 2_000_000;
/** Multiplications of one kernel call on each thread, some 5 ms. */
const WORK_PER_CALL = 1 << 26;
const QUERIES_AT_A_TIME = 4096;
/** Squared lengths in float32 beyond which products of queries with rows may leave its range. */
const FAR = 1e30;

/** The `k` rows of the index that are nearest to each row of `x`; at once for a single row. */
export function nearestNeighbours(
  workers: Workers,
  index: NeighbourIndex,
  x: Matrix,
  k: number,
): Neighbours | Promise<Neighbours> {
  const queries = comparedRows(x, index.metric, 'asked').data;
  const found = {
    distances: sharedArray(Float64Array, x.rows * k),
    indices: sharedArray(Int32Array, x.rows * k),
  };
  const finish = () => {
    toDistances(found.distances, index.metric);
    return found;
  };
  if (x.rows <= 1 || x.rows * index.rows * index.columns <= PLAIN_WORK) {
    if (x.rows !== 1 || !screenedNeighbours(index, queries, found))
      plainNeighbours(index, queries, 0, x.rows, found);
    return finish();
  }
  return search(workers, index, queries, k, found).then(finish);
}

async function search(
  workers: Workers,
  index: NeighbourIndex,
  queries: Float64Array,
  k: number,
  found: Neighbours,
): Promise<void> {
  if (index.tree !== null) return searchTree(workers, index, queries, k, found);
  if (index.ball || powerOf(index.metric) !== 2) return searchPlainly(workers, index, queries, found);
  return searchByScores(workers, index, queries, k, found);
}

function searchTree(
  workers: Workers,
  { tree, rows, columns, metric }: NeighbourIndex,
  queries: Float64Array,
  k: number,
  found: Neighbours,
): void {
  const { team } = workers;
  const { arena } = team;
  arena.scope(() => {
    const { order, axes, places, data, stride } = tree!;
    const [x, orderAt, axesAt, placesAt] = [data, order, axes, places].map((array) => arena.place(array)) as [
      number,
      number,
      number,
      number,
    ];
    const scratch = arena.f64(team.threads * columns);
    const count = queries.length / columns;
    const step = 256 * team.threads;
    for (let from = 0; from < count; from += QUERIES_AT_A_TIME) {
      const size = Math.min(QUERIES_AT_A_TIME, count - from);
      arena.scope(() => {
        const asked = arena.place(queries.subarray(from * columns, (from + size) * columns));
        const [distances, indices] = allocateFound(workers, size * k);
        for (let at = 0; at < size; at += step) {
          team.call(
            'treeNeighbours',
            ...([x, stride, orderAt, rows, columns, axesAt, placesAt, powerOf(metric)] as const),
            ...([asked, at, Math.min(size, at + step), k, distances, indices, scratch] as const),
          );
          workers.checkpoint();
        }
        found.distances.set(arena.viewF64(distances, size * k), from * k);
        found.indices.set(arena.viewI32(indices, size * k), from * k);
      });
    }
  });
}

function allocateFound(
  { team: { arena } }: Workers,
  size: number,
): readonly [distances: number, indices: number] {
  const distances = arena.f64(size);
  const indices = arena.i32(size);
  arena.viewF64(distances, size).fill(Number.POSITIVE_INFINITY);
  arena.viewI32(indices, size).fill(-1);
  return [distances, indices];
}

async function searchByScores(
  workers: Workers,
  index: NeighbourIndex,
  queries: Float64Array,
  k: number,
  found: Neighbours,
): Promise<void> {
  const { team } = workers;
  const { arena } = team;
  const { rows, columns, data } = index;
  const count = queries.length / columns;
  const coordinates = { mean: index.mean!, scale: index.scale };
  await arena.scopeAsync(async () => {
    const panelCount = Math.ceil(rows / 8);
    const panels = arena.f32(8 * panelCount * columns);
    const halves = arena.f32(8 * panelCount);
    const x64 = arena.place(data!);
    let largest = 0;
    await arena.scopeAsync(async () => {
      const points = await placePoints(workers, matrixOf(data!, rows, columns), coordinates);
      largest = Math.sqrt(largestOf(arena.viewF64(points.squares, rows)));
      team.call('packPanels', points.x32, points.stride32, points.squares, rows, columns, panels, halves);
    });
    const error = (2 * padded(columns) + 8) * 2 ** -24;
    const scratch = arena.allocate(192 * team.threads);
    for (let from = 0; from < count; from += QUERIES_AT_A_TIME) {
      const size = Math.min(QUERIES_AT_A_TIME, count - from);
      const part = queries.subarray(from * columns, (from + size) * columns);
      const place = {
        distances: found.distances.subarray(from * k, (from + size) * k),
        indices: found.indices.subarray(from * k, (from + size) * k),
      };
      await arena.scopeAsync(async () => {
        const asked = await placePoints(workers, matrixOf(part, size, columns), coordinates);
        if (!(largestOf(arena.viewF64(asked.squares, size)) < FAR))
          return searchPlainly(workers, index, part, place);
        scan(asked, part, place);
      });

      function scan(asked: Points, raw: Float64Array, out: Neighbours): void {
        const limits = arena.f32(size);
        arena.viewF32(limits, size).fill(Number.POSITIVE_INFINITY);
        const [distances, indices] = allocateFound(workers, size * k);
        const q64 = arena.place(raw);
        const step = Math.max(1, Math.floor((WORK_PER_CALL * team.threads) / (8 * columns * size)));
        for (let panel = 0; panel < panelCount; panel += step) {
          const to = Math.min(panelCount, panel + step);
          team.call(
            'bruteNeighbours',
            ...([panels, halves, rows, x64, columns, largest, error, index.scale] as const),
            ...([asked.x32, asked.stride32, q64, asked.squares, size, panel, to, k] as const),
            ...([limits, distances, indices, scratch] as const),
          );
          workers.checkpoint();
        }
        out.distances.set(arena.viewF64(distances, size * k));
        out.indices.set(arena.viewI32(indices, size * k));
      }
    }
  });
}

function largestOf(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (!(values[i]! <= largest)) largest = values[i]!;
  return largest;
}

function matrixOf(data: Float64Array, rows: number, columns: number): Matrix {
  return { data, rows, columns, names: undefined } as Matrix;
}

interface PlainSearch {
  readonly index: NeighbourIndex;
  readonly queries: Float64Array;
  readonly found: Neighbours;
  readonly queue: Queue;
}

/** Distances that the kernels do not have, in plain TypeScript on all threads. */
async function searchPlainly(
  workers: Workers,
  index: NeighbourIndex,
  queries: Float64Array,
  found: Neighbours,
): Promise<void> {
  const search: PlainSearch = { index, queries, found, queue: queueOf() };
  await workers.team.gang(import.meta.url, 'takeQueries', search, () => workers.checkpoint());
}

/** What every thread runs: it takes queries in turn. */
export function takeQueries(self: TeamThread, { index, queries, found, queue }: PlainSearch): void {
  for (;;) {
    const query = takeItem(self, queue, queries.length / index.columns);
    if (query < 0) return;
    plainNeighbours(index, queries, query, query + 1, found);
  }
}
