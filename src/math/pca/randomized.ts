import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import { measureCoordinates } from '../points/coordinates.ts';
import { ownThread } from '../points/points.ts';
import { addProduct, PRODUCT_SCRATCH, rowMajor, type Strided, transposed } from '../product.ts';
import { symmetricEigen } from '../symmetric-eigen/symmetric-eigen.ts';
import { thinSvd } from '../thin-svd.ts';
import type { Spectrum } from './spectrum.ts';

export interface RandomizedOptions {
  /** Directions wanted. */
  readonly count: number;
  /** Directions tried beyond those. */
  readonly oversamples: number;
  /** Power iterations; `auto` is 7 for less than a tenth of the possible directions, else 4. */
  readonly iterations: number | 'auto';
  readonly random: RandomState;
}

/**
 * The leading directions from a random sample of the range, sharpened by power iterations (N. Halko, P.-G. Martinsson and J. Tropp, "Finding
 * structure with randomness", SIAM Review 53, 2011). The same draws and iterations as scikit-learn's.
 */
export async function spectrumOfSample(
  workers: Workers,
  x: Matrix,
  options: RandomizedOptions,
): Promise<Spectrum> {
  const { rows, columns } = x;
  const { count, oversamples, random } = options;
  const { arena, threads } = workers.team;
  return arena.scopeAsync(async () => {
    const { mean, scale } = await measureCoordinates(workers, x);
    const stride = Math.ceil(columns / 4) * 4;
    const table = rowMajor(arena.f64(rows * stride), stride);
    const square = await placeCentred(workers, x, mean, scale, table);
    const scratch = arena.f64(threads * PRODUCT_SCRATCH);
    // The shorter side is sampled from: M = X or Xᵀ is tall.
    const isWide = rows < columns;
    const tall = {
      matrix: isWide ? transposed(table) : table,
      rows: Math.max(rows, columns),
      columns: Math.min(rows, columns),
    };
    const width = count + oversamples;
    const basis = new Basis(workers, scratch, tall, width);
    basis.sample(random);
    const iterations =
      options.iterations === 'auto' ? (count < 0.1 * tall.columns ? 7 : 4) : options.iterations;
    for (let k = 0; k < iterations; k++) basis.iterate();
    const { range, projected } = basis.finish();
    const { singularValues, rightVectors } = thinSvd(
      workers,
      projected,
      Math.min(width, tall.columns),
      tall.columns,
    );
    const kept = Math.min(count, singularValues.length);
    const components = isWide
      ? leftVectors(workers, scratch, { range, projected, tall, width }, singularValues, rightVectors, kept)
      : rightVectors.slice(0, kept * columns);
    const variances = Float64Array.from(
      { length: kept },
      (_, k) => (singularValues[k]! / scale / (rows - 1)) * (singularValues[k]! / scale),
    );
    return { mean, components, variances, totalVariance: square / scale / (rows - 1) / scale };
  });
}

interface Tall {
  readonly matrix: Strided;
  readonly rows: number;
  readonly columns: number;
}

/** Bases of the range of a tall matrix M and of its rows, in kernel memory. */
class Basis {
  readonly #workers: Workers;
  readonly #scratch: number;
  readonly #tall: Tall;
  readonly #width: number;
  /** rows × width and columns × width. */
  readonly #range: Strided;
  readonly #domain: Strided;

  constructor(workers: Workers, scratch: number, tall: Tall, width: number) {
    const { arena } = workers.team;
    this.#workers = workers;
    this.#scratch = scratch;
    this.#tall = tall;
    this.#width = width;
    this.#range = rowMajor(arena.f64(tall.rows * width), width);
    this.#domain = rowMajor(arena.f64(tall.columns * width), width);
  }

