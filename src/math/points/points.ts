/**
 * A table in a team's memory for distances: columns centred and all scaled by one power of two, so that the largest number is
 * about 1 (float32 neither overflows nor loses small clusters), in float64 and float32 side by side.
 */
import type { Matrix } from '../../core/matrix.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';

/** The coordinates of centres and rows: (x − mean) · scale. */
export interface Coordinates {
  readonly mean: Float64Array;
  readonly scale: number;
}

export interface Points extends Coordinates {
  readonly rows: number;
  readonly columns: number;
  /** Numbers from row to row: of float64, with a column of ones after the last, and of float32. */
  readonly stride64: number;
  readonly stride32: number;
  /** Addresses. */
  readonly x64: number;
  readonly x32: number;
  /** Squared norms of the rows. */
  readonly squares: number;
}

const BLOCK_ROWS = 1024;
/** Numbers up to which a pass stays on the calling thread. */
const SOLO_NUMBERS = 200_000;
/** Numbers of one round, some 10 ms; between rounds the job may be stopped. */
const ROUND_NUMBERS = 1 << 23;

/** Rounded up to a multiple of four. */
export function padded(width: number): number {
  return Math.ceil(width / 4) * 4;
}

interface Placing extends Points {
  readonly data: Float64Array;
  readonly meanAt: number;
  readonly raw: number;
  readonly from: number;
  readonly to: number;
}

/** Places rows `first` to before `last`; the blocks stay in the arena until the caller's scope ends. */
export async function placePoints(
  workers: Workers,
  x: Matrix,
  { mean, scale }: Coordinates,
  first = 0,
  last = x.rows,
): Promise<Points> {
  const { team } = workers;
  const { columns } = x;
  const rows = last - first;
  const [stride64, stride32] = [padded(columns + 1), padded(columns)];
  const { arena } = team;
  const points: Points = {
    ...{ rows, columns, mean, scale, stride64, stride32 },
    x64: arena.f64(rows * stride64),
    x32: arena.f32(rows * stride32),
    squares: arena.f64(rows),
  };
  await arena.scopeAsync(async () => {
    const placing = {
      ...points,
      data: x.data.subarray(first * columns, last * columns),
      meanAt: arena.place(mean),
      raw: arena.f64(team.threads * BLOCK_ROWS * columns),
    };
    const small = rows * columns <= SOLO_NUMBERS;
    const step = Math.max(1, Math.floor((ROUND_NUMBERS * team.threads) / columns / BLOCK_ROWS)) * BLOCK_ROWS;
    for (let from = 0; from < rows; from += step) {
      const round = { ...placing, from, to: Math.min(rows, from + step) };
      if (small) writePoints(team.alone(), round);
      else await team.gang(import.meta.url, 'writePoints', round);
      workers.checkpoint();
    }
  });
  return points;
}

/** What every thread runs: it copies blocks of raw rows into kernel memory and writes them where they belong. */
export function writePoints({ thread, threads, kernels, memory }: TeamThread, placing: Placing): void {
  const { data, columns, raw, from, to, meanAt, scale, x64, x32, stride64, stride32, squares } = placing;
  const scratch = raw + 8 * thread * BLOCK_ROWS * columns;
  for (let row = from + thread * BLOCK_ROWS; row < to; row += threads * BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, to - row);
    const block = data.subarray(row * columns, (row + count) * columns);
    new Float64Array(memory.buffer, scratch, block.length).set(block);
    kernels.centerRows(
      ...([0, 1, scratch, count, columns, meanAt, scale] as const),
      ...([
        x64 + 8 * row * stride64,
        stride64,
        x32 + 4 * row * stride32,
        stride32,
        squares + 8 * row,
      ] as const),
    );
  }
}
