/**
 * Rearranges `values` so that place `k` holds what it would if they were sorted, with nothing greater before it and nothing
 * less after it, and returns it. Hoare's quickselect with the median of three; should the pivots be bad for long, the
 * rest is sorted, so that no input takes quadratic time. No value may be NaN.
 */
export function selectKth(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  let rounds = 4 * Math.ceil(Math.log2(values.length + 1));
  while (high > low) {
    if (rounds-- === 0) {
      values.subarray(low, high + 1).sort();
      break;
    }
    const pivot = medianOfThree(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i++] = values[j]!;
      values[j--] = value;
    }
    // Between j and i all equal the pivot.
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** The median, of an even number of values the mean of the middle two; NaN of none. It rearranges `values`. */
export function medianInPlace(values: Float64Array): number {
  const n = values.length;
  if (n === 0) return Number.NaN;
  const upper = selectKth(values, n >>> 1);
  if (n % 2 === 1) return upper;
  let lower = values[0]!;
  for (let i = 1; i < n >>> 1; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}
