import { AbortError, errorFromJson, OptionError } from '../../core/errors.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { Method } from '../../define/definition.ts';
import { mustRunInline } from '../../define/place.ts';
import { packSpecification, type Specification } from '../../define/specification.ts';
import { runInlineAsync } from '../../jobs/inline.ts';
import type { JobOptions, JobWarning, UserFunctions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { defaultThreads } from '../../jobs/threads.ts';
import type { Scorer } from '../../metrics/registry.ts';
import { callerScorer, type FoldPayload, type FoldResult, fitAndScore } from './fold-task.ts';
import { type LabelledRows, type RowsWire, rowsToWire } from './labelled-rows.ts';
import { type ScoredRows, scoreOutputs } from './score-outputs.ts';
import { scorersToWire } from './scoring.ts';
import { Slots } from './slots.ts';

/** What a failed fit or metric counts as: a number (NaN: it is left out of comparisons), or the error is thrown. */
export type ErrorScore = number | 'raise';

export interface FoldRunnerOptions extends Pick<JobOptions, 'threads' | 'onWarning'> {
  readonly data: LabelledRows;
  readonly scoring: readonly Scorer[];
  readonly returnTrainScore?: boolean | undefined;
  readonly errorScore?: ErrorScore | undefined;
  /** How many folds will be there to run at the same time; with fewer than threads, each gets several. */
  readonly width: number;
}

/** One fold's figures. A failed fit has `error` and the error score in all of them. */
export interface FoldOutcome {
  readonly testScores: Readonly<Record<string, number>>;
  readonly trainScores: Readonly<Record<string, number>>;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  readonly cpuSeconds: number;
  /** Why the fit or a metric failed. */
  readonly error: string | undefined;
  /** Nothing came of the fold: the fit failed, or every metric did. */
  readonly failed: boolean;
  readonly outputs: FoldResult['outputs'];
  readonly classPlaces: Int32Array | undefined;
  readonly state: FoldResult['state'];
}

export interface FoldRequest {
  readonly specification: Specification;
  readonly split: Split;
  readonly outputs?: readonly Method[];
  readonly returnState?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Share of this fold that is done, 0 … 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

const taskModule = new URL(`./fold-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  .href;

/**
 * Fits specifications on training rows and scores them on test rows, as jobs that share one copy of the data. As many folds
 * run at once as there are threads, each on one thread; only where there are fewer folds than threads does a fold get several.
 */
export class FoldRunner {
  readonly threads: number;
  readonly #options: FoldRunnerOptions;
  readonly #data: RowsWire;
  readonly #slots: Slots;
  readonly #threadsPerFold: number;
  readonly #warned = new Set<string>();

  constructor(options: FoldRunnerOptions) {
    this.threads = checkThreads(options.threads ?? defaultThreads());
    this.#options = options;
    this.#data = rowsToWire(options.data);
    const atOnce = Math.min(this.threads, Math.max(1, options.width));
    this.#slots = new Slots(atOnce);
    this.#threadsPerFold = Math.floor(this.threads / atOnce);
  }

  get data(): LabelledRows {
    return this.#options.data;
  }

  get scoring(): readonly Scorer[] {
    return this.#options.scoring;
  }

  /** @throws AbortError; with `errorScore: 'raise'` what the fit or a metric throws. */
  run(request: FoldRequest): Promise<FoldOutcome> {
    return this.#slots.run(() => this.#runNow(request), request.signal);
  }

  async #runNow(request: FoldRequest): Promise<FoldOutcome> {
    const { errorScore = Number.NaN } = this.#options;
    const start = performance.now();
    let result: FoldResult;
    try {
      result = await this.#start(request);
    } catch (error) {
      if (error instanceof AbortError || errorScore === 'raise') throw error;
      return this.#failed(error, errorScore, (performance.now() - start) / 1000);
    }
    const [failure] = Object.values(result.failures);
    if (failure !== undefined && errorScore === 'raise') throw errorFromJson(failure);
    return {
      ...result,
      testScores: this.#complete(result.testScores, errorScore as number),
      trainScores:
        this.#options.returnTrainScore === true
          ? this.#complete(result.trainScores, errorScore as number)
          : {},
      error: failure?.message,
      failed: failure !== undefined && Object.keys(result.testScores).length === 0,
    };
  }

  #start({
    specification,
    split,
    outputs = [],
    returnState = false,
    signal,
    onProgress,
  }: FoldRequest): Promise<FoldResult> {
    const { scoring, returnTrainScore = false, data } = this.#options;
    const { wire, functions, modules } = packSpecification(specification);
    const payload: FoldPayload = {
      specification: wire,
      data: this.#data,
      split,
      scoring: scorersToWire(specification, scoring, data.classes?.length ?? 0),
      returnTrainScore,
      outputs,
      returnState,
    };
    const job = {
      signal,
      functions: { ...functions, ...callbacks(scoring) },
      onProgress: onProgress && (({ fraction }: { readonly fraction: number }) => onProgress(fraction)),
      onWarning: (warning: JobWarning) => this.#warn(warning),
    };
    if (mustRunInline(modules)) {
      return runInlineAsync((inline) => fitAndScore(specification, payload, inline), job);
    }
    return runJob<FoldPayload, FoldResult>({
      ...job,
      module: taskModule,
      name: 'foldTask' satisfies keyof typeof import('./fold-task.ts'),
      payload,
      threads: this.#threadsPerFold,
    });
  }

  /** Without a listener, each kind of warning is shown once: the same one comes from most folds. */
  #warn(warning: JobWarning): void {
    if (this.#options.onWarning !== undefined) this.#options.onWarning(warning);
    else if (!this.#warned.has(warning.code)) {
      this.#warned.add(warning.code);
      process.emitWarning(`${warning.message} (Further warnings of this kind are not shown.)`, {
        code: warning.code,
      });
    }
  }

  #complete(scores: Readonly<Record<string, number>>, errorScore: number): Record<string, number> {
    return Object.fromEntries(this.scoring.map(({ name }) => [name, scores[name] ?? errorScore]));
  }

  #failed(error: unknown, errorScore: number, seconds: number): FoldOutcome {
    const scores = this.#complete({}, errorScore);
    return {
      testScores: scores,
      trainScores: this.#options.returnTrainScore === true ? scores : {},
      fitSeconds: seconds,
      scoreSeconds: 0,
      cpuSeconds: seconds * this.#threadsPerFold,
      error: error instanceof Error ? error.message : String(error),
      failed: true,
      outputs: {},
      classPlaces: undefined,
      state: undefined,
    };
  }
}

/** The metrics that are computed on this thread, since no worker could import them. */
function callbacks(scoring: readonly Scorer[]): UserFunctions {
  return Object.fromEntries(
    scoring.map((scorer) => [callerScorer(scorer.name), (rows: ScoredRows) => scoreOutputs(scorer, rows)]),
  );
}

function checkThreads(threads: number): number {
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new OptionError('option/invalid', `threads must be a whole number of at least 1, got ${threads}.`, {
    option: 'threads',
  });
}
