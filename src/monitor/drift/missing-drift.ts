import { nullDraws } from './null-draws.ts';
import { tailQuantile } from './tail-quantile.ts';

/** How the share of missing rows of a column changed. */
export interface MissingDrift {
  /** Shares of rows, 0 to 1. Of numbers, NaN and infinite ones count as missing. */
  readonly reference: number;
  readonly current: number;
  /** |current − reference|. */
  readonly effect: number;
  readonly nullQuantile: number;
  readonly threshold: number;
  readonly drifted: boolean;
}

interface MissingRows {
  readonly missing: number;
  readonly present: number;
}

export function compareMissing(
  reference: MissingRows,
  current: MissingRows,
  threshold: number,
  tail: number,
  randomState: number | null,
): MissingDrift {
  const n = reference.missing + reference.present;
  const m = current.missing + current.present;
  const shares = { reference: reference.missing / n, current: current.missing / m };
  const effect = Math.abs(shares.current - shares.reference);
  const allAlike = reference.missing + current.missing === 0 || reference.present + current.present === 0;
  if (allAlike) return { ...shares, effect, nullQuantile: 0, threshold, drifted: false };
  const draws = nullDraws(
    Float64Array.of(reference.missing, reference.present),
    Float64Array.of(current.missing, current.present),
    (a, b) => Math.abs(a[0] / n - b[0] / m),
    randomState,
  );
  const nullQuantile = tailQuantile(draws, tail);
  return { ...shares, effect, nullQuantile, threshold, drifted: exceeds(effect, nullQuantile, threshold) };
}

/** The rule of every alarm: beyond what chance gives, and large enough to matter. Equal up to rounding is not beyond. */
export function exceeds(effect: number, nullQuantile: number, threshold: number): boolean {
  return effect > nullQuantile * (1 + 1e-12) && effect > threshold;
}
