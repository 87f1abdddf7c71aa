import { gammaUpperQuantile } from '../../math/gamma-quantile.ts';
import type { LevelView } from './column-view.ts';
import { exceeds } from './missing-drift.ts';

/** Levels of one window that the other does not have. */
export interface UnseenLevels {
  /** How many there are. */
  readonly count: number;
  /** Rows that have one. */
  readonly rows: number;
  /** The ten with the most rows. */
  readonly levels: readonly { readonly level: string; readonly rows: number }[];
  /** Share of the rows that are not missing. */
  readonly effect: number;
  readonly nullQuantile: number;
  readonly threshold: number;
  readonly drifted: boolean;
}

const SHOWN = 10;

/**
 * `null` where the reference is a summary that left levels out: what it has not seen is not known then.
 *
 * Null quantile: when n + m rows fall into two windows at random, all c rows of a level fall into the current one with
 * probability πᶜ, π = m / (n + m). So the rows of unseen levels have mean Σ cπᶜ and variance about Σ c²πᶜ(1 − πᶜ); a gamma
 * distribution of that mean and variance gives the quantile. A column of identifiers, all of them new each time, does not
 * alarm: its every level has one row.
 */
export function findUnseenLevels(
  reference: LevelView,
  current: LevelView,
  threshold: number,
  tail: number,
): UnseenLevels | null {
  if (reference.otherLevels > 0) return null;
  const known = new Map<string, number>();
  for (const [i, level] of reference.levels.entries()) known.set(level, reference.counts[i]);
  const most: { level: string; rows: number }[] = [];
  let count = 0;
  const pi = current.present / (reference.present + current.present);
  let mean = 0;
  let variance = 0;
  const add = (rows: number) => {
    const chance = pi ** rows;
    mean += rows * chance;
    variance += rows * rows * chance * (1 - chance);
  };
  let rows = 0;
  for (const [i, level] of current.levels.entries()) {
    const before = known.get(level);
    add(current.counts[i] + (before ?? 0));
    known.delete(level);
    if (before !== undefined) continue;
    count++;
    rows += current.counts[i];
    // Kept in falling order; a window of identifiers has too many for sorting them all.
    if (most.length === SHOWN && most[SHOWN - 1].rows >= current.counts[i]) continue;
    const after = most.findIndex((other) => other.rows < current.counts[i]);
    most.splice(after < 0 ? most.length : after, 0, { level, rows: current.counts[i] });
    most.length = Math.min(SHOWN, most.length);
  }
  for (const before of known.values()) add(before);
  const effect = current.present === 0 ? 0 : rows / current.present;
  const quantile = rows === 0 ? 0 : unseenRowsQuantile(mean, variance, tail) / current.present;
  const nullQuantile = Math.min(1, quantile);
  return {
    count,
    rows,
    levels: most,
    effect,
    nullQuantile,
    threshold,
    drifted: exceeds(effect, nullQuantile, threshold),
  };
}

/**
 * Levels of the reference that the current window no longer has: {@link findUnseenLevels} with the windows exchanged. Rows and
 * shares are the reference's. Of levels that a summary left out nothing is known.
 */
export function findVanishedLevels(
  reference: LevelView,
  current: LevelView,
  threshold: number,
  tail: number,
): UnseenLevels {
  return findUnseenLevels(current, reference, threshold, tail)!;
}

function unseenRowsQuantile(mean: number, variance: number, tail: number): number {
  // All of it certain (π = 1), or so improbable that it underflows.
  if (variance < 1e-12 || mean < 1e-12) return mean;
  return (variance / mean) * gammaUpperQuantile((mean * mean) / variance, tail);
}
