import { type Metric, powerOf } from './metric.ts';

/** The distance of the query at q[at …] from the row at x[from …], summed in the order of the columns, as in the kernels. */
export type DistanceFrom = (
  q: Float64Array,
  at: number,
  x: Float64Array,
  from: number,
  columns: number,
  /** Sums that exceed it may be given up. */
  limit: number,
) => number;

export function distanceBy(metric: Metric): DistanceFrom {
  const power = powerOf(metric);
  if (power === 2) return squareFrom;
  if (power === 0) {
    return (q, at, x, from, columns) => {
      let most = 0;
      for (let j = 0; j < columns; j++) most = Math.max(most, Math.abs(q[at + j]! - x[from + j]!));
      return most;
    };
  }
  if (power === 1) {
    return (q, at, x, from, columns) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += Math.abs(q[at + j]! - x[from + j]!);
      return sum;
    };
  }
  if (Number.isInteger(power) && power <= 16) {
    // Products are many times faster than a power.
    return (q, at, x, from, columns, limit) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) {
        const size = Math.abs(q[at + j]! - x[from + j]!);
        let product = size;
        for (let k = 1; k < power; k++) product *= size;
        sum += product;
        if (sum > limit) return sum;
      }
      return sum;
    };
  }
  return (q, at, x, from, columns, limit) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      sum += Math.abs(q[at + j]! - x[from + j]!) ** power;
      if (sum > limit) return sum;
    }
    return sum;
  };
}

const STRETCH = 32;

/** Four sums side by side, which hide the latency of an addition, tell first whether the sum in order is wanted at all. */
function squareFrom(
  q: Float64Array,
  at: number,
  x: Float64Array,
  from: number,
  columns: number,
  limit: number,
): number {
  // Rounding errors of the two sums differ by far less.
  const enough = limit * 1.000001;
  const whole = columns - (columns % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let j = 0; j < whole; ) {
    const end = Math.min(whole, j + STRETCH);
    for (; j < end; j += 4) {
      const u = q[at + j]! - x[from + j]!;
      const v = q[at + j + 1]! - x[from + j + 1]!;
      const w = q[at + j + 2]! - x[from + j + 2]!;
      const z = q[at + j + 3]! - x[from + j + 3]!;
      a += u * u;
      b += v * v;
      c += w * w;
      d += z * z;
    }
    const rough = a + b + (c + d);
    if (rough > enough) return rough;
  }
  let sum = 0;
  for (let j = 0; j < columns; j++) {
    const difference = q[at + j]! - x[from + j]!;
    sum += difference * difference;
  }
  return sum;
}
