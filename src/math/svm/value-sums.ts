import type { Workers } from '../least-squares-problem.ts';
import { placeSums, sumKernels } from './kernel-sums.ts';
import { fillPanels, type KernelPoints } from './points.ts';

/** Products of one call on each thread: some milliseconds. */
const WORK_PER_CALL = 1 << 24;

/**
 * Σ_s coefs[s] k(x_i, x_s) for rows i, over support rows s: what the gradients of a kernel machine are made of, with
 * the values that the solver's rows have: RBF from float32 differences (`narrow`), or from float64 products, `rounded`
 * to float32.
 */
export function valueSums(
  workers: Workers,
  points: KernelPoints,
  rows: Int32Array,
  support: { readonly rows: Int32Array; readonly coefs: Float64Array },
  precision: 'narrow' | 'rounded',
): Float64Array {
  const { arena } = workers.team;
  return arena.scope(() => {
    if (precision === 'narrow') return rbfSums(workers, points, rows, support);
    const placed = placeSums(arena, {
      ...points,
      ...support,
      segments: [{ output: 0, place: 0, first: 0, last: support.rows.length }],
      outputs: 1,
    });
    return sumKernels(workers, placed, points.data, rows, precision);
  });
}

function rbfSums(
  workers: Workers,
  { data, columns, kernel }: KernelPoints,
  rows: Int32Array,
  support: { readonly rows: Int32Array; readonly coefs: Float64Array },
): Float64Array {
  const { team } = workers;
  const { arena } = team;
  const panelCount = Math.ceil(rows.length / 16);
  const panels = arena.f32(16 * panelCount * columns);
  fillPanels(arena.viewF32(panels, 16 * panelCount * columns), data, columns, rows, 16);
  // An odd one out is joined by a point without weight.
  const count = 2 * Math.ceil(support.rows.length / 2);
  const points = arena.f32(count * columns);
  const view = arena.viewF32(points, count * columns).fill(0);
  support.rows.forEach((row, s) => {
    for (let j = 0; j < columns; j++) view[s * columns + j] = data[row * columns + j]!;
  });
  const coefs = arena.zeros(count);
  arena.viewF64(coefs, count).set(support.coefs);
  const sums = arena.zeros(16 * panelCount);
  const step = team.threads * Math.max(1, Math.floor(WORK_PER_CALL / (16 * (count + 1) * (columns + 8))));
  for (let from = 0; from < panelCount; from += step) {
    const to = Math.min(panelCount, from + step);
    team.callIfLarge(
      16 * (to - from) * count * columns,
      'svmAddRbfSums',
      ...([panels, from, to, columns, kernel.gamma, points, coefs, count, sums] as const),
    );
    workers.checkpoint();
  }
  return arena.copyF64(sums, rows.length);
}
