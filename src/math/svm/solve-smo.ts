import type { Workers } from '../least-squares-problem.ts';
import { Smo } from './smo.ts';
import { isLarge, type SmoProblem, type SmoSolution } from './smo-problem.ts';

export function solveSmo(workers: Workers, problem: SmoProblem): SmoSolution {
  return solveSmos(workers, [problem])[0]!;
}

/**
 * Solves several problems: large ones one after the other, each on all threads, small ones side by side, each on one
 * thread. Together they keep the `cacheBytes` of one.
 */
export function solveSmos(workers: Workers, problems: readonly SmoProblem[]): SmoSolution[] {
  const solutions: SmoSolution[] = [];
  for (let from = 0; from < problems.length; ) {
    let to = from + 1;
    if (!isLarge(problems[from]!)) {
      const most = Math.min(problems.length, from + SIDE_BY_SIDE);
      while (to < most && !isLarge(problems[to]!)) to++;
    }
    const batch = problems.slice(from, to);
    workers.team.arena.scope(() => {
      const solvers = batch.map(
        (problem) => new Smo(workers, { ...problem, cacheBytes: problem.cacheBytes / batch.length }),
      );
      solutions.push(...drive(workers, solvers));
    });
    from = to;
  }
  return solutions;
}

/** Small problems solved at the same time; their number must not depend on the threads. */
const SIDE_BY_SIDE = 16;

/** Runs the steps that the solvers ask for until all are done. */
function drive(workers: Workers, solvers: readonly Smo[]): SmoSolution[] {
  const { team } = workers;
  const runs = solvers.map((solver) => solver.solve());
  const asked = runs.map((run) => run.next());
  return team.arena.scope(() => {
    const list = team.arena.i32(2 * solvers.length);
    for (;;) {
      const waiting = solvers
        .keys()
        .filter((k) => !asked[k]!.done)
        .toArray();
      if (waiting.length === 0) break;
      const begin = performance.now();
      const [only] = waiting;
      if (solvers.length === 1) {
        const steps = asked[only!]!.value as number;
        if (solvers[0]!.isLarge) team.call('svmSteps', solvers[0]!.record, steps);
        else team.solo('svmSteps', solvers[0]!.record, steps);
      } else {
        const pairs = waiting.flatMap((k) => [solvers[k]!.record, asked[k]!.value as number]);
        team.arena.viewI32(list, pairs.length).set(pairs);
        team.call('svmStepsEach', list, waiting.length);
      }
      const ms = performance.now() - begin;
      workers.checkpoint();
      for (const k of waiting) {
        solvers[k]!.took(ms);
        asked[k] = runs[k]!.next();
      }
    }
    return asked.map(({ value }) => value as SmoSolution);
  });
}
