import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import { columnwiseRows, metricCode, type RowMetric } from './metric.ts';

/** Multiplications of one call of the kernel on each thread, a few milliseconds. */
const CALL_WORK = 1 << 23;
/** The rows are brought together when this share of them is left. */
const COMPACT_SHARE = 0.6;
const LEAST_COMPACT = 256;

/**
 * The edges of a minimum spanning tree by Prim's algorithm from row 0, which single linkage merges along (J. Gower and G. Ross, 1969). Memory grows with the
 * rows; ties are SciPy's.
 * @returns the edges in the order found, three numbers each; see `treeOfMerges`.
 */
export function spanningMerges(workers: Workers, x: Matrix, metric: RowMetric): Float64Array {
  const { team } = workers;
  const { arena } = team;
  const { rows, columns } = x;
  const { data, stride } = columnwiseRows(x, metric, 8);
  const code = metricCode(metric);
  const merges = new Float64Array(3 * Math.max(0, rows - 1));
  return arena.scope(() => {
    const at = arena.place(data);
    const placed = arena.viewF64(at, stride * columns);
    const penalty = arena.zeros(stride);
    const reach = arena.f64(stride);
    const results = arena.allocate(32 * team.threads);
    const penalties = arena.viewF64(penalty, stride).fill(Number.POSITIVE_INFINITY, rows);
    const reaches = arena.viewF64(reach, stride).fill(Number.POSITIVE_INFINITY);
    const ids = Int32Array.from({ length: stride }, (_, i) => i);
    let count = stride;
    let current = 0;
    penalties[0] = Number.POSITIVE_INFINITY;
    for (let found = 0; found < rows - 1; ) {
      const left = rows - found;
      if (left < COMPACT_SHARE * count && count > LEAST_COMPACT) compact();
      const work = count * columns;
      const steps = Math.min(
        rows - 1 - found,
        Math.max(8, Math.floor((CALL_WORK * team.threads) / work)),
        Math.max(1, left - Math.floor(COMPACT_SHARE * count)),
      );
      arena.scope(() => {
        const out = arena.f64(2 * steps);
        const numbers = [
          at,
          stride,
          count,
          columns,
          code,
          current,
          steps,
          penalty,
          reach,
          results,
          out,
        ] as const;
        if (work >= 40_000) team.call('spanRows', ...numbers);
        else team.solo('spanRows', ...numbers);
        const seen = arena.viewF64(out, 2 * steps);
        for (let k = 0; k < steps; k++) {
          merges[3 * found] = ids[current]!;
          current = seen[2 * k]!;
          merges[3 * found + 1] = ids[current]!;
          merges[3 * found + 2] = seen[2 * k + 1]!;
          found++;
        }
      });
      workers.checkpoint();
      workers.progress?.(1 - ((rows - found) / rows) ** 2);
    }
    return merges;

    /** Keeps the rows that are not taken yet and the current one, in their order. */
    function compact(): void {
      const kept: number[] = [];
      for (let i = 0; i < count; i++) if (penalties[i] === 0 || i === current) kept.push(i);
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < kept.length; k++) placed[j * stride + k] = placed[j * stride + kept[k]!]!;
      }
      for (let k = 0; k < kept.length; k++) {
        const old = kept[k]!;
        penalties[k] = penalties[old]!;
        reaches[k] = reaches[old]!;
        ids[k] = ids[old]!;
      }
      current = kept.indexOf(current);
      count = Math.ceil(kept.length / 8) * 8;
      penalties.fill(Number.POSITIVE_INFINITY, kept.length);
    }
  });
}

/** {@link spanningMerges} on the upper half of a square matrix of distances. */
export function spanningMergesOfDistances(workers: Workers, x: Matrix): Float64Array {
  const { rows, data } = x;
  const merges = new Float64Array(3 * Math.max(0, rows - 1));
  const reach = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const isTaken = new Uint8Array(rows);
  let current = 0;
  for (let found = 0; found < rows - 1; found++) {
    isTaken[current] = 1;
    let next = -1;
    for (let j = 0; j < rows; j++) {
      if (isTaken[j] === 1) continue;
      const distance = data[Math.min(current, j) * rows + Math.max(current, j)]!;
      if (distance < reach[j]!) reach[j] = distance;
      if (next < 0 || reach[j]! < reach[next]!) next = j;
    }
    merges.set([current, next, reach[next]!], 3 * found);
    current = next;
    if (found % 64 === 0) {
      workers.checkpoint();
      workers.progress?.(found / rows);
    }
  }
  return merges;
}
