import { AbortError } from '../../core/errors.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { FoldRunner } from '../cross-validate/fold-runner.ts';
import { evaluateTrial, type ParamValues } from '../search/evaluate-trial.ts';
import { runInOrder } from '../search/run-in-order.ts';
import type { Params } from '../search/search-spaces.ts';
import { lossOf, type Ranking, rankTrials, type Trial } from '../search/trial.ts';
import { trialRandom } from '../search/trial-seed.ts';
import type { Candidate } from './candidates.ts';
import { proposeOptions, type SetOptions } from './propose-options.ts';
import type { Spending } from './spending.ts';

/** What all candidates of a choice share. */
export interface ChoiceContext {
  readonly runner: FoldRunner;
  readonly splits: readonly Split[];
  readonly ranking: Ranking;
  readonly spending: Spending;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  readonly onTrial: (candidate: Candidate, trial: Trial) => void;
}

/** A candidate's trials are under way so many at once; a proposal sees those before. */
const LAG = 4;
/** One trial may take this share of the time at most, so that a slow model leaves room for the others. */
const TRIAL_SHARE = 0.125;

/** Timers count to 2³¹ − 1. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** The trials of one candidate: first its defaults, then what a tree-structured Parzen estimator proposes. */
export class CandidateSearch {
  readonly candidate: Candidate;
  readonly trials: Trial[] = [];
  readonly #context: ChoiceContext;
  readonly #values = new Map<number, ParamValues>();

  constructor(candidate: Candidate, context: ChoiceContext) {
    this.candidate = candidate;
    this.#context = context;
  }

  /** Undefined while no trial is complete. */
  get best(): Trial | undefined {
    return rankTrials(this.trials, this.#context.ranking)[0];
  }

  /** Whether the defaults gave a score and there are options to tune. */
  get isTunable(): boolean {
    return this.best !== undefined && Object.keys(this.candidate.spaces).length > 0;
  }

  /** Option values of a trial, by their paths in the prepared specification. */
  valuesOf(trial: Trial): ParamValues {
    return this.#values.get(trial.number)!;
  }

  /** Tries the given values in every fold. @param isPatient Whether it may take as long as it takes. */
  async tryValues(values: ParamValues, isPatient: boolean): Promise<void> {
    const number = this.trials.length;
    const trial = await this.#run({ number, values, prunedBy: undefined, isPatient });
    if (trial !== undefined) this.trials.push(trial);
  }

  /** At most so many further trials; fewer when the budget ends. Hopeless ones are given up after their first folds. */
  async tune(count: number): Promise<void> {
    const { spending, signal, runner } = this.#context;
    const earlier = [...this.trials];
    const from = earlier.length;
    const found = await runInOrder<Trial | undefined>({
      ...{ from, to: from + count, lag: LAG, width: Math.min(LAG, count, runner.threads), signal },
      start: (number, visible, common) => {
        if (spending.isSpent) return undefined;
        const known = [...earlier, ...visible.filter((trial) => trial !== undefined)];
        const values = this.#propose(number, known);
        return this.#run({ number, values, prunedBy: known, isPatient: false, signal: common });
      },
    });
    this.trials.push(...found.filter((trial) => trial !== undefined));
  }

  #propose(number: number, known: readonly Trial[]): SetOptions {
    const { ranking, splits, seed } = this.#context;
    const observed = known.map((trial) => ({
      params: trial.params as SetOptions,
      loss: lossOf(trial, ranking),
      progress: trial.testScores[ranking.metric]!.length / splits.length,
    }));
    return proposeOptions(this.candidate.spaces, observed, trialRandom(seed, number));
  }

  /** Undefined when the budget ended meanwhile. */
  async #run({ number, values, prunedBy, isPatient, signal }: TrialPlan): Promise<Trial | undefined> {
    const { runner, splits, ranking, spending, onTrial } = this.#context;
    const own = signal ?? this.#context.signal;
    this.#values.set(number, values);
    spending.start();
    const start = performance.now();
    const limits = isPatient ? undefined : timeLimits(spending);
    const stop =
      limits &&
      AbortSignal.timeout(Math.min(MOST_TIMER_MS, Math.ceil(Math.min(limits.trialMs, limits.leftMs))));
    const atOnce = Math.min(LAG, runner.threads);
    const request = {
      ...{ number, values, splits, prunedBy },
      foldsAtOnce: prunedBy === undefined ? splits.length : Math.max(1, Math.floor(runner.threads / atOnce)),
      signal: AbortSignal.any([own, stop].filter((one) => one !== undefined)),
    };
    let trial: Trial;
    try {
      const context = { specification: this.candidate.prepared, runner, ranking, errorScore: Number.NaN };
      trial = await evaluateTrial(context, request);
    } catch (error) {
      if (!(error instanceof AbortError) || own?.aborted || limits === undefined) throw error;
      const seconds = (performance.now() - start) / 1000;
      if (limits.leftMs < limits.trialMs) {
        spending.end(seconds);
        return undefined;
      }
      trial = tooSlow(number, values, ranking, seconds);
    }
    spending.end(trial.cpuSeconds);
    onTrial(this.candidate, trial);
    return trial;
  }
}

interface TrialPlan {
  readonly number: number;
  readonly values: ParamValues;
  readonly prunedBy: readonly Trial[] | undefined;
  readonly isPatient: boolean;
  readonly signal?: AbortSignal;
}

function timeLimits({ budget, msLeft }: Spending): { trialMs: number; leftMs: number } | undefined {
  if (budget.seconds === undefined) return undefined;
  return { trialMs: budget.seconds * 1000 * TRIAL_SHARE, leftMs: msLeft! };
}

/** A fold that was stopped does not say what it cost: its time on one CPU is the least. */
function tooSlow(number: number, values: ParamValues, { metric }: Ranking, seconds: number): Trial {
  return {
    ...{ number, params: values as Params, state: 'failed', score: Number.NaN },
    testScores: { [metric]: [Number.NaN] },
    trainScores: {},
    ...{ seconds, cpuSeconds: seconds },
    error: `took longer than ${seconds.toFixed(1)} s, an eighth of the time`,
  };
}
