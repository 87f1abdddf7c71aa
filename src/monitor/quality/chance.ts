import type { ColumnSummary } from '../drift/summarise-reference.ts';

/**
 * The share of values of a window outside the reference's range that chance exceeds with probability at most `tail`. The n values of
 * the reference leave n + 1 gaps, into which m further values of one distribution fall in any order alike; K of them fall into the
 * two outer gaps with P(K = k) = (k + 1) · C(m − k + n − 2, n − 2) / C(m + n, n).
 */
export function outsideQuantile(n: number, m: number, tail: number): number {
  if (n < 2) return 1;
  let chance = (n * (n - 1)) / ((n + m) * (n + m - 1));
  let upTo = chance;
  let k = 0;
  while (k < m && 1 - upTo > tail) {
    chance *= ((k + 2) / (k + 1)) * ((m - k) / (m - k + n - 2));
    upTo += chance;
    k++;
  }
  return k / m;
}

/** At most this probability have m values of equalling one another without drift: the share of the most frequent value to the m − 1. */
export function constantChance(summary: ColumnSummary, m: number): number {
  if ('levels' in summary) {
    const most = Math.max(summary.counts[0] ?? 0, summary.otherRows) / summary.present;
    return most ** (m - 1);
  }
  let most = 1;
  // A cell of several values holds at most its own share of one of them.
  for (const count of summary.counts) most = Math.max(most, count);
  return (most / summary.present) ** (m - 1);
}
