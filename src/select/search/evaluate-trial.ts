import { AbortError } from '../../core/errors.ts';
import type { Split } from '../../data/split/splitter.ts';
import { isSpecification, type Specification } from '../../define/specification.ts';
import type { ErrorScore, FoldOutcome, FoldRunner } from '../cross-validate/fold-runner.ts';
import { runTogether } from '../cross-validate/run-together.ts';
import { isHopeless } from './median-pruner.ts';
import { withOptions } from './option-paths.ts';
import type { ParamValue } from './search-spaces.ts';
import type { Ranking, Trial } from './trial.ts';

/** Option values by path; specifications stand for whole steps. */
export type ParamValues = Readonly<Record<string, ParamValue | Specification>>;

export interface TrialRequest {
  readonly number: number;
  readonly values: ParamValues;
  readonly splits: readonly Split[];
  readonly rung?: Trial['rung'];
  /** Trials to compare with after each fold; without them every fold is run. */
  readonly prunedBy: readonly Trial[] | undefined;
  /** Folds of this trial that run at once. */
  readonly foldsAtOnce: number;
  readonly signal: AbortSignal;
}

export interface TrialContext {
  readonly specification: Specification;
  readonly runner: FoldRunner;
  readonly ranking: Ranking;
  readonly errorScore: ErrorScore;
}

/**
 * Runs the folds of one trial. With `prunedBy`, folds are judged one after the other, and those behind the fold at which the
 * trial fails or turns out hopeless do not count, even where they ran beside it: the result is the same for any threads.
 * @throws AbortError; with `errorScore: 'raise'` what a fit throws.
 */
export async function evaluateTrial(context: TrialContext, request: TrialRequest): Promise<Trial> {
  const { runner, ranking, errorScore } = context;
  const { values, splits, prunedBy, foldsAtOnce, signal } = request;
  let specification: Specification;
  try {
    specification = withOptions(context.specification, values);
  } catch (error) {
    if (error instanceof AbortError || errorScore === 'raise') throw error;
    return refused(context, request, error);
  }
  const kept: FoldOutcome[] = [];
  let cpuSeconds = 0;
  let seconds = 0;
  let pruned = false;
  for (let from = 0; from < splits.length && !isOver(); from += foldsAtOnce) {
    const outcomes = await runTogether(
      splits
        .slice(from, from + foldsAtOnce)
        .map((split) => (common: AbortSignal) => runner.run({ specification, split, signal: common })),
      signal,
    );
    for (const outcome of outcomes) {
      cpuSeconds += outcome.cpuSeconds;
      seconds += outcome.fitSeconds + outcome.scoreSeconds;
      if (isOver()) continue;
      kept.push(outcome);
      const scores = kept.map(({ testScores }) => testScores[ranking.metric]);
      pruned = prunedBy !== undefined && kept.length < splits.length && isHopeless(scores, prunedBy, ranking);
    }
  }
  return finished(context, request, { kept, pruned, seconds, cpuSeconds });

  function isOver(): boolean {
    return prunedBy !== undefined && (pruned || Number.isNaN(kept.at(-1)?.testScores[ranking.metric] ?? 0));
  }
}

interface TrialFigures {
  readonly kept: readonly FoldOutcome[];
  readonly pruned: boolean;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

function finished(
  { runner, ranking }: TrialContext,
  { number, values, rung }: TrialRequest,
  { kept, pruned, seconds, cpuSeconds }: TrialFigures,
): Trial {
  const scoresOf = (part: 'testScores' | 'trainScores') =>
    Object.fromEntries(runner.scoring.map(({ name }) => [name, kept.map((outcome) => outcome[part][name])]));
  const testScores = scoresOf('testScores');
  const main = testScores[ranking.metric];
  const score = main.reduce((sum, value) => sum + value, 0) / main.length;
  const undefinedAt = main.findIndex(Number.isNaN);
  const error = kept.find((outcome) => outcome.error !== undefined)?.error;
  return {
    ...{ number, params: paramsOf(values), score, testScores, seconds, cpuSeconds },
    state: Number.isNaN(score) ? 'failed' : pruned ? 'pruned' : 'complete',
    trainScores: Object.keys(kept[0].trainScores).length === 0 ? {} : scoresOf('trainScores'),
    error: error ?? (undefinedAt < 0 ? undefined : `${ranking.metric} is undefined in fold ${undefinedAt}.`),
    ...(rung && { rung }),
  };
}

/** A trial whose options do not go together. */
function refused(
  { runner, errorScore }: TrialContext,
  { number, values, splits, rung }: TrialRequest,
  error: unknown,
): Trial {
  const score = errorScore as number;
  return {
    ...{ number, params: paramsOf(values), score, seconds: 0, cpuSeconds: 0, trainScores: {} },
    state: Number.isNaN(score) ? 'failed' : 'complete',
    testScores: Object.fromEntries(runner.scoring.map(({ name }) => [name, splits.map(() => score)])),
    error: error instanceof Error ? error.message : String(error),
    ...(rung && { rung }),
  };
}

export function paramsOf(values: ParamValues): Trial['params'] {
  return Object.fromEntries(
    Object.entries(values).map(([path, value]) => [path, isSpecification(value) ? value.toJSON() : value]),
  );
}
