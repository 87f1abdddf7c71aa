import { andThen, type Eventually } from '../core/eventually.ts';
import type { Matrix } from '../core/matrix.ts';
import { sharedArray } from '../core/shared.ts';
import { type BlockWork, overBlocks, type Workers } from '../kernels/host/over-blocks.ts';

/** A fitted linear map: `coef` has one row of `columns` numbers for each output, row-major. */
export interface LinearMap {
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
}

const BLOCK_ROWS = 8192;

/** X · coefᵀ + intercept, row-major, rows × outputs; large tables on all threads. */
export function linearScores(
  workers: Workers,
  { rows, columns, data }: Matrix,
  map: LinearMap,
): Eventually<Float64Array> {
  const { coef, intercept } = map;
  const scores = sharedArray(Float64Array, rows * intercept.length);
  const work: BlockWork<ScoresPayload> = {
    module: import.meta.url,
    name: 'scoreBlock' satisfies keyof typeof import('./linear-scores.ts'),
    run: scoreBlock,
    count: rows,
    size: BLOCK_ROWS,
    cost: columns * intercept.length,
  };
  return andThen(overBlocks(workers, work, { data, columns, coef, intercept, scores }), () => scores);
}

interface ScoresPayload extends LinearMap {
  readonly data: Float64Array;
  readonly columns: number;
  readonly scores: Float64Array;
}

export function scoreBlock(
  { data, columns, coef, intercept, scores }: ScoresPayload,
  from: number,
  to: number,
): void {
  scoreRows(data, columns, coef, intercept, scores, from, to);
}

/** Four sums run side by side, which hides the latency of an addition; their order is the same for one row and for many. */
function scoreRows(
  data: Float64Array,
  columns: number,
  coef: Float64Array,
  intercept: Float64Array,
  scores: Float64Array,
  from: number,
  to: number,
): void {
  const outputs = intercept.length;
  const whole = columns - (columns % 4);
  for (let i = from; i < to; i++) {
    const row = i * columns;
    for (let c = 0; c < outputs; c++) {
      const w = c * columns;
      let a = 0;
      let b = 0;
      let d = 0;
      let e = 0;
      for (let j = 0; j < whole; j += 4) {
        a += data[row + j]! * coef[w + j]!;
        b += data[row + j + 1]! * coef[w + j + 1]!;
        d += data[row + j + 2]! * coef[w + j + 2]!;
        e += data[row + j + 3]! * coef[w + j + 3]!;
      }
      for (let j = whole; j < columns; j++) a += data[row + j]! * coef[w + j]!;
      scores[i * outputs + c] = a + b + (d + e) + intercept[c]!;
    }
  }
}

/** The scores of one row. */
export function rowScores(row: Float64Array, { coef, intercept }: LinearMap): Float64Array {
  const scores = new Float64Array(intercept.length);
  scoreRows(row, row.length, coef, intercept, scores, 0, 1);
  return scores;
}
