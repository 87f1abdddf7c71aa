import type { Workers } from '../least-squares-problem.ts';
import type { SmoMemory } from './smo-memory.ts';
import type { SmoProblem } from './smo-problem.ts';
import { valueSums } from './value-sums.ts';

/** Kβ + p of all variables, from scratch. */
export function smoGradients(
  workers: Workers,
  { points, rows, p }: SmoProblem,
  memory: SmoMemory,
): Float64Array {
  const { beta } = memory;
  const support = Int32Array.from(rows.keys()).filter((i) => beta[i] !== 0);
  if ('gram' in points) {
    const gradients = p.slice();
    for (const i of support) {
      const row = workers.team.arena.viewF32(points.gram + 4 * rows[i]! * points.size, points.size);
      const value = beta[i]!;
      for (let t = 0; t < rows.length; t++) gradients[t]! += value * row[rows[t]!]!;
      workers.checkpoint();
    }
    return gradients;
  }
  // Gradients of variables that took part all along are at hand; the others' are summed anew.
  const known = memory.isWhole ? new Int32Array(0) : memory.active;
  const gradients = new Float64Array(rows.length).fill(Number.NaN);
  const values = memory.values('f');
  known.forEach((i, at) => {
    gradients[i] = values[at]!;
  });
  const unknown = Int32Array.from(rows.keys()).filter((i) => Number.isNaN(gradients[i]));
  const sums = valueSums(
    workers,
    points,
    unknown.map((i) => rows[i]!),
    {
      rows: support.map((i) => rows[i]!),
      coefs: Float64Array.from(support, (i) => beta[i]!),
    },
    memory.isWide ? 'rounded' : 'narrow',
  );
  unknown.forEach((i, at) => {
    gradients[i] = p[i]! + sums[at]!;
  });
  return gradients;
}
