import { isDeepStrictEqual } from 'node:util';
import { JobError, OptionError } from '../../core/errors.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { Specification } from '../../define/specification.ts';
import type { FoldRunner } from '../cross-validate/fold-runner.ts';
import type { StudyFile } from '../study/study-file.ts';
import { type Budget, costOf, usedShare } from './budget.ts';
import { evaluateTrial, type ParamValues, paramsOf, type TrialContext } from './evaluate-trial.ts';
import { withOptions } from './option-paths.ts';
import { runInOrder } from './run-in-order.ts';
import type { SearchOptions } from './search-options.ts';
import type { Findings } from './search-result.ts';
import { type Ranking, rankTrials, type Trial } from './trial.ts';

/** Numbered trials that depend on nothing but those up to a lag before them. */
export interface TrialSeries {
  /** Numbers `from` … `to − 1`. */
  readonly from: number;
  readonly to: number;
  /** A trial sees those up to its number − `lag`; Infinity when it looks at none. */
  readonly lag: number;
  readonly splits: readonly Split[];
  readonly prune?: boolean;
  readonly rung?: Trial['rung'];
  readonly propose: (number: number, visible: readonly Trial[]) => ParamValues;
}

/** A running search: hands out trials, keeps them, watches the budget. */
export class SearchSession {
  readonly #context: TrialContext;
  readonly #options: SearchOptions;
  readonly #study: StudyFile | undefined;
  readonly #total: number;
  readonly #start = performance.now();
  readonly #values = new Map<number, ParamValues>();
  readonly #trials: Trial[] = [];
  #cpuSeconds = 0;
  #best: Trial | undefined;

  /** @param total How many trials there will be at most. */
  constructor(context: TrialContext, options: SearchOptions, study: StudyFile | undefined, total: number) {
    this.#context = context;
    this.#options = options;
    this.#study = study;
    this.#total = total;
  }

  get ranking(): Ranking {
    return this.#context.ranking;
  }

  get runner(): FoldRunner {
    return this.#context.runner;
  }

  get #budget(): Budget {
    return this.#options.budget ?? {};
  }

  get #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Whether no further trial may start. */
  get isSpent(): boolean {
    return usedShare(this.#budget, this.#seconds, this.#cpuSeconds) >= 1;
  }

  /** Runs trials, except those that the study has already; fewer than asked for when the budget is spent. */
  runSeries({ from, to, lag, splits, prune = false, rung, propose }: TrialSeries): Promise<Trial[]> {
    const { threads } = this.runner;
    const atOnce = Math.min(lag, to - from, threads);
    const foldsAtOnce = prune ? Math.max(1, Math.floor(threads / atOnce)) : splits.length;
    return runInOrder<Trial>({
      ...{ from, to, lag, width: atOnce, signal: this.#options.signal },
      start: (number, visible, signal) => {
        const known = this.#study?.known.get(number);
        if (known === undefined && this.isSpent) return undefined;
        const values = propose(number, visible);
        this.#values.set(number, values);
        const prunedBy = prune ? visible : undefined;
        return known === undefined
          ? this.#evaluate({ number, values, splits, rung, prunedBy, foldsAtOnce, signal })
          : this.#recall(known, values);
      },
    });
  }

  async #evaluate(request: Parameters<typeof evaluateTrial>[1]): Promise<Trial> {
    const trial = await evaluateTrial(this.#context, request);
    this.#study?.save(trial);
    this.#report(trial);
    return trial;
  }

  async #recall(known: Trial, values: ParamValues): Promise<Trial> {
    if (!isDeepStrictEqual(known.params, paramsOf(values))) {
      throw new OptionError(
        'study/mismatch',
        `Trial ${known.number} of the study tried other values than this version proposes. Take another name for the study.`,
        { option: 'study', trial: known.number },
      );
    }
    this.#report(known);
    return known;
  }

  #report(trial: Trial): void {
    this.#trials.push(trial);
    this.#cpuSeconds += trial.cpuSeconds;
    this.#options.onTrial?.(trial);
    [this.#best] = rankTrials(this.#best === undefined ? [trial] : [this.#best, trial], this.ranking);
    const best = this.#best;
    const done = Math.max(
      this.#trials.length / this.#total,
      usedShare(this.#budget, this.#seconds, this.#cpuSeconds),
    );
    this.#options.onProgress?.({
      fraction: Math.min(1, done),
      message:
        `trial ${this.#trials.length} of ${this.#total}` +
        (best === undefined ? '' : `, best ${this.ranking.metric} ${best.score.toPrecision(4)}`),
    });
  }

  /**
   * @param eligible The trials among which the best is taken.
   * @throws JobError when none of them gave a score.
   */
  conclude<Spec extends Specification>(specification: Spec, eligible: readonly Trial[]): Findings<Spec> {
    const trials = this.#trials.toSorted((a, b) => a.number - b.number);
    const [bestTrial] = rankTrials(eligible, this.ranking);
    if (bestTrial === undefined) throw nothingFound(trials);
    return {
      bestSpecification: withOptions(specification, this.#values.get(bestTrial.number)!),
      bestParams: bestTrial.params,
      bestScore: bestTrial.score,
      bestTrial,
      trials,
      ranking: this.ranking,
      spent: {
        trials: trials.length,
        seconds: this.#seconds,
        cpuSeconds: this.#cpuSeconds,
        cost: costOf(this.#cpuSeconds, this.#budget),
      },
    };
  }
}

function nothingFound(trials: readonly Trial[]): JobError {
  const reason = trials.find(({ error }) => error !== undefined)?.error;
  return new JobError(
    'search/nothing-found',
    trials.length === 0
      ? 'The budget was spent before the first trial. Give the search more.'
      : `None of the ${trials.length} trials gave a score.${reason === undefined ? '' : ` The first says: ${reason}`}`,
    { trials: trials.length },
  );
}
