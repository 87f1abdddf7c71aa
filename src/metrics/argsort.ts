/**
 * Sorting positions of float64 numbers by radix sort: stable, no comparator.
 *
 * The bits of a float64, read as an unsigned integer, order like the numbers once negative numbers have all bits flipped and
 * the others have the sign bit flipped (M. Herf, "Radix Tricks", 2001). The upper 32 bits (sign, exponent, 20 bits of mantissa) nearly
 * decide the order, so three passes over them and an insertion sort suffice for most data. Numbers that crowd within 2⁻²⁰ of
 * each other would make the insertion sort quadratic: past a budget of moves the lower 32 bits are sorted first, as well.
 */

const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const MASK = BUCKETS - 1;
/** Clearing the histograms costs more than comparing below this length. */
const SMALL = 256;
const MOVES_PER_NUMBER = 8;

/** Positions of `values` in ascending order, equal numbers in their original order. `values` must hold no NaN. */
export function argsort(values: Float64Array): Uint32Array {
  const identity = new Uint32Array(values.length);
  for (let i = 0; i < identity.length; i++) identity[i] = i;
  if (values.length < SMALL) return identity.sort((a, b) => values[a] - values[b]);
  const { low, high } = sortableHalves(values);
  const order = sortByWord(high, identity);
  return insertionSort(values, order) ? order : sortByWord(high, sortByWord(low, identity));
}

function sortableHalves(values: Float64Array): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  const number = new Float64Array(1);
  const halves = new Uint32Array(number.buffer);
  for (let i = 0; i < values.length; i++) {
    // Adding 0 turns -0 into 0: they are equal and must keep their order.
    number[0] = values[i] + 0;
    // All ones for negative numbers, 0 otherwise.
    const flip = halves[1] >> 31;
    low[i] = halves[0] ^ flip;
    high[i] = halves[1] ^ (flip | 0x80000000);
  }
  return { low, high };
}

/** `order` stably rearranged so that `word[order[k]]` ascends; three digits of 11 bits, the last one of 10. */
function sortByWord(word: Uint32Array, order: Uint32Array): Uint32Array {
  const length = order.length;
  const counts = new Uint32Array(3 * BUCKETS);
  let keys = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const key = word[order[i]];
    keys[i] = key;
    counts[key & MASK]++;
    counts[BUCKETS + ((key >>> DIGIT_BITS) & MASK)]++;
    counts[2 * BUCKETS + (key >>> (2 * DIGIT_BITS))]++;
  }
  let sorted = order.slice();
  let nextKeys = new Uint32Array(length);
  let next = new Uint32Array(length);
  for (let digit = 0; digit < 3; digit++) {
    const offsets = counts.subarray(digit * BUCKETS, (digit + 1) * BUCKETS);
    if (offsets.includes(length)) continue;
    countsToOffsets(offsets);
    const shift = digit * DIGIT_BITS;
    for (let i = 0; i < length; i++) {
      const key = keys[i];
      const target = offsets[(key >>> shift) & MASK]++;
      nextKeys[target] = key;
      next[target] = sorted[i];
    }
    [keys, nextKeys] = [nextKeys, keys];
    [sorted, next] = [next, sorted];
  }
  return sorted;
}

function countsToOffsets(counts: Uint32Array): void {
  let sum = 0;
  for (let b = 0; b < counts.length; b++) {
    const count = counts[b];
    counts[b] = sum;
    sum += count;
  }
}

/** Finishes a nearly sorted order in place; false when that took too many moves and was given up. */
function insertionSort(values: Float64Array, order: Uint32Array): boolean {
  let budget = MOVES_PER_NUMBER * order.length;
  for (let i = 1; i < order.length; i++) {
    const position = order[i];
    const value = values[position];
    let j = i;
    for (; j > 0 && values[order[j - 1]] > value; j--) order[j] = order[j - 1];
    order[j] = position;
    budget -= i - j;
    if (budget < 0) return false;
  }
  return true;
}
