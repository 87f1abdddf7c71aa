/**
 * Eigenvalues and vectors of a symmetric tridiagonal matrix: two halves, joined by a rank-one update (J. Cuppen, "A divide and conquer method
 * for the symmetric tridiagonal eigenproblem", Numerische Mathematik 36, 1981; the stable vectors of Gu and Eisenstat).
 */
import type { Workers } from '../least-squares-problem.ts';
import { deflate } from './deflate.ts';
import type { Square } from './symmetric-eigen.ts';

const LEAF = 32;

/**
 * @param diagonal,beside The matrix; the diagonal is destroyed.
 * @param vectors Row i becomes the eigenvector of the i-th value.
 * @param spare As large as `vectors`; destroyed.
 * @returns the eigenvalues, in no order.
 */
export function divideAndConquer(
  workers: Workers,
  diagonal: Float64Array,
  beside: Float64Array,
  { vectors, spare, scratch }: { readonly vectors: Square; readonly spare: Square; readonly scratch: number },
): Float64Array {
  const { order, stride } = vectors;
  const { team } = workers;
  const levels = Math.max(0, Math.ceil(Math.log2(order / LEAF)));
  const bounds = [0, order];
  for (let level = 0; level < levels; level++) {
    for (let k = bounds.length - 1; k > 0; k--) bounds.splice(k, 0, (bounds[k - 1]! + bounds[k]!) >> 1);
  }
  // Halves with |e| taken out of the two entries beside the cut; what is left between them is |e| (1, ±1)ᵀ (1, ±1).
  for (const cut of bounds.slice(1, -1)) {
    const rho = Math.abs(beside[cut - 1]!);
    diagonal[cut - 1]! -= rho;
    diagonal[cut]! -= rho;
  }
  solveLeaves();
  // Each level writes where the one below did not, the last to `vectors`.
  for (let level = 1; level <= levels; level++) {
    const [into, source] = (levels - level) % 2 === 0 ? [vectors, spare] : [spare, vectors];
    const step = 2 ** level;
    for (let k = 0; k + step < bounds.length; k += step) {
      const [from, middle, to] = [bounds[k]!, bounds[k + step / 2]!, bounds[k + step]!];
      const corner = 8 * (from * stride + from);
      join(workers, {
        ...{ source: source.address + corner, target: into.address + corner, stride, first: middle - from },
        ...{ link: beside[middle - 1]!, d: diagonal.subarray(from, to), scratch },
      });
      workers.checkpoint();
    }
  }
  return diagonal;

  function solveLeaves(): void {
    const { arena } = team;
    arena.scope(() => {
      const d = arena.place(diagonal);
      const into = levels % 2 === 0 ? vectors : spare;
      const blocks = bounds.length - 1;
      team.callIfLarge(
        order * LEAF * LEAF,
        'tridiagonalBlocks',
        ...([blocks, arena.place(Int32Array.from(bounds)), d, arena.place(beside)] as const),
        ...([into.address, stride] as const),
      );
      diagonal.set(arena.viewF64(d, order));
    });
  }
}

interface Halves {
  /** Addresses of the blocks that hold the vectors of the halves (row i up to `first` − 1 in the first columns, the others in the last), and receive those of the whole. */
  readonly source: number;
  readonly target: number;
  readonly stride: number;
  readonly first: number;
  /** The off-diagonal entry between the halves. */
  readonly link: number;
  /** Eigenvalues of the halves; becomes those of the whole. */
  readonly d: Float64Array;
  readonly scratch: number;
}

function join(workers: Workers, { source, target, stride, first, link, d, scratch }: Halves): void {
  const { team } = workers;
  const { arena } = team;
  const size = d.length;
  const row = (i: number) => arena.viewF64(source + 8 * i * stride, size);

  // diag(d) + |link| z zᵀ with z = the last row of the first half's vectors and ± the first row of the second's, made a unit vector.
  const z = new Float64Array(size);
  const sign = link < 0 ? -1 : 1;
  for (let i = 0; i < size; i++) {
    z[i] = (i < first ? row(i)[first - 1]! : sign * row(i)[first]!) * Math.SQRT1_2;
  }
  const rho = 2 * Math.abs(link);
  const sides = new Uint8Array(size).fill(1, 0, first).fill(2, first);
  /** Columns that a row has no entries in hold whatever was there before. */
  const clear = (i: number, side: number) => {
    if (side === 1) row(i).fill(0, first);
    if (side === 2) row(i).fill(0, 0, first);
  };
  const { kept, settled } = deflate(d, z, rho, sides, (a, b, c, s, sideA, sideB) => {
    clear(a, sideA);
    clear(b, sideB);
    const [x, y] = [row(a), row(b)];
    for (let j = 0; j < size; j++) {
      const [u, v] = [x[j]!, y[j]!];
      x[j] = c * u + s * v;
      y[j] = c * v - s * u;
    }
  });
  const count = kept.length;
  settled.forEach((i, k) => {
    clear(i, sides[i]!);
    arena.viewF64(target + 8 * (count + k) * stride, size).set(row(i));
  });
  const values = arena.scope(updateVectors);
  d.set([...values, ...settled.map((i) => d[i]!)]);

  function updateVectors(): Float64Array {
    if (count === 0) return new Float64Array(0);
    const pole = Float64Array.from(kept, (i) => d[i]!);
    const weight = Float64Array.from(kept, (i) => z[i]!);
    const norm = weight.reduce((sum, value) => sum + value * value, 0);
    const [poles, weights] = [arena.place(pole), arena.place(weight)];
    const squares = arena.place(weight.map((value) => value * value));
    const [origins, offsets] = [arena.i32(count), arena.f64(count)];
    const exact = arena.f64(count);
    const sums = arena.f64(8 * team.threads);
    const work = 20 * count * count;
    team.callIfLarge(work, 'secularRoots', count, poles, squares, rho, norm, origins, offsets, sums);
    team.callIfLarge(work, 'secularWeights', count, poles, weights, origins, offsets, exact);
    // The vectors in the order first half, both, second half: each half of the columns then needs adjoining ones only.
    const order = [1, 3, 2].flatMap((side) => kept.flatMap((i, k) => (sides[i] === side ? [k] : [])));
    const exactWeight = arena.viewF64(exact, count);
    const placedPoles = arena.place(Float64Array.from(order, (k) => pole[k]!));
    const placedWeights = arena.place(Float64Array.from(order, (k) => exactWeight[k]!));
    const inner = arena.f64(count * count);
    team.callIfLarge(
      work,
      'secularVectors',
      ...([count, poles, origins, offsets, placedPoles, placedWeights, inner] as const),
    );
    workers.checkpoint();
    const lines = arena.place(Int32Array.from(order, (k) => kept[k]!));
    const only = (side: number) => kept.reduce((sum, i) => sum + (sides[i] === side ? 1 : 0), 0);
    multiply(0, count - only(2), 0, first);
    multiply(only(1), count, first, size);
    const origin = arena.viewI32(origins, count);
    const offset = arena.viewF64(offsets, count);
    return Float64Array.from(origin, (at, i) => pole[at]! + offset[i]!);

    function multiply(low: number, high: number, left: number, right: number): void {
      team.callIfLarge(
        count * (high - low) * (right - left),
        'gatheredProduct',
        ...([count, high - low, inner + 8 * low, 8 * count] as const),
        ...([source + 8 * left, 8 * stride, lines + 4 * low, right - left] as const),
        ...([target + 8 * left, 8 * stride, scratch] as const),
      );
      workers.checkpoint();
    }
  }
}
