/** Distances that neighbours are looked for by. */
export type MetricName = 'euclidean' | 'manhattan' | 'chebyshev' | 'minkowski' | 'cosine' | 'haversine';

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
  return { euclidean: 2, cosine: 2, haversine: 2, manhattan: 1, chebyshev: 0 }[name];
}

/** Turns compared values into distances, in place. */
export function toDistances(values: Float64Array, metric: Metric): void {
  const power = powerOf(metric);
  if (metric.name === 'cosine') {
    // Between unit vectors 1 − cos = ‖a − b‖² / 2.
    for (let i = 0; i < values.length; i++) values[i]! /= 2;
  } else if (metric.name === 'haversine') {
    // The chord below an arc of length d is 2 sin(d/2).
    for (let i = 0; i < values.length; i++) values[i] = 2 * Math.asin(Math.min(1, Math.sqrt(values[i]!) / 2));
  } else if (power === 2) for (let i = 0; i < values.length; i++) values[i] = Math.sqrt(values[i]!);
  else if (power > 1) for (let i = 0; i < values.length; i++) values[i] = values[i]! ** (1 / power);
}

/** The distance whose compared form for {@link powerOf} is `value`, before what cosine and haversine make of it. */
export function rootOf(value: number, power: number): number {
  if (power === 2) return Math.sqrt(value);
  return power > 1 ? value ** (1 / power) : value;
}

/** A distance in the compared form: what {@link toDistances} turns back. */
export function toCompared(distance: number, metric: Metric): number {
  if (metric.name === 'cosine') return 2 * distance;
  // Half the way around is the farthest there is.
  if (metric.name === 'haversine') return distance >= Math.PI ? 4 : (2 * Math.sin(distance / 2)) ** 2;
  const power = powerOf(metric);
  return power === 0 ? distance : distance ** power;
}
