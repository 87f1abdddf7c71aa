/** Principal directions of a table and the variance along them. */
export interface Spectrum {
  readonly mean: Float64Array;
  /** Row-major, directions × columns, orthonormal. */
  readonly components: Float64Array;
  /** Variance (divided by n − 1) along each, descending. */
  readonly variances: Float64Array;
  /** Variance of all columns together. */
  readonly totalVariance: number;
}

/** Each direction with its largest entry (the first among equals) positive. */
export function fixSigns(components: Float64Array, columns: number): void {
  for (let at = 0; at < components.length; at += columns) {
    const row = components.subarray(at, at + columns);
    let largest = 0;
    for (let j = 1; j < columns; j++) if (Math.abs(row[j]!) > Math.abs(row[largest]!)) largest = j;
    if (row[largest]! < 0) for (let j = 0; j < columns; j++) row[j] = -row[j]!;
  }
}

/** Sums of squares of the columns of a row-major matrix. */
export function columnSquares(matrix: Float64Array, columns: number): Float64Array {
  const squares = new Float64Array(columns);
  for (let at = 0, j = 0; at < matrix.length; at++) {
    squares[j]! += matrix[at]! * matrix[at]!;
    j = j + 1 === columns ? 0 : j + 1;
  }
  return squares;
}
