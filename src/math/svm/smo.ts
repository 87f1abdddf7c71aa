import { SVM_DONE, SVM_ITERATIONS, SVM_LEAST_UP, SVM_MISSES, SVM_MOST_DOWN } from '../../kernels/layout.ts';
import type { Workers } from '../least-squares-problem.ts';
import { smoGradients } from './smo-gradients.ts';
import { smoIntercept } from './smo-intercept.ts';
import { notFinite, SmoMemory } from './smo-memory.ts';
import { isLarge, type SmoProblem, type SmoSolution } from './smo-problem.ts';

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
  readonly #memory: SmoMemory;
  readonly #size: number;
  readonly isLarge: boolean;
  #firstViolation = Number.POSITIVE_INFINITY;
  #steps = 16;
  #reported = 0;

  constructor(workers: Workers, problem: SmoProblem) {
    this.#workers = workers;
    this.#problem = problem;
    this.#size = problem.rows.length;
    this.isLarge = isLarge(problem);
    this.#memory = new SmoMemory(workers.team, problem);
    const isMoved = this.#memory.beta.some((value) => value !== 0);
    this.#memory.activate(isMoved ? this.#gradients() : problem.p);
  }

  /** Address of what the kernels know of the problem. */
  get record(): number {
    return this.#memory.record;
  }

  get #view(): Float64Array {
    return this.#memory.view;
  }

  /** Kβ + p of all variables, from scratch. */
  #gradients(): Float64Array {
    return smoGradients(this.#workers, this.#problem, this.#memory);
  }

  /** Asks for steps, by their number, until the problem is solved. */
  *solve(): Generator<number, SmoSolution, undefined> {
    const { maxIter, shrinking } = this.#problem;
    const period = Math.min(this.#size, 1000);
    const first = this.#memory.cachesAll ? PATIENCE * this.#size : period;
    let next = shrinking ? first : Number.POSITIVE_INFINITY;
    for (;;) {
      yield* this.#run(Math.min(maxIter, next));
      const { [SVM_ITERATIONS]: iterations, [SVM_DONE]: done } = this.#view;
      const ended = done !== 0 || iterations! >= maxIter;
      if (ended) {
        if (this.#memory.isWhole) return this.#solution();
        this.#memory.collect();
        this.#memory.activate(this.#gradients());
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

  /**
   * Leaves out the variables that neither way of moving would be chosen for, as long as the extremes only come closer
   * (Fan, Chen and Lin; T. Joachims, "Making large-scale SVM learning practical", 1999).
   */
  #shrink(): void {
    const memory = this.#memory;
    const count = memory.active.length;
    const [least, most] = [this.#view[SVM_LEAST_UP]!, this.#view[SVM_MOST_DOWN]!];
    const [fs, ups, downs] = [memory.values('f'), memory.values('up'), memory.values('down')];
    const kept: number[] = [];
    for (let i = 0; i < count; i++) {
      if (!(fs[i]! + ups[i]! > most && fs[i]! + downs[i]! < least)) kept.push(i);
    }
    if (count - kept.length < WORTHWHILE * count || kept.length < 2) return;
    memory.collect();
    memory.keep(Int32Array.from(kept));
  }

  #solution(): SmoSolution {
    this.#memory.collect();
    const { beta: betas } = this.#memory;
    const { p, epsilon, tol } = this.#problem;
    const view = this.#view;
    const f = this.#memory.values('f').slice();
    if (!f.every(Number.isFinite)) throw notFinite();
    let objective = 0;
    for (let i = 0; i < f.length; i++) {
      const beta = betas[i]!;
      objective += 0.5 * beta * (f[i]! + p[i]!) + epsilon * Math.abs(beta);
    }
    const violation = this.#violation();
    return {
      ...{ beta: betas, objective, violation },
      intercept: smoIntercept(this.#problem, betas, f),
      iterations: view[SVM_ITERATIONS]!,
      converged: view[SVM_DONE] !== 0 || violation < tol,
      rowsComputed: view[SVM_MISSES]!,
    };
  }
}
