import { JobError } from '../../core/errors.ts';
import {
  SVM_BETA,
  SVM_CACHE,
  SVM_COEF0,
  SVM_COLUMNS,
  SVM_DEGREE,
  SVM_DIAGONAL,
  SVM_DONE,
  SVM_DOWN,
  SVM_EPSILON,
  SVM_GAMMA,
  SVM_GRADIENT,
  SVM_GRAM_STRIDE,
  SVM_HIGH,
  SVM_INDEX,
  SVM_KERNEL,
  SVM_LOW,
  SVM_PANELS,
  SVM_RESULTS,
  SVM_ROWS,
  SVM_SCRATCH,
  SVM_SIZE,
  SVM_SQUARES,
  SVM_TOL,
  SVM_UP,
  SVM_WIDE,
} from '../../kernels/layout.ts';
import type { Workers } from '../least-squares-problem.ts';
import { allocateRows, holdsAll, narrowRows, paddedTo16, type RowCache, resetRows } from './cached-rows.ts';
import { type KernelFunction, kernelNumber, kernelValue } from './kernel-function.ts';
import { negativeSquare } from './kernel-sums.ts';
import { fillPanels } from './points.ts';
import type { SmoProblem } from './smo-problem.ts';

/**
 * Rows up to which RBF values are computed in float64, which is slower than in float32 and as exact as the values' own
 * rounding.
 */
const WIDE_ROWS = 256;

function isWide({ name }: KernelFunction, rows: number): boolean {
  return name !== 'rbf' || rows <= WIDE_ROWS;
}

/** The variables of a problem as the kernels see them, in the arena; some of them may be left out. */
export class SmoMemory {
  readonly #team: Workers['team'];
  readonly #problem: SmoProblem;
  readonly #kernel: KernelFunction;
  readonly #size: number;
  readonly #columns: number;
  /** Address of what the kernels know of the problem. */
  readonly record: number;
  readonly #panels: number;
  readonly #arrays: Readonly<
    Record<'f' | 'up' | 'down' | 'beta' | 'low' | 'high' | 'diagonal' | 'squares', number>
  >;
  readonly #index: number;
  readonly #cache: RowCache;
  #active: Int32Array;
  /** Values of all variables; those that take part have theirs in the arena until {@link collect}. */
  readonly beta: Float64Array;

