import type { Workers } from '../least-squares-problem.ts';
import type { Points } from '../points/points.ts';

/** ‖x − c‖² of every row and the centre of its label, in the arena. */
export function rowDistances(
  workers: Workers,
  { rows, columns, x64, stride64 }: Points,
  centers: number,
  labels: number,
): Float64Array {
  const { team } = workers;
  const out = team.arena.f64(rows);
  const step = Math.max(1, Math.floor((4_000_000 * team.threads) / columns));
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step);
    team.callIfLarge(
      (to - from) * columns,
      'labelDistances',
      ...([x64, stride64, columns, centers, labels, from, to, out] as const),
    );
    workers.checkpoint();
  }
  return team.arena.viewF64(out, rows);
}
