import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { Centers } from './nearest.ts';

const BLOCK_ROWS = 1024;

/** Σ w ‖x − c‖² over the rows and the centres of their labels, in the units of `x`; in blocks of a fixed size. */
export function squaredSum(
  workers: Workers,
  { data, rows, columns }: Matrix,
  sampleWeight: Float64Array | undefined,
  labels: Int32Array,
  { centers, mean, scale }: Centers,
): number {
  let sum = 0;
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    let part = 0;
    const to = Math.min(rows, from + BLOCK_ROWS);
    for (let i = from; i < to; i++) {
      const center = labels[i]! * columns;
      let square = 0;
      for (let j = 0; j < columns; j++) {
        square += ((data[i * columns + j]! - mean[j]!) * scale - centers[center + j]!) ** 2;
      }
      part += (sampleWeight?.[i] ?? 1) * square;
    }
    sum += part;
    workers.checkpoint();
  }
  return sum / scale / scale;
}
