import type { Arena } from '../../kernels/host/arena.ts';
import type { Team } from '../../kernels/host/team.ts';
import type { Workers } from '../least-squares-problem.ts';
import { type KernelFunction, kernelNumber } from './kernel-function.ts';
import { fillPanels } from './points.ts';

/** Part of an output: the coefficients of support vectors `first` … `last` − 1, from `place` on. */
export interface Segment {
  readonly output: number;
  readonly place: number;
  readonly first: number;
  readonly last: number;
}

/** Weighted sums of kernel values over support vectors. */
export interface KernelSums {
  readonly kernel: KernelFunction;
  readonly columns: number;
  /** Row-major table that holds the support vectors, and which of its rows they are. */
  readonly data: Float64Array;
  readonly rows: Int32Array;
  readonly coefs: Float64Array;
  readonly segments: readonly Segment[];
  readonly outputs: number;
}

/** {@link KernelSums} in a team's arena. */
export interface PlacedSums {
  readonly sums: KernelSums;
  readonly count: number;
  readonly panels: number;
  readonly squares: number;
  readonly segments: number;
  readonly coefs: number;
}

const QUERIES_AT_A_TIME = 4096;
/** Products of one call on each thread: some milliseconds. */
const WORK_PER_CALL = 1 << 24;

export function placeSums(arena: Arena, sums: KernelSums): PlacedSums {
  const { data, columns, rows, kernel, segments } = sums;
  const count = Math.ceil(rows.length / 8) * 8;
  const panels = arena.f64(count * columns);
  fillPanels(arena.viewF64(panels, count * columns), data, columns, rows, 8);
  const squares = arena.zeros(count);
  if (kernel.name === 'rbf') {
    const view = arena.viewF64(squares, count);
    rows.forEach((row, i) => {
      view[i] = negativeSquare(kernel, data, row * columns, columns);
    });
  }
  const table = Int32Array.from(
    segments.flatMap(({ output, place, first, last }) => [output, place, first, last]),
  );
  return { sums, count, panels, squares, segments: arena.place(table), coefs: arena.place(sums.coefs) };
}

/** −γ‖x‖² */
export function negativeSquare(
  { gamma }: KernelFunction,
  data: Float64Array,
  at: number,
  columns: number,
): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += data[at + j]! ** 2;
  return -gamma * sum;
}

/**
 * The outputs of rows of a row-major table in the coordinates of the support vectors, rows × outputs.
 * @param rows Which rows; default all.
 * @param precision `rounded`: kernel values as float32, like those of the solver.
 */
export function sumKernels(
  workers: Pick<Workers, 'checkpoint'> & { readonly team: Team },
  placed: PlacedSums,
  data: Float64Array,
  rows?: Int32Array,
  precision: 'exact' | 'rounded' = 'exact',
): Float64Array {
  const { team } = workers;
  const { arena } = team;
  const { sums, count, panels, squares, segments, coefs } = placed;
  const { columns, kernel, outputs } = sums;
  const total = rows?.length ?? data.length / columns;
  const results = new Float64Array(total * outputs);
  if (count === 0) return results;
  const size = Math.min(total, QUERIES_AT_A_TIME);
  const step = team.threads * 8 * Math.max(1, Math.floor(WORK_PER_CALL / (8 * count * (columns + 16))));
  arena.scope(() => {
    const queries = arena.f64(size * columns);
    const querySquares = arena.f64(size);
    const out = arena.f64(size * outputs);
    const scratch = arena.f64(team.threads * 8 * count);
    for (let from = 0; from < total; from += size) {
      const part = Math.min(size, total - from);
      const place = arena.viewF64(queries, part * columns);
      if (rows === undefined) place.set(data.subarray(from * columns, (from + part) * columns));
      else {
        for (let i = 0; i < part; i++) {
          const row = rows[from + i]!;
          place.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
        }
      }
      const own = arena.viewF64(querySquares, part);
      if (kernel.name === 'rbf') {
        for (let i = 0; i < part; i++) own[i] = negativeSquare(kernel, place, i * columns, columns);
      }
      arena.viewF64(out, part * outputs).fill(0);
      for (let first = 0; first < part; first += step) {
        const last = Math.min(part, first + step);
        const work = (last - first) * count * (columns + 16);
        team.callIfLarge(
          last - first > 8 ? work : 0,
          'svmSums',
          ...([queries, querySquares, first, last, panels, squares, count, columns] as const),
          ...([kernelNumber[kernel.name], kernel.gamma, kernel.coef0, kernel.degree] as const),
          ...([segments, sums.segments.length, coefs, outputs, out, scratch] as const),
          precision === 'rounded' ? 1 : 0,
        );
        workers.checkpoint();
      }
      results.set(arena.viewF64(out, part * outputs), from * outputs);
    }
  });
  return results;
}
