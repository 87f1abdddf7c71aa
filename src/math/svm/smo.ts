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
  SVM_ITERATIONS,
  SVM_KERNEL,
  SVM_LEAST_UP,
  SVM_LOW,
  SVM_MISSES,
  SVM_MOST_DOWN,
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
import { isLarge, type SmoProblem, type SmoSolution } from './smo-problem.ts';
import { valueSums } from './value-sums.ts';

/**
 * Rows up to which RBF values are computed in float64, which is slower than in float32 and as exact as the values' own
 * rounding.
 */
const WIDE_ROWS = 256;

function isWide({ name }: KernelFunction, rows: number): boolean {
  return name !== 'rbf' || rows <= WIDE_ROWS;
}

/** Milliseconds of one call; between calls the job may be stopped. */
const CALL_MS = 6;
/**
 * Steps a variable after which some are left out where the cache holds all rows: summing their gradients anew costs
 * about as much as the passes until then, so that a short fit does not pay for it and a long one gains.
 */
const PATIENCE = 2;
/** Variables are left out when at least this share of them can be. */
const WORTHWHILE = 0.15;

/** The solver of one problem; see the kernels in svm-steps.ts. */
export class Smo {
  readonly #workers: Workers;
  readonly #problem: SmoProblem;
  readonly #kernel: KernelFunction;
  readonly #size: number;
  readonly #columns: number;
  /** Address of what the kernels know of the problem. */
  readonly record: number;
  readonly isLarge: boolean;
  readonly #panels: number;
  readonly #arrays: Readonly<
    Record<'f' | 'up' | 'down' | 'beta' | 'low' | 'high' | 'diagonal' | 'squares', number>
  >;
  readonly #index: number;
  readonly #cache: RowCache;
  /** Which variables take part, ascending. */
  #active: Int32Array;
  /** Values of all variables; those that take part have theirs in the arena. */
  readonly #beta: Float64Array;
  #firstViolation = Number.POSITIVE_INFINITY;
  #steps = 16;
  #reported = 0;

  constructor(workers: Workers, problem: SmoProblem) {
    this.#workers = workers;
    this.#problem = problem;
    const { points, rows, start } = problem;
    const { arena, threads } = workers.team;
    this.#kernel = points.kernel;
    this.#size = rows.length;
    this.#columns = 'gram' in points ? 0 : points.columns;
    this.isLarge = isLarge(problem);
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
    this.#cache = allocateRows(workers.team, this.record, this.#size, problem.cacheBytes);
    this.#active = new Int32Array(this.#size);
    this.#beta = start?.slice() ?? new Float64Array(this.#size);
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
    this.#activate(this.#beta.some((value) => value !== 0) ? this.#gradients() : problem.p);
  }

  /**
   * Bytes of a coordinate: many rows of RBF values are computed in float32 from differences, anything else in float64
   * from products.
   */
  get #width(): number {
    return isWide(this.#kernel, this.#size) ? 8 : 4;
  }

