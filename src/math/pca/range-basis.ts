import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import { addProduct, rowMajor, type Strided, transposed } from '../product.ts';
import { symmetricEigen } from '../symmetric-eigen/symmetric-eigen.ts';

/** A matrix in kernel memory with no fewer rows than columns. */
export interface Tall {
  readonly matrix: Strided;
  readonly rows: number;
  readonly columns: number;
}

/** Multiplications of one kernel call on each thread, some 5 ms. */
const WORK_PER_CALL = 1 << 26;

/** Bases of the range of a tall matrix M and of its rows, in kernel memory. */
export class RangeBasis {
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
    const { team } = this.#workers;
    const width = this.#width;
    team.arena.viewF64(c.address, rows * width).fill(0);
    // Whole tiles without packing the table, the rest (at most three rows and columns) with.
    const [tall, wide] = [rows - (rows % 4), width - (width % 4)];
    const step = 4 * Math.max(1, Math.ceil((WORK_PER_CALL * team.threads) / (depth * width) / 4));
    for (let from = 0; from < tall && wide > 0; from += step) {
      team.callIfLarge(
        step * depth * wide,
        'addNarrowProduct',
        ...([from, Math.min(tall, from + step), depth, a.address, 8 * a.rowStep, 8 * a.columnStep] as const),
        ...([b.address, 8 * b.rowStep, wide, c.address, 8 * c.rowStep] as const),
      );
      this.#workers.checkpoint();
    }
    const rest = (row: number, column: number, count: number, columns: number) => {
      if (count === 0 || columns === 0) return;
      const at = ({ address, rowStep, columnStep }: Strided, i: number, j: number): Strided => ({
        ...{ address: address + 8 * (i * rowStep + j * columnStep), rowStep, columnStep },
      });
      addProduct(this.#workers, this.#scratch, {
        ...{ rows: count, depth, columns, factor: 1 },
        ...{ a: at(a, row, 0), b: at(b, 0, column), c: at(c, row, column) },
      });
    };
    rest(0, wide, rows, width - wide);
    rest(tall, 0, rows - tall, wide);
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
