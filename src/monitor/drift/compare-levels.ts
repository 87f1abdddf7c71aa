import type { LevelView } from './column-view.ts';
import { type CellStatistic, compareCells } from './compare-cells.ts';
import type { Comparison } from './comparison.ts';
import type { CellCounts } from './pool-rare-cells.ts';

/** Two windows of a column of text or booleans, each with at least one value that is not missing. */
export function compareLevels(
  reference: LevelView,
  current: LevelView,
  statistic: CellStatistic,
  settings: { readonly tail: number; readonly randomState: number | null },
): Comparison {
  return compareCells(alignLevels(reference, current), statistic, settings.tail, settings.randomState);
}

/**
 * Counts over the levels of both. Where the reference left levels out, they and the current levels it does not list are
 * one cell, the last.
 */
export function alignLevels(reference: LevelView, current: LevelView): CellCounts {
  const place = new Map<string, number>();
  for (const level of reference.levels) place.set(level, place.size);
  const rest = reference.otherLevels > 0 ? reference.levels.length : undefined;
  const a = Array.from(reference.counts);
  if (rest !== undefined) a.push(reference.otherRows);
  const b = a.map(() => 0);
  for (const [i, level] of current.levels.entries()) {
    const at = place.get(level) ?? rest;
    if (at === undefined) {
      a.push(0);
      b.push(current.counts[i]);
    } else b[at] += current.counts[i];
  }
  return { reference: Float64Array.from(a), current: Float64Array.from(b) };
}