  sample(random: RandomState): void {
    const { arena } = this.#workers.team;
    const count = this.#tall.columns * this.#width;
    random.fillNormal(arena.viewF64(this.#domain.address, count));
  }

  /** M Mᵀ once more, orthonormal after each product so that no direction drowns in the largest. */
  iterate(): void {
    this.#toRange();
    this.#orthonormalize(this.#range, this.#tall.rows);
    this.#toDomain();
    this.#orthonormalize(this.#domain, this.#tall.columns);
  }

  /** An orthonormal basis Q of the range, and Qᵀ M, row-major with no more rows than columns. */
  finish(): { range: Strided; projected: Float64Array } {
    this.#toRange();
    // Once leaves the smallest directions skew by rounding errors; twice does not.
    this.#orthonormalize(this.#range, this.#tall.rows);
    this.#orthonormalize(this.#range, this.#tall.rows);
    this.#toDomain();
    const { columns } = this.#tall;
    const domain = this.#workers.team.arena.viewF64(this.#domain.address, columns * this.#width);
    const kept = Math.min(this.#width, columns);
    const projected = new Float64Array(kept * columns);
    for (let i = 0; i < columns; i++) {
      for (let k = 0; k < kept; k++) projected[k * columns + i] = domain[i * this.#width + k]!;
    }
    return { range: this.#range, projected };
  }

  #toRange(): void {
    this.#multiply(this.#tall.matrix, this.#tall.rows, this.#tall.columns, this.#domain, this.#range);
  }

  #toDomain(): void {
    this.#multiply(
      transposed(this.#tall.matrix),
      this.#tall.columns,
      this.#tall.rows,
      this.#range,
      this.#domain,
    );
  }

  #multiply(a: Strided, rows: number, depth: number, b: Strided, c: Strided): void {
    this.#workers.team.arena.viewF64(c.address, rows * this.#width).fill(0);
    addProduct(this.#workers, this.#scratch, { rows, depth, columns: this.#width, a, b, c, factor: 1 });
  }

  /**
   * Y ← Y V Λ^(−1/2) with Yᵀ Y = V Λ Vᵀ, the largest first: the same span, orthonormal up to ε times the condition of Yᵀ Y. Directions that are nothing
   * but rounding errors become 0.
   */
  #orthonormalize(y: Strided, rows: number): void {
    const width = this.#width;
    const { arena } = this.#workers.team;
    arena.scope(() => {
      const gram = rowMajor(arena.zeros(width * width), width);
      const square = { rows: width, columns: width, depth: rows, factor: 1 };
      addProduct(this.#workers, this.#scratch, { ...square, a: transposed(y), b: y, c: gram });
      const { values, vectors } = symmetricEigen(
        this.#workers,
        arena.copyF64(gram.address, width * width),
        width,
      );
      const least = values[width - 1]! * width * Number.EPSILON;
      const turn = new Float64Array(width * width);
      for (let k = 0; k < width; k++) {
        const value = values[width - 1 - k]!;
        const factor = value > least ? 1 / Math.sqrt(value) : 0;
        for (let i = 0; i < width; i++) turn[i * width + k] = vectors[(width - 1 - k) * width + i]! * factor;
      }
      const source = rowMajor(arena.f64(rows * width), width);
      arena.viewF64(source.address, rows * width).set(arena.viewF64(y.address, rows * width));
      this.#multiply(source, rows, width, rowMajor(arena.place(turn), width), y);
    });
  }
}

/** Rows (Q B v_k / σ_k)ᵀ, the left singular vectors of M ≈ Q B. */
function leftVectors(
  workers: Workers,
  scratch: number,
  { range, projected, tall, width }: { range: Strided; projected: Float64Array; tall: Tall; width: number },
  singularValues: Float64Array,
  rightVectors: Float64Array,
  kept: number,
): Float64Array {
  const { arena } = workers.team;
  const rows = projected.length / tall.columns;
  return arena.scope(() => {
    const inner = new Float64Array(kept * width);
    for (let k = 0; k < kept; k++) {
      const sigma = singularValues[k]!;
      for (let i = 0; i < rows && sigma > 0; i++) {
        let dot = 0;
        for (let j = 0; j < tall.columns; j++)
          dot += projected[i * tall.columns + j]! * rightVectors[k * tall.columns + j]!;
        inner[k * width + i] = dot / sigma;
      }
    }
    const out = rowMajor(arena.zeros(kept * tall.rows), tall.rows);
    const a = rowMajor(arena.place(inner), width);
    addProduct(workers, scratch, {
      rows: kept,
      depth: width,
      columns: tall.rows,
      a,
      b: transposed(range),
      c: out,
      factor: 1,
    });
    return arena.copyF64(out.address, kept * tall.rows);
  });
}

interface Placing {
  readonly data: Float64Array;
  readonly mean: Float64Array;
  readonly scale: number;
  readonly rows: number;
  readonly columns: number;
  readonly address: number;
  readonly stride: number;
  /** Sum of squares of each block of rows, shared. */
  readonly squares: Float64Array;
}

const BLOCKS = 64;
const SOLO_NUMBERS = 200_000;

/** Writes (x − mean) · scale; returns the sum of its squares. */
async function placeCentred(
  workers: Workers,
  { rows, columns, data }: Matrix,
  mean: Float64Array,
  scale: number,
  { address, rowStep }: Strided,
): Promise<number> {
  const { team } = workers;
  const squares = new Float64Array(new SharedArrayBuffer(8 * BLOCKS));
  const placing: Placing = { data, mean, scale, rows, columns, address, stride: rowStep, squares };
  if (rows * columns <= SOLO_NUMBERS) writeCentred(ownThread(team), placing);
  else await team.gang(import.meta.url, 'writeCentred', placing);
  workers.checkpoint();
  return squares.reduce((sum, value) => sum + value, 0);
}

/** What every thread runs, on every `threads`-th block of rows. */
export function writeCentred({ thread, threads, memory }: TeamThread, placing: Placing): void {
  const { data, mean, scale, rows, columns, address, stride, squares } = placing;
  for (let block = thread; block < BLOCKS; block += threads) {
    const from = Math.floor((rows * block) / BLOCKS);
    const to = Math.floor((rows * (block + 1)) / BLOCKS);
    const out = new Float64Array(memory.buffer, address + 8 * from * stride, (to - from) * stride);
    let sum = 0;
    for (let i = from, at = 0; i < to; i++, at += stride) {
      for (let j = 0; j < columns; j++) {
        const value = (data[i * columns + j]! - mean[j]!) * scale;
        out[at + j] = value;
        sum += value * value;
      }
      out.fill(0, at + columns, at + stride);
    }
    squares[block] = sum;
  }
}
