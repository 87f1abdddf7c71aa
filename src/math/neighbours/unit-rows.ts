import { sharedArray } from '../../core/shared.ts';

/**
 * Rows divided by their length, for the cosine distance. Two columns more keep rows of zeros at right angles to all others: those indexed point along
 * the one, those asked about along the other.
 */
export function unitRows(data: Float64Array, columns: number, role: 'indexed' | 'asked'): Float64Array {
  const rows = data.length / columns;
  const width = columns + 2;
  const units = sharedArray(Float64Array, rows * width);
  for (let i = 0; i < rows; i++) {
    const from = i * columns;
    let largest = 0;
    for (let j = 0; j < columns; j++) largest = Math.max(largest, Math.abs(data[from + j]!));
    if (largest === 0) {
      units[i * width + columns + (role === 'indexed' ? 0 : 1)] = 1;
      continue;
    }
    let square = 0;
    for (let j = 0; j < columns; j++) square += (data[from + j]! / largest) ** 2;
    const length = Math.sqrt(square);
    for (let j = 0; j < columns; j++) units[i * width + j] = data[from + j]! / largest / length;
  }
  return units;
}
