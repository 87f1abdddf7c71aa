import type { ColumnSummary } from '../drift/summarise-reference.ts';

/**
 * The share of values of a window outside the reference's range that chance exceeds with probability at most `tail`. Of n + m values
 * in random order, the k₁ least and k₂ largest all fall into the current window with probability at most πᵏ, π = m / (n + m),
 * k = k₁ + k₂; there are k + 1 ways to share k out.
 */
export function outsideQuantile(n: number, m: number, tail: number): number {
  const pi = m / (n + m);
  let k = 1;
  while (k < m && (k + 1) * pi ** k > tail) k++;
  return (k - 1) / m;
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
