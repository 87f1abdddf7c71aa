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
