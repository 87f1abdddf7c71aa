/**
 * Eigenvalues and vectors of a symmetric tridiagonal matrix: two halves, joined by a rank-one update (J. Cuppen, "A divide and conquer method
 * for the symmetric tridiagonal eigenproblem", Numerische Mathematik 36, 1981; the stable vectors of Gu and Eisenstat).
 */
import type { Workers } from '../least-squares-problem.ts';
import { addProduct, rowMajor } from '../product.ts';
import { deflate } from './deflate.ts';
import { implicitQl } from './implicit-ql.ts';
import type { Square } from './symmetric-eigen.ts';

const LEAF = 32;

/**
 * @param diagonal,beside The matrix; destroyed.
 * @param vectors Zeros; row i becomes the eigenvector of the i-th value.
 * @returns the eigenvalues, ascending.
 */
export function divideAndConquer(
  workers: Workers,
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Square,
  scratch: number,
): Float64Array {
  solve(0, vectors.order);
  return diagonal;

  /** Rows `from` to before `to`: their eigenvalues take the place of the diagonal. */
  function solve(from: number, to: number): void {
    const size = to - from;
    const rows = workers.team.arena.viewF64(
      vectors.address + 8 * from * vectors.stride,
      size * vectors.stride,
    );
    if (size <= LEAF) {
      implicitQl(diagonal.subarray(from, to), beside.subarray(from, to), rows, vectors.stride, from);
      return;
    }
    const middle = from + (size >> 1);
    const link = beside[middle - 1]!;
    const rho = Math.abs(link);
    diagonal[middle - 1]! -= rho;
    diagonal[middle]! -= rho;
    solve(from, middle);
    solve(middle, to);
    workers.checkpoint();
    join(workers, { vectors, from, middle, to, link, d: diagonal.subarray(from, to), scratch });
  }
}

interface Halves {
  readonly vectors: Square;
  readonly from: number;
  readonly middle: number;
  readonly to: number;
  /** The off-diagonal entry between the halves. */
  readonly link: number;
  /** Eigenvalues of the halves; becomes those of the whole. */
  readonly d: Float64Array;
  readonly scratch: number;
}

function join(workers: Workers, halves: Halves): void {
  const { team } = workers;
  const { arena } = team;
  const { vectors, from, middle, to, link, d, scratch } = halves;
  const { stride } = vectors;
  const size = to - from;
  const first = middle - from;
  const block = vectors.address + 8 * (from * stride + from);
  const row = (i: number) => arena.viewF64(block + 8 * i * stride, size);

  // diag(d) + |link| z zᵀ with z = the last row of the first half's vectors and ± the first row of the second's, made a unit vector.
  const z = new Float64Array(size);
  const sign = link < 0 ? -1 : 1;
  for (let i = 0; i < size; i++)
    z[i] = (i < first ? row(i)[first - 1]! : sign * row(i)[first]!) * Math.SQRT1_2;
  const rho = 2 * Math.abs(link);
  const sides = new Uint8Array(size).fill(1, 0, first).fill(2, first);
  const { kept, settled } = deflate(d, z, rho, sides, (a, b, c, s) => {
    const [x, y] = [row(a), row(b)];
    for (let j = 0; j < size; j++) {
      const [u, v] = [x[j]!, y[j]!];
      x[j] = c * u + s * v;
      y[j] = c * v - s * u;
    }
  });
  const count = kept.length;
  const pairs: { value: number; place: number }[] = [];
  arena.scope(() => {
    const joined = arena.zeros(size * size);
    settled.forEach((i, k) => {
      arena.viewF64(joined + 8 * (count + k) * size, size).set(row(i));
      pairs.push({ value: d[i]!, place: count + k });
    });
    if (count > 0) {
      const values = updateVectors();
      values.forEach((value, place) => {
        pairs.push({ value, place });
      });
    }
    pairs.sort((a, b) => a.value - b.value);
    for (const [i, { value, place }] of pairs.entries()) {
      d[i] = value;
      row(i).set(arena.viewF64(joined + 8 * place * size, size));
    }

    function updateVectors(): Float64Array {
      const poles = arena.place(Float64Array.from(kept, (i) => d[i]!));
      const weights = Float64Array.from(kept, (i) => z[i]!);
      const norm = weights.reduce((sum, value) => sum + value * value, 0);
      const squares = arena.place(weights.map((value) => value * value));
      const [origins, offsets] = [arena.i32(count), arena.f64(count)];
      const exact = arena.f64(count);
      const work = 20 * count * count;
      team.callIfLarge(work, 'secularRoots', count, poles, squares, rho, norm, origins, offsets);
      team.callIfLarge(work, 'secularWeights', count, poles, arena.place(weights), origins, offsets, exact);
      // The vectors in the order first half, both, second half: each half of the columns then needs adjoining ones only.
      const order = [1, 3, 2].flatMap((side) => kept.flatMap((i, k) => (sides[i] === side ? [k] : [])));
      const places = new Int32Array(count);
      for (const [place, k] of order.entries()) places[k] = place;
      const inner = arena.f64(count * count);
      const placesAt = arena.place(places);
      team.callIfLarge(work, 'secularVectors', count, poles, exact, origins, offsets, placesAt, inner, count);
      workers.checkpoint();
      const gathered = arena.f64(count * size);
      for (const [place, k] of order.entries()) {
        arena.viewF64(gathered + 8 * place * size, size).set(row(kept[k]!));
      }
      const only = (side: number) => kept.reduce((sum, i) => sum + (sides[i] === side ? 1 : 0), 0);
      const [onlyFirst, onlySecond] = [only(1), only(2)];
      multiply(0, count - onlySecond, 0, first);
      multiply(onlyFirst, count, first, size);
      const origin = arena.viewI32(origins, count);
      const offset = arena.viewF64(offsets, count);
      const pole = arena.viewF64(poles, count);
      return Float64Array.from(origin, (at, i) => pole[at]! + offset[i]!);

      function multiply(low: number, high: number, left: number, right: number): void {
        addProduct(workers, scratch, {
          ...{ rows: count, depth: high - low, columns: right - left, factor: 1 },
          a: rowMajor(inner + 8 * low, count),
          b: rowMajor(gathered + 8 * (low * size + left), size),
          c: rowMajor(joined + 8 * left, size),
        });
      }
    }
  });
}
