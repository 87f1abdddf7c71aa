import type { Workers } from '../least-squares-problem.ts';
import { addProduct, type Product, rowMajor, transposed } from '../product.ts';
import type { Square } from './symmetric-eigen.ts';

export interface Reflections {
  readonly reflectors: Square;
  readonly taus: Float64Array;
  /** Its rows are replaced by H_0 … H_(n−1) times them. */
  readonly vectors: Square;
  readonly scratch: number;
}

type Operands = Pick<Product, 'a' | 'b' | 'c' | 'factor'>;

const BLOCK = 64;

/**
 * Blocks of reflections at a time: H_0 … H_(b−1) = I − V T Vᵀ with T upper triangular (R. Schreiber and C. Van Loan, "A storage-efficient WY
 * representation for products of Householder transformations", 1989).
 */
export function applyReflectors(workers: Workers, { reflectors, taus, vectors, scratch }: Reflections): void {
  const { arena } = workers.team;
  const { order, stride } = reflectors;
  arena.scope(() => {
    const projected = arena.f64(order * BLOCK);
    const turned = arena.f64(BLOCK * stride);
    const triangle = arena.f64(BLOCK * BLOCK);
    for (let from = Math.floor((order - 1) / BLOCK) * BLOCK; from >= 0; from -= BLOCK) {
      const to = Math.min(order, from + BLOCK);
      const count = to - from;
      // v_k is zero up to entry k.
      const skip = from + 1;
      const depth = order - skip;
      if (depth <= 0) continue;
      const v = rowMajor(reflectors.address + 8 * (from * stride + skip), stride);
      const z = rowMajor(vectors.address + 8 * skip, stride);
      const t = rowMajor(triangle, BLOCK);
      const p = rowMajor(projected, BLOCK);
      const w = rowMajor(turned, stride);
      const product = (rows: number, inner: number, columns: number, operands: Operands) =>
        addProduct(workers, scratch, { rows, depth: inner, columns, ...operands });

      const gram = arena.viewF64(triangle, BLOCK * BLOCK).fill(0);
      product(count, depth, count, { a: v, b: transposed(v), c: t, factor: 1 });
      gram.set(triangularFactor(gram, taus.subarray(from, to)));
      // Z ← Z − (Z V) (V T)ᵀ; the rows at `reflectors` are the columns of V.
      arena.viewF64(turned, count * stride).fill(0);
      arena.viewF64(projected, order * BLOCK).fill(0);
      product(count, count, depth, { a: transposed(t), b: v, c: w, factor: 1 });
      product(order, depth, count, { a: z, b: transposed(v), c: p, factor: 1 });
      product(order, count, depth, { a: p, b: w, c: z, factor: -1 });
    }
  });
}

/** T_jj = τ_j, T_(0…j−1, j) = −τ_j T_(0…j−1, 0…j−1) (Vᵀ v_j), from Vᵀ V; BLOCK numbers a row. */
function triangularFactor(gram: Float64Array, taus: Float64Array): Float64Array {
  const t = new Float64Array(BLOCK * BLOCK);
  for (const [j, tau] of taus.entries()) {
    t[j * BLOCK + j] = tau;
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let k = i; k < j; k++) sum += t[i * BLOCK + k]! * gram[k * BLOCK + j]!;
      t[i * BLOCK + j] = -tau * sum;
    }
  }
  return t;
}
