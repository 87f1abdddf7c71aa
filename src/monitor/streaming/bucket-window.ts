/**
 * The sum and the squared deviations of the last values of a stream in O(log width) numbers: an exponential histogram. Row i
 * holds buckets of 2ⁱ values, oldest first; when a row has one too many, its two oldest merge into one of the next row.
 * Source: M. Datar, A. Gionis, P. Indyk, R. Motwani, "Maintaining stream statistics over sliding windows", SIAM J. Comput. 31 (2002).
 */
export interface BucketWindow {
  width: number;
  total: number;
  /** Σ (x − x̄)² over the window. */
  deviations: number;
  readonly rows: Bucket[][];
}

interface Bucket {
  readonly total: number;
  /** Σ (x − x̄)² over the bucket. */
  readonly deviations: number;
}

export function emptyWindow(): BucketWindow {
  return { width: 0, total: 0, deviations: 0, rows: [[]] };
}

export function addValue(window: BucketWindow, value: number, maxBuckets: number): void {
  window.rows[0].push({ total: value, deviations: 0 });
  if (window.width > 0) {
    window.deviations += betweenParts(window.width, window.total, 1, value);
  }
  window.width++;
  window.total += value;
  for (let i = 0; window.rows[i].length > maxBuckets; i++) {
    const [a, b] = window.rows[i].splice(0, 2);
    const size = 2 ** i;
    const deviations = a.deviations + b.deviations + betweenParts(size, a.total, size, b.total);
    if (i + 1 === window.rows.length) window.rows.push([]);
    window.rows[i + 1].push({ total: a.total + b.total, deviations });
  }
}

export function dropOldest(window: BucketWindow): void {
  const { rows } = window;
  const { total, deviations } = rows[rows.length - 1].shift()!;
  const size = 2 ** (rows.length - 1);
  window.width -= size;
  window.total -= total;
  window.deviations -= deviations + betweenParts(window.width, window.total, size, total);
  while (rows.length > 1 && rows[rows.length - 1].length === 0) rows.pop();
}

export function* oldestFirst({ rows }: BucketWindow): Generator<{ size: number; total: number }> {
  for (let i = rows.length - 1; i >= 0; i--) {
    for (const { total } of rows[i]) yield { size: 2 ** i, total };
  }
}

/** What two parts of n and m values add to Σ (x − x̄)² beyond their own: nm/(n + m) · (x̄₁ − x̄₂)². */
function betweenParts(n: number, total: number, m: number, otherTotal: number): number {
  return n === 0 ? 0 : ((n * m) / (n + m)) * (total / n - otherTotal / m) ** 2;
}
