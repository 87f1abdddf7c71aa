/**
 * The quantile `q` of `values`, which are reordered: between the two nearest values in proportion, as NumPy's `percentile`. With
 * weights each value lies in the middle of its weight, from the middle of the first to that of the last: weights of 1 are none,
 * and their unit does not matter.
 */
export function residualQuantile(values: Float64Array, weights: Float64Array | undefined, q: number): number {
  if (weights !== undefined) return weightedQuantile(values, weights, q);
  const at = (values.length - 1) * q;
  const below = Math.floor(at);
  const low = select(values, below);
  if (at === below) return low;
  // What lies behind is not smaller.
  let high = Number.POSITIVE_INFINITY;
  for (let i = below + 1; i < values.length; i++) high = Math.min(high, values[i]!);
  return low + (high - low) * (at - below);
}

function weightedQuantile(values: Float64Array, weights: Float64Array, q: number): number {
  const order = Int32Array.from({ length: values.length }, (_, i) => i)
    .filter((i) => weights[i]! > 0)
    .sort((a, b) => values[a]! - values[b]!);
  if (order.length === 0) return 0;
  const [first, last] = [order[0]!, order.at(-1)!];
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  const wanted = q * (total - (weights[first]! + weights[last]!) / 2);
  let [place, before] = [0, first];
  for (const i of order.subarray(1)) {
    const next = place + (weights[before]! + weights[i]!) / 2;
    if (next >= wanted)
      return values[before]! + ((values[i]! - values[before]!) * (wanted - place)) / (next - place);
    [place, before] = [next, i];
  }
  return values[last]!;
}

/**
 * The k-th smallest of `values`; smaller ones are moved before it, larger ones behind. Source: C. A. R. Hoare, "Find",
 * Communications of the ACM 4 (1961), with the middle of three as pivot.
 */
function select(values: Float64Array, k: number): number {
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const pivot = middleOf(values[from]!, values[(from + to) >> 1]!, values[to]!);
    let [i, j] = [from, to];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const kept = values[i]!;
      values[i++] = values[j]!;
      values[j--] = kept;
    }
    if (k <= j) to = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k]!;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
