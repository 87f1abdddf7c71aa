import type { Matrix } from '../core/matrix.ts';

export interface AlphaGrid {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly sampleWeight: Float64Array | undefined;
  readonly fitIntercept: boolean;
  readonly positive: boolean;
  readonly checkpoint?: (() => void) | undefined;
}

const ROWS_PER_CHECK = 4096;

/**
 * The smallest alpha · l1Ratio that leaves no coefficient of an elastic net: max_j |Σ s_i (x_ij − x̄_j)(y_i − ȳ)| / Σ s_i, without the
 * absolute value where coefficients must not be negative.
 */
export function largestNetAlpha({
  x,
  y,
  sampleWeight,
  fitIntercept,
  positive,
  checkpoint,
}: AlphaGrid): number {
  const { rows, columns, data } = x;
  const total = sampleWeight?.reduce((sum, s) => sum + s, 0) ?? rows;
  const mean = new Float64Array(columns);
  let center = 0;
  const eachRow = (visit: (row: number, weight: number) => void) => {
    for (let i = 0; i < rows; i++) {
      visit(i, (sampleWeight?.[i] ?? 1) / total);
      if (i % ROWS_PER_CHECK === 0) checkpoint?.();
    }
  };
  if (fitIntercept) {
    eachRow((i, weight) => {
      center += weight * y[i]!;
      for (let j = 0, at = i * columns; j < columns; j++, at++) mean[j]! += weight * data[at]!;
    });
  }
  const products = new Float64Array(columns);
  eachRow((i, weight) => {
    const rest = weight * (y[i]! - center);
    for (let j = 0, at = i * columns; j < columns; j++, at++) products[j]! += rest * (data[at]! - mean[j]!);
  });
  return products.reduce((most, value) => Math.max(most, positive ? value : Math.abs(value)), 0);
}

/** `count` numbers from `largest` down to `eps · largest`, evenly spaced by their logarithms. */
export function geometricAlphas(largest: number, count: number, eps: number): Float64Array {
  // Where the target is constant any alpha gives the same.
  if (!(largest > 1e-15)) return new Float64Array(count).fill(1e-15);
  return Float64Array.from({ length: count }, (_, k) => largest * eps ** (count === 1 ? 0 : k / (count - 1)));
}