  get #view(): Float64Array {
    return this.#workers.team.arena.viewF64(this.record, SVM_SIZE);
  }

  /** Asks for steps, by their number, until the problem is solved. */
  *solve(): Generator<number, SmoSolution, undefined> {
    const { maxIter, shrinking } = this.#problem;
    const period = Math.min(this.#size, 1000);
    const first = holdsAll(this.#cache, this.#size) ? PATIENCE * this.#size : period;
    let next = shrinking ? first : Number.POSITIVE_INFINITY;
    for (;;) {
      yield* this.#run(Math.min(maxIter, next));
      const { [SVM_ITERATIONS]: iterations, [SVM_DONE]: done } = this.#view;
      const ended = done !== 0 || iterations! >= maxIter;
      if (ended) {
        if (this.#active.length === this.#size) return this.#solution();
        this.#collect();
        this.#activate(this.#gradients());
        if (iterations! >= maxIter) return this.#solution();
        next = shrinking ? iterations! + period : Number.POSITIVE_INFINITY;
        continue;
      }
      this.#shrink();
      next = iterations! + period;
    }
  }

  /** Asks for steps until the problem is solved or so many have been made in all. */
  *#run(until: number): Generator<number, void, undefined> {
    for (;;) {
      const left = until - this.#view[SVM_ITERATIONS]!;
      if (left <= 0 || this.#view[SVM_DONE] !== 0) return;
      yield Math.min(left, this.#steps);
      this.#report();
    }
  }

  /** Told how long the steps that were asked for took, with those of others. */
  took(ms: number): void {
    this.#steps = Math.max(1, Math.min(1000, Math.round((this.#steps * CALL_MS) / Math.max(ms, 0.01))));
  }

  /** Progress on a logarithmic scale from the first violation to `tol`. */
  #report(): void {
    const violation = this.#violation();
    if (!Number.isFinite(violation)) return;
    if (this.#firstViolation === Number.POSITIVE_INFINITY) this.#firstViolation = violation;
    const whole = Math.log(this.#firstViolation / this.#problem.tol);
    const share = Math.log(this.#firstViolation / Math.max(violation, this.#problem.tol)) / whole;
    // The violation falls unsteadily; progress only rises.
    if (!(share > this.#reported)) return;
    this.#reported = share;
    this.#problem.onProgress?.(Math.min(share, 0.99));
  }

  #violation(): number {
    const view = this.#view;
    return Math.max(0, view[SVM_MOST_DOWN]! - view[SVM_LEAST_UP]!);
  }

  /** All variables take part, with the gradients given. */
  #activate(gradients: Float64Array): void {
    const { points, low, high, epsilon } = this.#problem;
    const { arena } = this.#workers.team;
    const size = this.#size;
    this.#active = Int32Array.from({ length: size }, (_, i) => i);
    const { f, up, down, beta, diagonal, squares } = this.#arrays;
    const padded = paddedTo16(size);
    const view = (address: number) => arena.viewF64(address, padded);
    const [ups, downs, diagonals, norms] = [view(up), view(down), view(diagonal), view(squares)];
    view(f).set(gradients);
    view(beta).set(this.#beta);
    view(this.#arrays.low).set(low);
    view(this.#arrays.high).set(high);
    const { rows } = this.#problem;
    const isRbf = !('gram' in points) && this.#kernel.name === 'rbf';
    norms.fill(0);
    for (let i = 0; i < size; i++) {
      const value = this.#beta[i]!;
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
    resetRows(this.#workers.team, this.#cache, size);
    this.#view[SVM_DONE] = 0;
  }

  /** K_ii, rounded as the rows are. */
  #ownValue(i: number): number {
    const { points, rows } = this.#problem;
    if (this.#kernel.name === 'rbf') return 1;
    if ('gram' in points) {
      return this.#workers.team.arena.viewF32(points.gram + 4 * rows[i]! * points.size, points.size)[
        rows[i]!
      ]!;
    }
    const row = points.data.subarray(rows[i]! * this.#columns, (rows[i]! + 1) * this.#columns);
    return Math.fround(kernelValue(this.#kernel, row, row));
  }

  /** What pads the last panel can move neither way. */
  #pad(): void {
    const { arena } = this.#workers.team;
    const count = this.#active.length;
    const padded = paddedTo16(count);
    const { f, up, down, diagonal, squares } = this.#arrays;
    arena.viewF64(f, padded).fill(0, count);
    arena.viewF64(up, padded).fill(Number.POSITIVE_INFINITY, count);
    arena.viewF64(down, padded).fill(Number.NEGATIVE_INFINITY, count);
    arena.viewF64(diagonal, padded).fill(1, count);
    arena.viewF64(squares, padded).fill(0, count);
    arena.viewI32(this.#index, padded).fill(0, count);
    this.#view[SVM_ROWS] = padded;
  }

  /** β of those that take part, from the arena. */
  #collect(): void {
    const beta = this.#workers.team.arena.viewF64(this.#arrays.beta, this.#active.length);
    this.#active.forEach((i, at) => {
      this.#beta[i] = beta[at]!;
    });
  }

  /**
   * Leaves out the variables that neither way of moving would be chosen for, as long as the extremes only come closer
   * (Fan, Chen and Lin; T. Joachims, "Making large-scale SVM learning practical", 1999).
   */
  #shrink(): void {
    const { arena } = this.#workers.team;
    const count = this.#active.length;
    const [least, most] = [this.#view[SVM_LEAST_UP]!, this.#view[SVM_MOST_DOWN]!];
    const { f, up, down } = this.#arrays;
    const [fs, ups, downs] = [f, up, down].map((address) => arena.viewF64(address, count)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const kept: number[] = [];
    for (let i = 0; i < count; i++) {
      if (!(fs[i]! + ups[i]! > most && fs[i]! + downs[i]! < least)) kept.push(i);
    }
    if (count - kept.length < WORTHWHILE * count || kept.length < 2) return;
    this.#collect();
    this.#keep(Int32Array.from(kept));
  }

  /** Only the variables at the positions `kept` go on. */
  #keep(kept: Int32Array): void {
    const { team } = this.#workers;
    const { arena } = team;
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
    narrowRows(team, this.#cache, count, kept);
    this.#active = Int32Array.from(kept, (i) => this.#active[i]!);
    this.#pad();
  }

  /** Panels are narrowed in place: a point moves to an earlier place only. */
  #narrowPanels(kept: Int32Array, count: number): void {
    const { arena } = this.#workers.team;
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

  /** Kβ + p of all variables, from scratch. */
  #gradients(): Float64Array {
    const { points, rows, p } = this.#problem;
    const { arena } = this.#workers.team;
    const support = Int32Array.from(rows.keys()).filter((i) => this.#beta[i] !== 0);
    if ('gram' in points) {
      const gradients = p.slice();
      for (const i of support) {
        const row = arena.viewF32(points.gram + 4 * rows[i]! * points.size, points.size);
        const beta = this.#beta[i]!;
        for (let t = 0; t < rows.length; t++) gradients[t]! += beta * row[rows[t]!]!;
        this.#workers.checkpoint();
      }
      return gradients;
    }
    // Gradients of variables that took part all along are at hand; the others' are summed anew.
    const known = this.#active.length < this.#size ? this.#active : new Int32Array(0);
    const gradients = new Float64Array(this.#size).fill(Number.NaN);
    const values = arena.viewF64(this.#arrays.f, known.length);
    known.forEach((i, at) => {
      gradients[i] = values[at]!;
    });
    const unknown = Int32Array.from(rows.keys()).filter((i) => Number.isNaN(gradients[i]));
    const sums = valueSums(
      this.#workers,
      points,
      unknown.map((i) => rows[i]!),
      {
        rows: support.map((i) => rows[i]!),
        coefs: Float64Array.from(support, (i) => this.#beta[i]!),
      },
      this.#width === 8 ? 'rounded' : 'narrow',
    );
    unknown.forEach((i, at) => {
      gradients[i] = p[i]! + sums[at]!;
    });
    return gradients;
  }

  #solution(): SmoSolution {
    this.#collect();
    const { p, epsilon, tol } = this.#problem;
    const view = this.#view;
    const f = this.#workers.team.arena.copyF64(this.#arrays.f, this.#size);
    if (!f.every(Number.isFinite)) throw notFinite();
    let objective = 0;
    for (let i = 0; i < f.length; i++) {
      const beta = this.#beta[i]!;
      objective += 0.5 * beta * (f[i]! + p[i]!) + epsilon * Math.abs(beta);
    }
    const violation = this.#violation();
    return {
      ...{ beta: this.#beta, objective, violation },
      intercept: this.#intercept(f),
      iterations: view[SVM_ITERATIONS]!,
      converged: view[SVM_DONE] !== 0 || violation < tol,
      rowsComputed: view[SVM_MISSES]!,
    };
  }

  /** −b is the mean of f_i ± ε over the variables strictly between bounds, else the middle of what the bounds allow. */
  #intercept(f: Float64Array): number {
    const { low, high, epsilon } = this.#problem;
    let [sum, free, above, below] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < f.length; i++) {
      const beta = this.#beta[i]!;
      const [canRise, canFall] = [beta < high[i]!, beta > low[i]!];
      const rise = f[i]! + (beta < 0 ? -epsilon : epsilon);
      const fall = f[i]! + (beta > 0 ? epsilon : -epsilon);
      if (canRise && canFall && (epsilon === 0 || beta !== 0)) {
        sum += rise;
        free++;
      } else {
        if (canRise) above = Math.min(above, rise);
        if (canFall) below = Math.max(below, fall);
      }
    }
    if (free > 0) return -sum / free;
    if (above === Number.POSITIVE_INFINITY) return below === Number.NEGATIVE_INFINITY ? 0 : -below;
    return below === Number.NEGATIVE_INFINITY ? -above : -(above + below) / 2;
  }
}

function notFinite(): JobError {
  return new JobError(
    'job/not-finite',
    'Kernel values left the range of float32 numbers. Scale the columns, or choose a smaller gamma or degree.',
  );
}
