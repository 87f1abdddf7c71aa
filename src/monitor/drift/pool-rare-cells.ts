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
  const n = reference.reduce((sum, count) => sum + count, 0);
  const m = current.reduce((sum, count) => sum + count, 0);
  const pooled = reference.map((count, i) => count + current[i]);
  const least = (LEAST_EXPECTED * (n + m)) / Math.min(n, m);
  const order = Array.from(pooled.keys()).sort((i, j) => pooled[j] - pooled[i] || i - j);
  let kept = 0;
  while (kept < order.length && kept < MOST_CELLS && pooled[order[kept]] >= least) kept++;
  const rest = order.slice(kept).filter((cell) => pooled[cell] > 0);
  const restRows = rest.reduce((sum, cell) => sum + pooled[cell], 0);
  const groups = order.slice(0, kept).map((cell) => [cell]);
  if (rest.length > 0) {
    if (restRows >= least || groups.length === 0) groups.push(rest);
    else groups[groups.length - 1].push(...rest);
  }
  const total = (counts: Float64Array, cells: number[]) => cells.reduce((sum, cell) => sum + counts[cell], 0);
  return {
    reference: Float64Array.from(groups, (cells) => total(reference, cells)),
    current: Float64Array.from(groups, (cells) => total(current, cells)),
  };
}
