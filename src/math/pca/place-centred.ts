import type { Matrix } from '../../core/matrix.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { Strided } from '../product.ts';

interface Placing {
  readonly data: Float64Array;
  readonly mean: Float64Array;
  readonly scale: number;
  readonly rows: number;
  readonly columns: number;
  readonly address: number;
  readonly stride: number;
  /** Sum of squares of each block of rows, shared. */
  readonly squares: Float64Array;
}

const BLOCKS = 64;
const SOLO_NUMBERS = 200_000;

/** Writes (x − mean) · scale; returns the sum of its squares. */
export async function placeCentred(
  workers: Workers,
  { rows, columns, data }: Matrix,
  mean: Float64Array,
  scale: number,
  { address, rowStep }: Strided,
): Promise<number> {
  const { team } = workers;
  const squares = new Float64Array(new SharedArrayBuffer(8 * BLOCKS));
  const placing: Placing = { data, mean, scale, rows, columns, address, stride: rowStep, squares };
  if (rows * columns <= SOLO_NUMBERS) writeCentred(team.alone(), placing);
  else await team.gang(import.meta.url, 'writeCentred', placing);
  workers.checkpoint();
  return squares.reduce((sum, value) => sum + value, 0);
}

/** What every thread runs, on every `threads`-th block of rows. */
export function writeCentred({ thread, threads, memory }: TeamThread, placing: Placing): void {
  const { data, mean, scale, rows, columns, address, stride, squares } = placing;
  for (let block = thread; block < BLOCKS; block += threads) {
    const from = Math.floor((rows * block) / BLOCKS);
    const to = Math.floor((rows * (block + 1)) / BLOCKS);
    const out = new Float64Array(memory.buffer, address + 8 * from * stride, (to - from) * stride);
    let sum = 0;
    for (let i = from, at = 0; i < to; i++, at += stride) {
      for (let j = 0; j < columns; j++) {
        const value = (data[i * columns + j]! - mean[j]!) * scale;
        out[at + j] = value;
        sum += value * value;
      }
      out.fill(0, at + columns, at + stride);
    }
    squares[block] = sum;
  }
}
