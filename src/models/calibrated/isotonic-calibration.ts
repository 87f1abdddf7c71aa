/**
 * A rising piecewise linear function through the points (x, y), constant beyond the first and the last; x rises
 * strictly.
 */
export interface Isotonic {
  readonly kind: 'isotonic';
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The rising function of scores that is closest to the targets in weighted squares, by pooling adjacent violators (M.
 * Ayer et al., Annals of Mathematical Statistics 26, 1955). Rows of equal score count as one. Points within a constant
 * stretch are left out.
 * @param positive Whether each row is of the class.
 */
export function fitIsotonic(
  scores: Float64Array,
  positive: Uint8Array,
  weights: Float64Array | undefined,
): Isotonic {
  const order = Array.from(scores.keys())
    .filter((i) => weights === undefined || weights[i]! > 0)
    .sort((i, j) => scores[i]! - scores[j]!);
  // Blocks of equal value: first and last score, weight, mean.
  const blocks: { from: number; to: number; weight: number; mean: number }[] = [];
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]!]!;
    let [weight, sum] = [0, 0];
    for (; at < order.length && scores[order[at]!]! === score; at++) {
      const own = weights?.[order[at]!] ?? 1;
      weight += own;
      sum += own * positive[order[at]!]!;
    }
    blocks.push({ from: score, to: score, weight, mean: sum / weight });
    for (
      let last = blocks.at(-1)!;
      blocks.length > 1 && blocks.at(-2)!.mean >= last.mean;
      last = blocks.at(-1)!
    ) {
      blocks.pop();
      const before = blocks.pop()!;
      const both = before.weight + last.weight;
      const mean = (before.weight * before.mean + last.weight * last.mean) / both;
      blocks.push({ from: before.from, to: last.to, weight: both, mean });
    }
  }
  const points = blocks.flatMap(({ from, to, mean }) =>
    from === to
      ? [[from, mean]]
      : [
          [from, mean],
          [to, mean],
        ],
  );
  return {
    kind: 'isotonic',
    x: Float64Array.from(points, ([x]) => x!),
    y: Float64Array.from(points, ([, y]) => y!),
  };
}

/** The function at `score`, linear between points. */
export function isotonicValue({ x, y }: Isotonic, score: number): number {
  const last = x.length - 1;
  if (!(score > x[0]!)) return y[0]!;
  if (score >= x[last]!) return y[last]!;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= score) low = middle;
    else high = middle;
  }
  return y[low]! + ((y[high]! - y[low]!) * (score - x[low]!)) / (x[high]! - x[low]!);
}
