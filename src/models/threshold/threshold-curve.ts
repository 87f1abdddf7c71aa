/** A metric over thresholds, on the rows of one fold: thresholds rise. */
export interface ThresholdCurve {
  readonly thresholds: Float64Array;
  readonly scores: Float64Array;
}

/** `count` numbers from `first` to `last` in equal steps, rounded as NumPy's `linspace`. */
export function evenThresholds(first: number, last: number, count: number): Float64Array {
  const step = (last - first) / (count - 1);
  const values = Float64Array.from({ length: count }, (_, k) => k * step + first);
  values[count - 1] = last;
  return values;
}

/** Mean of the curves at the thresholds, each linear between its own and constant beyond them. */
export function meanCurve(curves: readonly ThresholdCurve[], thresholds: Float64Array): Float64Array {
  const mean = new Float64Array(thresholds.length);
  for (const curve of curves) {
    for (let k = 0; k < mean.length; k++) mean[k]! += valueAt(curve, thresholds[k]!);
  }
  return mean.map((sum) => sum / curves.length);
}

function valueAt({ thresholds, scores }: ThresholdCurve, at: number): number {
  const last = thresholds.length - 1;
  if (at >= thresholds[last]!) return scores[last]!;
  if (at <= thresholds[0]!) return scores[0]!;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (thresholds[middle]! <= at) low = middle;
    else high = middle;
  }
  const slope = (scores[high]! - scores[low]!) / (thresholds[high]! - thresholds[low]!);
  return slope * (at - thresholds[low]!) + scores[low]!;
}

/** Whether all scores are one within rounding: then no threshold tells the rows apart. */
export function isFlat(lowest: number, highest: number): boolean {
  // As NumPy's isclose.
  return highest - lowest <= 1e-8 + 1e-5 * Math.abs(highest);
}
