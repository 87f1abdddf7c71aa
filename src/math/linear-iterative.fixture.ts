// The reference answers of parity/linear-iterative.py, and the objectives they are about, written as formulas.
import { readFileSync } from 'node:fs';

interface FixtureData {
  readonly x: number[][];
  readonly y: number[];
  readonly classes: number[] | null;
}

interface FixtureCase<O> {
  readonly data: string;
  readonly weighted: boolean;
  readonly options: O;
  /** Objective that scikit-learn reaches at tol = 1e-12, and at its defaults. */
  readonly tight: number;
  readonly default: number;
}

export interface LogisticCase
  extends FixtureCase<{
    readonly C: number | null;
    readonly classWeight: 'balanced' | Record<string, number> | null;
    readonly fitIntercept: boolean;
  }> {
  readonly probabilities: number[][];
  /** Predictions of scikit-learn at tol = 1e-12, a digit a row. */
  readonly labels: string;
}

export interface NetCase
  extends FixtureCase<{
    readonly alpha: number;
    readonly l1Ratio: number;
    readonly positive: boolean;
    readonly fitIntercept: boolean;
  }> {
  readonly coef: number[];
  readonly intercept: number;
}

export const fixture: {
  readonly data: Readonly<Record<string, FixtureData>>;
  readonly logistic: readonly LogisticCase[];
  readonly nets: readonly NetCase[];
} = JSON.parse(readFileSync(new URL('../../parity/fixtures/linear-iterative.json', import.meta.url), 'utf8'));

export function weightsOf(rows: number, weighted: boolean): number[] | undefined {
  return weighted ? Array.from({ length: rows }, (_, i) => ((3 * i) % 7) / 4) : undefined;
}

export interface Linear {
  /** Row-major, outputs × columns. */
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
}

function score({ coef, intercept }: Linear, row: readonly number[], output: number): number {
  const from = output * row.length;
  return row.reduce((sum, v, j) => sum + v * coef[from + j]!, intercept[output]!);
}

/** Σ s (log Σ_c e^m_c − m_y) / Σ s + (ρ ‖w‖₁ + ½ (1 − ρ) ‖w‖²) / (C Σ s) */
export function logisticObjective(
  model: Linear,
  x: readonly (readonly number[])[],
  codes: ArrayLike<number>,
  weights: readonly number[],
  C: number | null,
  l1Ratio = 0,
): number {
  const outputs = model.intercept.length;
  const total = weights.reduce((sum, s) => sum + s, 0);
  let value = 0;
  x.forEach((row, i) => {
    const margins =
      outputs === 1
        ? [0, score(model, row, 0)]
        : Array.from({ length: outputs }, (_, c) => score(model, row, c));
    const top = Math.max(...margins);
    const sum = margins.reduce((part, m) => part + Math.exp(m - top), 0);
    value += (weights[i]! / total) * (Math.log(sum) + top - margins[codes[i]!]!);
  });
  const square = model.coef.reduce((sum, w) => sum + w * w, 0);
  const sizes = model.coef.reduce((sum, w) => sum + Math.abs(w), 0);
  return value + (C === null ? 0 : (l1Ratio * sizes + ((1 - l1Ratio) / 2) * square) / (C * total));
}

/** Σ s (y − x·w − b)² / (2 Σ s) + alpha (l1Ratio ‖w‖₁ + ½ (1 − l1Ratio) ‖w‖²) */
export function netObjective(
  model: Linear,
  { x, y }: FixtureData,
  weights: readonly number[] | undefined,
  { alpha, l1Ratio }: NetCase['options'],
): number {
  const total = weights?.reduce((sum, s) => sum + s, 0) ?? x.length;
  let value = 0;
  x.forEach((row, i) => {
    value += ((weights?.[i] ?? 1) * (y[i]! - score(model, row, 0)) ** 2) / (2 * total);
  });
  for (const w of model.coef) value += alpha * (l1Ratio * Math.abs(w) + ((1 - l1Ratio) / 2) * w * w);
  return value;
}
