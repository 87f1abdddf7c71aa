import type { Workers } from '../least-squares-problem.ts';
import type { Square } from './symmetric-eigen.ts';

export interface Tridiagonal {
  /** n diagonal entries; n off-diagonal ones, of which the last is 0. */
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
  /** A = H_0 … H_(n−1) T H_(n−1) … H_0 with H_k = I − τ_k v_k v_kᵀ; row k at `reflectors` is v_k. */
  readonly taus: Float64Array;
  readonly reflectors: Square;
}

const PANEL = 32;
/** Partial products in the kernel. */
const PARTS = 8;
/** Order up to which a single thread is as fast. */
const SOLO_ORDER = 160;

/** Householder reduction; the matrix is overwritten. */
export function tridiagonalize(workers: Workers, matrix: Square, scratch: number): Tridiagonal {
  const { team } = workers;
  const { arena } = team;
  const { address, order, stride } = matrix;
  const reflectors = { address: arena.f64(order * stride), order, stride };
  const [diagonal, beside, taus] = [arena.f64(order), arena.f64(order), arena.f64(order)];
  arena.scope(() => {
    // [V; W; V]: the first two thirds times the last two are V Wᵀ + W Vᵀ.
    const stack = arena.zeros(3 * PANEL * stride);
    const updates = stack + 8 * PANEL * stride;
    const row = arena.zeros(stride);
    const sums = arena.f64(2 * order);
    const partial = arena.f64(PARTS * stride);
    for (let from = 0; from < order; from += PANEL) {
      const to = Math.min(order, from + PANEL);
      const panel = [
        ...([address, order, stride, from, to, reflectors.address, updates] as const),
        ...([diagonal, beside, taus, row, sums, partial] as const),
      ] as const;
      if (order <= SOLO_ORDER) team.solo('tridiagonalPanel', ...panel);
      else team.call('tridiagonalPanel', ...panel);
      workers.checkpoint();
      const rest = order - to;
      if (rest === 0) continue;
      for (let k = 0; k < to - from; k++) {
        const v = arena.viewF64(reflectors.address + 8 * ((from + k) * stride + to), rest);
        arena.viewF64(stack + 8 * (k * stride + to), rest).set(v);
        arena.viewF64(stack + 8 * ((2 * PANEL + k) * stride + to), rest).set(v);
      }
      team.callIfLarge(
        rest * rest * PANEL,
        'addUpperProduct',
        ...([rest, 2 * PANEL, -1, stack + 8 * to, 8, 8 * stride, updates + 8 * to, 8 * stride, 8] as const),
        ...([address + 8 * (to * stride + to), 8 * stride, scratch] as const),
      );
      workers.checkpoint();
    }
  });
  return {
    diagonal: arena.copyF64(diagonal, order),
    beside: arena.copyF64(beside, order),
    taus: arena.copyF64(taus, order),
    reflectors,
  };
}
