/** Distances that neighbours are looked for by. */
export type MetricName = 'euclidean' | 'manhattan' | 'chebyshev' | 'minkowski' | 'cosine';

export interface Metric {
  readonly name: MetricName;
  /** Power of the Minkowski distance (Σ |a − b|^p)^(1/p), at least 1. */
  readonly p: number;
}

/**
 * The distance in the form that is cheapest to compare: for `power` 1 Σ |a − b|, 2 Σ (a − b)², 0 max |a − b|, else Σ |a − b|^power.
 */
export function powerOf({ name, p }: Metric): number {
  if (name === 'minkowski') return p;
  return { euclidean: 2, cosine: 2, manhattan: 1, chebyshev: 0 }[name];
}

/** Turns compared values into distances, in place. */
export function toDistances(values: Float64Array, metric: Metric): void {
  const power = powerOf(metric);
  if (metric.name === 'cosine') {
    // Between unit vectors 1 − cos = ‖a − b‖² / 2.
    for (let i = 0; i < values.length; i++) values[i]! /= 2;
  } else if (power === 2) for (let i = 0; i < values.length; i++) values[i] = Math.sqrt(values[i]!);
  else if (power > 1) for (let i = 0; i < values.length; i++) values[i] = values[i]! ** (1 / power);
}
