import type { Workers } from '../least-squares-problem.ts';
import type { KernelMachine } from './kernel-machine.ts';
import { classPairs } from './one-vs-one.ts';
import type { KernelPoints } from './points.ts';
import type { PlacedGram, SmoProblem, SmoSolution } from './smo-problem.ts';
import { solveSmos } from './solve-smo.ts';

export interface SolverOptions {
  readonly tol: number;
  readonly maxIter: number;
  readonly shrinking: boolean;
  readonly cacheBytes: number;
}

export interface OneVsOneProblem extends SolverOptions {
  readonly points: KernelPoints | PlacedGram;
  readonly codes: Int32Array;
  readonly classes: number;
  /** Upper bound of each row's α, C times its weight. */
  readonly bounds: Float64Array;
  readonly onProgress?: (fraction: number) => void;
}

export interface OneVsOneFit extends Pick<KernelMachine, 'support' | 'coefs' | 'segments' | 'intercept'> {
  /** Support vectors of each class. */
  readonly nSupport: Int32Array;
  /** Steps of each pair. */
  readonly nIter: Int32Array;
  /** Of the pair that is farthest from optimal. */
  readonly violation: number;
  readonly converged: boolean;
}

const PAIRS_AT_A_TIME = 16;

/**
 * A classifier for each pair of classes (a, b), a < b, on their rows: its decision is above 0 for a. Support vectors
 * are sorted by class, then row; `coefs` holds (classes − 1) × support vectors: of a support vector of class c, row r
 * is its coefficient against class r (r < c) or r + 1.
 */
export function fitOneVsOne(workers: Workers, problem: OneVsOneProblem): OneVsOneFit {
  const { points, codes, classes, bounds, onProgress, ...options } = problem;
  const members = rowsOfClasses(codes, classes);
  const pairs = [...classPairs(classes)];
  const shares = new Float64Array(pairs.length);
  let done = 0;
  const report = (pair: number, share: number) => {
    done += share - shares[pair]!;
    shares[pair] = share;
    onProgress?.(Math.min(done / pairs.length, 1));
  };
  const problemOf = ([a, b]: readonly [number, number], pair: number): SmoProblem => {
    const rows = Int32Array.from([...members[a]!, ...members[b]!]);
    const sign = Float64Array.from(rows, (_, i) => (i < members[a]!.length ? 1 : -1));
    return {
      ...{ ...options, points, rows, epsilon: 0 },
      p: sign.map((s) => -s),
      low: sign.map((s, i) => (s < 0 ? -bounds[rows[i]!]! : 0)),
      high: sign.map((s, i) => (s > 0 ? bounds[rows[i]!]! : 0)),
      onProgress: (fraction) => report(pair, fraction),
    };
  };
  const solutions: SmoSolution[] = [];
  // Problems are made a few at a time: together they are (classes − 1) times as large as the data.
  for (let from = 0; from < pairs.length; from += PAIRS_AT_A_TIME) {
    const some = pairs.slice(from, from + PAIRS_AT_A_TIME);
    solutions.push(
      ...solveSmos(
        workers,
        some.map((pair, i) => problemOf(pair, from + i)),
      ),
    );
    for (const i of some.keys()) report(from + i, 1);
  }
  return { ...assemble(solutions, pairs, members), ...summarise(solutions) };
}

function summarise(solutions: readonly SmoSolution[]) {
  return {
    intercept: Float64Array.from(solutions, ({ intercept }) => intercept),
    nIter: Int32Array.from(solutions, ({ iterations }) => iterations),
    violation: solutions.reduce((most, { violation }) => Math.max(most, violation), 0),
    converged: solutions.every(({ converged }) => converged),
  };
}

function rowsOfClasses(codes: Int32Array, classes: number): Int32Array[] {
  const members: number[][] = Array.from({ length: classes }, () => []);
  codes.forEach((code, row) => {
    members[code]!.push(row);
  });
  return members.map((rows) => Int32Array.from(rows));
}

function assemble(
  solutions: readonly SmoSolution[],
  pairs: readonly (readonly [a: number, b: number])[],
  members: readonly Int32Array[],
) {
  const isSupport = members.map((rows) => new Uint8Array(rows.length));
  solutions.forEach(({ beta }, pair) => {
    const [a, b] = pairs[pair]!;
    const split = members[a]!.length;
    beta.forEach((value, i) => {
      if (value !== 0) isSupport[i < split ? a : b]![i < split ? i : i - split] = 1;
    });
  });
  const chosen = members.map((rows, c) => rows.filter((_, i) => isSupport[c]![i] === 1));
  const nSupport = Int32Array.from(chosen, (rows) => rows.length);
  const starts = [0];
  for (const count of nSupport) starts.push(starts.at(-1)! + count);
  const total = starts.at(-1)!;
  const coefs = new Float64Array((members.length - 1) * total);
  /** Coefficients against class `other` of the support vectors of class c. */
  const place = (c: number, other: number) => (other < c ? other : other - 1) * total + starts[c]!;
  const segments: number[] = [];
  solutions.forEach(({ beta }, pair) => {
    const [a, b] = pairs[pair]!;
    const split = members[a]!.length;
    for (const [c, other, offset] of [
      [a, b, 0],
      [b, a, split],
    ] as const) {
      let at = place(c, other);
      isSupport[c]!.forEach((is, i) => {
        if (is === 1) coefs[at++] = beta[offset + i]!;
      });
      segments.push(pair, place(c, other), starts[c]!, starts[c + 1]!);
    }
  });
  const support = Int32Array.from(chosen.flatMap((rows) => [...rows]));
  return { support, nSupport, coefs, segments: Int32Array.from(segments) };
}
