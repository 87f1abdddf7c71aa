import type { Matrix } from '../core/matrix.ts';

/** A fitted linear map: `coef` has one row of `columns` numbers for each output, row-major. */
export interface LinearMap {
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
}

const OPERATIONS_PER_SLICE = 4_000_000;

/**
 * X · coefᵀ + intercept, row-major, rows × outputs.
 * @param checkpoint Called between slices of rows; may throw to stop.
 */
export function linearScores(
  x: Matrix,
  { coef, intercept }: LinearMap,
  checkpoint?: () => void,
): Float64Array {
  const { rows, columns, data } = x;
  const outputs = intercept.length;
  const scores = new Float64Array(rows * outputs);
  const slice = Math.max(1, Math.floor(OPERATIONS_PER_SLICE / Math.max(1, columns * outputs)));
  for (let from = 0; from < rows; from += slice) {
    scoreRows(data, columns, coef, intercept, scores, from, Math.min(rows, from + slice));
    checkpoint?.();
  }
  return scores;
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
