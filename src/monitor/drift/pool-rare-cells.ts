import { sum } from './sample.ts';

/** Counts of two windows over the same cells. */
export interface CellCounts {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** Cochran's rule of thumb for χ²; a cell with fewer rows says little and makes the tails of every statistic heavy. */
const LEAST_EXPECTED = 5;
/** So that what a simulation costs is bounded; the rarest cells are pooled. */
const MOST_CELLS = 1000;

/**
 * The cells of which the smaller window is expected to hold at least 5 rows (at most 1,000 of them), all others as one cell; if
 * that holds too few still, it joins the smallest. The choice sees only pooled counts, which say nothing about drift, so
 * it does not bias the comparison.
 */
export function poolRareCells({ reference, current }: CellCounts): CellCounts {
  const n = sum(reference);
  const m = sum(current);
  const least = (LEAST_EXPECTED * (n + m)) / Math.min(n, m);
  const pooled = (cell: number) => reference[cell] + current[cell];
  const frequent: number[] = [];
  for (let cell = 0; cell < reference.length; cell++) if (pooled(cell) >= least) frequent.push(cell);
  const kept = frequent.sort((i, j) => pooled(j) - pooled(i) || i - j).slice(0, MOST_CELLS);
  const a = kept.map((cell) => reference[cell]);
  const b = kept.map((cell) => current[cell]);
  const rest = { reference: n - sum(a), current: m - sum(b) };
  const restRows = rest.reference + rest.current;
  if (restRows >= least || kept.length === 0) {
    a.push(rest.reference);
    b.push(rest.current);
  } else {
    a[a.length - 1] += rest.reference;
    b[b.length - 1] += rest.current;
  }
  return { reference: Float64Array.from(a), current: Float64Array.from(b) };
}
