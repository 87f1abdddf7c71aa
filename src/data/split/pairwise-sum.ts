/**
 * Sums in the order in which NumPy adds a contiguous float64 array, so that comparisons of nearly equal sums fall
 * as they do there: eight running sums per block of at most 128, blocks halved recursively at multiples of 8.
 */
export function pairwiseSum(values: Float64Array): number {
  const n = values.length;
  if (n < 8) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i]!;
    return sum;
  }
  if (n > 128) {
    const half = (n >> 1) - ((n >> 1) % 8);
    return pairwiseSum(values.subarray(0, half)) + pairwiseSum(values.subarray(half));
  }
  const r = values.slice(0, 8);
  const whole = n - (n % 8);
  for (let i = 8; i < whole; i++) r[i % 8]! += values[i]!;
  let sum = r[0]! + r[1]! + (r[2]! + r[3]!) + (r[4]! + r[5]! + (r[6]! + r[7]!));
  for (let i = whole; i < n; i++) sum += values[i]!;
  return sum;
}

/** Population standard deviation, √(Σ(x − mean)² / n). */
export function standardDeviation(values: Float64Array, sum = pairwiseSum): number {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) * (value - mean))) / values.length);
}