  constructor(team: Workers['team'], problem: SmoProblem) {
    this.#team = team;
    this.#problem = problem;
    const { points, rows, start } = problem;
    const { arena, threads } = team;
    this.#kernel = points.kernel;
    this.#size = rows.length;
    this.#columns = 'gram' in points ? 0 : points.columns;
    const padded = paddedTo16(this.#size);
    this.record = arena.zeros(SVM_SIZE);
    const addresses = Array.from({ length: 8 }, () => arena.f64(padded));
    const [f, up, down, beta, low, high, diagonal, squares] = addresses as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    this.#arrays = { f, up, down, beta, low, high, diagonal, squares };
    this.#index = arena.i32(padded);
    this.#panels = 'gram' in points ? points.gram : arena.allocate(padded * this.#columns * this.#width);
    const results = arena.allocate(128 * threads);
    const scratch = arena.allocate(threads * (8 * this.#columns + 128));
    this.#cache = allocateRows(team, this.record, this.#size, problem.cacheBytes);
    this.#active = new Int32Array(this.#size);
    this.beta = start?.slice() ?? new Float64Array(this.#size);
    const view = arena.viewF64(this.record, SVM_SIZE);
    view[SVM_COLUMNS] = this.#columns;
    view[SVM_KERNEL] = kernelNumber[this.#kernel.name];
    view[SVM_GAMMA] = this.#kernel.gamma;
    view[SVM_COEF0] = this.#kernel.coef0;
    view[SVM_DEGREE] = this.#kernel.degree;
    view[SVM_PANELS] = this.#panels;
    view[SVM_GRADIENT] = f;
    view[SVM_UP] = up;
    view[SVM_DOWN] = down;
    view[SVM_BETA] = beta;
    view[SVM_LOW] = low;
    view[SVM_HIGH] = high;
    view[SVM_DIAGONAL] = diagonal;
    view[SVM_SQUARES] = squares;
    view[SVM_WIDE] = this.#width === 8 ? 1 : 0;
    view[SVM_INDEX] = this.#index;
    view[SVM_GRAM_STRIDE] = 'gram' in points ? points.size : 0;
    view[SVM_EPSILON] = problem.epsilon;
    view[SVM_TOL] = problem.tol;
    view[SVM_CACHE] = this.#cache.cache;
    view[SVM_RESULTS] = results;
    view[SVM_SCRATCH] = scratch;
  }

  /** Which variables take part, ascending. */
  get active(): Int32Array {
    return this.#active;
  }

  get isWhole(): boolean {
    return this.#active.length === this.#size;
  }

  /** Whether the cache has room for the kernel values of all pairs. */
  get cachesAll(): boolean {
    return holdsAll(this.#cache, this.#size);
  }

  /** Whether points are kept in float64. */
  get isWide(): boolean {
    return this.#width === 8;
  }

  /**
   * Bytes of a coordinate: many rows of RBF values are computed in float32 from differences, anything else in float64
   * from products.
   */
  get #width(): number {
    return isWide(this.#kernel, this.#size) ? 8 : 4;
  }

  get view(): Float64Array {
    return this.#team.arena.viewF64(this.record, SVM_SIZE);
  }

  /** An array of those that take part. */
  values(name: 'f' | 'up' | 'down'): Float64Array {
    return this.#team.arena.viewF64(this.#arrays[name], this.#active.length);
  }

  /** All variables take part, with the gradients given. */
  activate(gradients: Float64Array): void {
    const { points, low, high, epsilon } = this.#problem;
    const { arena } = this.#team;
    const size = this.#size;
    this.#active = Int32Array.from({ length: size }, (_, i) => i);
    const { f, up, down, beta, diagonal, squares } = this.#arrays;
    const padded = paddedTo16(size);
    const view = (address: number) => arena.viewF64(address, padded);
    const [ups, downs, diagonals, norms] = [view(up), view(down), view(diagonal), view(squares)];
    view(f).set(gradients);
    view(beta).set(this.beta);
    view(this.#arrays.low).set(low);
    view(this.#arrays.high).set(high);
    const { rows } = this.#problem;
    const isRbf = !('gram' in points) && this.#kernel.name === 'rbf';
    norms.fill(0);
    for (let i = 0; i < size; i++) {
      const value = this.beta[i]!;
      ups[i] = value >= high[i]! ? Number.POSITIVE_INFINITY : value < 0 ? -epsilon : epsilon;
      downs[i] = value <= low[i]! ? Number.NEGATIVE_INFINITY : value > 0 ? epsilon : -epsilon;
      diagonals[i] = this.#ownValue(i);
      if (isRbf)
        norms[i] = negativeSquare(this.#kernel, points.data, rows[i]! * this.#columns, this.#columns);
    }
    arena.viewI32(this.#index, size).set(rows);
    if (!('gram' in points)) {
      const numbers = padded * this.#columns;
      const panels =
        this.#width === 4 ? arena.viewF32(this.#panels, numbers) : arena.viewF64(this.#panels, numbers);
      fillPanels(panels, points.data, this.#columns, rows, this.#width === 4 ? 16 : 8);
      if (this.#width === 8 && padded > Math.ceil(size / 8) * 8) panels.subarray(-8 * this.#columns).fill(0);
    }
    if (!diagonals.subarray(0, size).every(Number.isFinite)) throw notFinite();
    this.#pad();
    resetRows(this.#team, this.#cache, size);
    this.view[SVM_DONE] = 0;
  }

  /** K_ii, rounded as the rows are. */
  #ownValue(i: number): number {
    const { points, rows } = this.#problem;
    if (this.#kernel.name === 'rbf') return 1;
    if ('gram' in points) {
      return this.#team.arena.viewF32(points.gram + 4 * rows[i]! * points.size, points.size)[rows[i]!]!;
    }
    const row = points.data.subarray(rows[i]! * this.#columns, (rows[i]! + 1) * this.#columns);
    return Math.fround(kernelValue(this.#kernel, row, row));
  }

  /** What pads the last panel can move neither way. */
  #pad(): void {
    const { arena } = this.#team;
    const count = this.#active.length;
    const padded = paddedTo16(count);
    const { f, up, down, diagonal, squares } = this.#arrays;
    arena.viewF64(f, padded).fill(0, count);
    arena.viewF64(up, padded).fill(Number.POSITIVE_INFINITY, count);
    arena.viewF64(down, padded).fill(Number.NEGATIVE_INFINITY, count);
    arena.viewF64(diagonal, padded).fill(1, count);
    arena.viewF64(squares, padded).fill(0, count);
    arena.viewI32(this.#index, padded).fill(0, count);
    this.view[SVM_ROWS] = padded;
  }

  /** β of those that take part, from the arena. */
  collect(): void {
    const beta = this.#team.arena.viewF64(this.#arrays.beta, this.#active.length);
    this.#active.forEach((i, at) => {
      this.beta[i] = beta[at]!;
    });
  }

  /** Only the variables at the positions `kept` go on. */
  keep(kept: Int32Array): void {
    const { arena } = this.#team;
    const count = this.#active.length;
    for (const address of Object.values(this.#arrays)) {
      const view = arena.viewF64(address, count);
      kept.forEach((from, to) => {
        view[to] = view[from]!;
      });
    }
    const index = arena.viewI32(this.#index, count);
    kept.forEach((from, to) => {
      index[to] = index[from]!;
    });
    const { points } = this.#problem;
    if (!('gram' in points)) this.#narrowPanels(kept, count);
    narrowRows(this.#team, this.#cache, count, kept);
    this.#active = Int32Array.from(kept, (i) => this.#active[i]!);
    this.#pad();
  }

  /** Panels are narrowed in place: a point moves to an earlier place only. */
  #narrowPanels(kept: Int32Array, count: number): void {
    const { arena } = this.#team;
    const width = this.#width === 4 ? 16 : 8;
    const columns = this.#columns;
    const numbers = paddedTo16(count) * columns;
    const panels =
      this.#width === 4 ? arena.viewF32(this.#panels, numbers) : arena.viewF64(this.#panels, numbers);
    const placeOf = (i: number) => Math.floor(i / width) * width * columns + (i % width);
    kept.forEach((from, to) => {
      if (from === to) return;
      let [a, b] = [placeOf(from), placeOf(to)];
      for (let j = 0; j < columns; j++, a += width, b += width) panels[b] = panels[a]!;
    });
  }
}

export function notFinite(): JobError {
  return new JobError(
    'job/not-finite',
    'Kernel values left the range of float32 numbers. Scale the columns, or choose a smaller gamma or degree.',
  );
}
