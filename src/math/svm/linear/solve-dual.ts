import { type RandomState, randomStateFrom } from '../../../core/random.ts';
import type { Workers } from '../../least-squares-problem.ts';
import type { LinearMachine, LinearProblem } from './linear-problem.ts';

/** Multiplications of one call: some milliseconds. */
const WORK_PER_CALL = 1 << 23;

/**
 * Dual coordinate descent (see the kernels `descendHinge` and `descendAbsolute`), over the rows in random order,
 * leaving settled ones out until the rest has converged. One round over the rows is an iteration. The hinge ends when
 * the projected gradients lie within `tol`, errors of values when the sum of violations is `tol` times the first one's.
 */
export function solveDual(workers: Workers, problem: LinearProblem): LinearMachine {
  return workers.team.arena.scope(() => descend(workers, problem));
}

function descend(workers: Workers, problem: LinearProblem): LinearMachine {
  const { team } = workers;
  const { arena } = team;
  const { x, y, sampleWeight, epsilon, squared, C, fitIntercept, interceptScaling, tol, maxIter } = problem;
  const { rows, columns } = x;
  const width = columns + (fitIntercept ? 1 : 0);
  const stride = Math.ceil(width / 4) * 4;
  const data = arena.f64(rows * stride);
  const [targets, squares, extra, upper] = [y, 0, 0, 0].map(() => arena.zeros(rows)) as [
    number,
    number,
    number,
    number,
  ];
  const alpha = arena.zeros(rows);
  const w = arena.zeros(stride);
  const order = arena.i32(rows);
  const extremes = arena.zeros(4);
  const step = Math.max(1, Math.floor(WORK_PER_CALL / (2 * stride)));
  arena.viewF64(targets, rows).set(y);
  const [squaresOf, extraOf, upperOf] = [squares, extra, upper].map((at) => arena.viewF64(at, rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const table = arena.viewF64(data, rows * stride);
  const all: number[] = [];
  for (let i = 0; i < rows; i++) {
    const row = table.subarray(i * stride, (i + 1) * stride).fill(0);
    row.set(x.data.subarray(i * columns, (i + 1) * columns));
    if (fitIntercept) row[columns] = interceptScaling;
    let sum = 0;
    for (let j = 0; j < width; j++) sum += row[j]! * row[j]!;
    const bound = C * (sampleWeight?.[i] ?? 1);
    if (bound > 0) all.push(i);
    // The dual of C e² has a diagonal part 1 / (2C) and no upper bound.
    extraOf[i] = squared ? 0.5 / bound : 0;
    upperOf[i] = squared ? Number.POSITIVE_INFINITY : bound;
    squaresOf[i] = sum + extraOf[i]!;
    if (i % step === 0) workers.checkpoint();
  }
  const random = randomStateFrom(problem.randomState);
  const sweep = (active: Int32Array, before: readonly [number, number]) => {
    const seen = arena.viewF64(extremes, 4);
    if (epsilon === null)
      seen.set([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, before[0], before[1]]);
    else seen.set([0, 0, before[0], 0]);
    arena.viewI32(order, active.length).set(active);
    for (let from = 0; from < active.length; from += step) {
      const to = Math.min(active.length, from + step);
      if (epsilon === null) {
        const rowsAt = [data, stride, targets, squares, extra, upper] as const;
        team.solo('descendHinge', ...rowsAt, alpha, w, order, from, to, extremes);
      } else {
        const rowsAt = [data, stride, targets, squares, extra, upper, epsilon] as const;
        team.solo('descendAbsolute', ...rowsAt, alpha, w, order, from, to, extremes);
      }
      workers.checkpoint();
    }
    const left = arena.viewI32(order, active.length).filter((row) => row >= 0);
    return { left, seen: arena.viewF64(extremes, 4).slice() };
  };
  const everything = Int32Array.from(all);
  const unbounded = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const;
  let active = everything;
  let before: readonly [number, number] = unbounded;
  let first = Number.NaN;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIter && !converged) {
    shuffle(active, random);
    const whole = active.length === everything.length;
    const { left, seen } = sweep(active, before);
    iterations++;
    problem.onIteration?.(iterations);
    active = left.slice();
    const [most, least] = [seen[0]!, seen[1]!];
    if (Number.isNaN(first)) first = least;
    const done = epsilon === null ? most - least <= tol || left.length === 0 : least <= tol * first;
    if (done) {
      converged = whole && left.length === everything.length;
      active = everything.slice();
      before = unbounded;
    } else if (epsilon === null) {
      before = [most <= 0 ? Number.POSITIVE_INFINITY : most, least >= 0 ? Number.NEGATIVE_INFINITY : least];
    } else before = [most, 0];
  }
  const found = arena.viewF64(w, stride);
  return {
    coef: found.slice(0, columns),
    intercept: fitIntercept ? found[columns]! * interceptScaling : 0,
    iterations,
    converged,
  };
}

function shuffle(rows: Int32Array, random: RandomState): void {
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    const row = rows[i]!;
    rows[i] = rows[j]!;
    rows[j] = row;
  }
}
