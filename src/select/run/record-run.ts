import { AbortError } from '../../core/errors.ts';
import { type Frame, takeColumn } from '../../core/frame.ts';
import { heddleVersion } from '../../core/version.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { getScorer, type Scorer } from '../../metrics/registry.ts';
import type { AutoTrainOptions } from '../auto/auto-options.ts';
import { divideChoice } from '../auto/divide-choice.ts';
import { encodeRows } from '../cross-validate/labelled-rows.ts';
import { meanAndStd } from '../cross-validate/mean-and-std.ts';
import { learningCurve } from '../curves/learning-curve.ts';
import { weightColumn } from '../feature-columns.ts';
import { fingerprintTable } from '../fingerprint-table.ts';
import { permutationImportance } from '../permutation-importance.ts';
import { timeColumn } from '../time-column.ts';
import type { TrainTableOptions } from '../train-options.ts';
import type { TrainedTable } from '../train-table.ts';
import { profileInJob } from './profile-in-job.ts';
import type { CurveRecord, ImportanceRecord, RunRecord } from './run-record.ts';
import { metricRecords, testRecord } from './test-record.ts';

export interface RunRecordOptions extends JobOptions {
  /** Where the table came from, e.g. a path. */
  readonly source?: string | undefined;
  /** The command that trained, for people to repeat it. */
  readonly command?: string | undefined;
  /** When the run began; default: so long ago as the last fit took. */
  readonly startedAt?: Date | undefined;
  /** Whether to shuffle columns of the test rows. Default true. */
  readonly importances?: boolean | undefined;
  /** Whether to train on parts of the training rows. Default true. */
  readonly learningCurve?: boolean | undefined;
  /** Seconds that importances and learning curve may take, each; what would take longer is left out with a warning. Default 60. */
  readonly seconds?: number | undefined;
}

/** Test rows whose columns are shuffled at most. */
const IMPORTANCE_ROWS = 2000;
const CURVE_FOLDS = 5;
/** Sum of the default sizes of a learning curve, as shares of its largest. */
const CURVE_FITS = 2.75;

/**
 * All that a run leaves to be read later: 95% bootstrap intervals of its test figures, permutation importances on the test rows, a
 * learning curve on the training rows, a profile and fingerprint of the table, and how to repeat it. Plain JSON data.
 * @param table The whole table, as it was given to the training.
 * @param options What it was trained with.
 */
export async function runRecord(
  table: Frame,
  trained: TrainedTable,
  options: TrainTableOptions | AutoTrainOptions,
  how: RunRecordOptions = {},
): Promise<RunRecord> {
  const { choice, evaluation, features, columns } = trained;
  const { target, seed = 42 } = options;
  const { signal } = how;
  const startedAt = how.startedAt ?? new Date(Date.now() - 1000 * trained.seconds);
  const run = { table, trained, options, seed, how, deciding: decidingScorer(trained) };
  const warnings = [...trained.warnings];
  const warn = (message: string) => {
    warnings.push(message);
    how.onWarning?.({ code: 'run/left-out', message });
  };
  const testWeights = weightsAt(run, trained.testRows);
  const metrics = await metricRecords(trained, {
    sampleWeight: testWeights,
    deciding: run.deciding,
    seed,
    signal,
  });
  const importances =
    how.importances === false ? [] : await orLeftOut('permutation importances', run, warn, [], importancesOf);
  const curve =
    how.learningCurve === false ? null : await orLeftOut('the learning curve', run, warn, null, curveOf);
  const isTargetCategorical = choice.problem === 'classification';
  const profile = await profileInJob(table, { target, isTargetCategorical }, { signal });
  const record: RunRecord = {
    format: 1,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    versions: { heddle: heddleVersion(), node: process.version },
    data: {
      source: how.source ?? null,
      ...{ rows: table.rows, columns: table.names.length },
      fingerprint: await fingerprintTable(table),
    },
    problem: { kind: choice.problem, reason: choice.problemReason },
    target,
    classes: evaluation.predictions.kind === 'classification' ? evaluation.predictions.classes : null,
    positiveClass: trained.positiveClass ?? null,
    ...{ features, columns, preparation: trained.steps, rows: trained.rows },
    model: {
      family: choice.family,
      reason: choice.reason,
      specification: choice.specification.toJSON(),
    },
    choice: choice.comparison,
    metrics,
    test: testRecord(trained, seed),
    ...{ importances, learningCurve: curve, profile, warnings },
    repeat: { options, command: how.command ?? null },
  };
  return plain(record);
}

/** What `JSON` makes of a record: dates as text, numbers that are not finite as null, no undefined fields. */
function plain(record: RunRecord): RunRecord {
  return JSON.parse(
    JSON.stringify(record, (_key, value: unknown) =>
      ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value,
    ),
  ) as RunRecord;
}

interface Run {
  readonly table: Frame;
  readonly trained: TrainedTable;
  readonly options: TrainTableOptions | AutoTrainOptions;
  readonly seed: number;
  readonly how: RunRecordOptions;
  readonly deciding: Scorer;
}

/** The metric that decided, else the one that would have. */
function decidingScorer({ choice, truth, classes }: TrainedTable): Scorer {
  if (choice.comparison !== null) return getScorer(choice.comparison.metric);
  if (choice.problem === 'regression') return getScorer('r2');
  if (classes!.length > 2) return getScorer('f1');
  const codes = truth.kind === 'string' ? truth.codes : truth.values;
  return getScorer(codes.some((code) => code !== codes[0]) ? 'rocAuc' : 'accuracy');
}

const DEFAULT_SECONDS = 60;
/** Timers count to 2³¹ − 1. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** What takes too long, or cannot be had of these rows, is left out: a run without it is still a run. */
async function orLeftOut<R>(
  what: string,
  run: Run,
  warn: (message: string) => void,
  without: R,
  work: (run: Run, signal: AbortSignal) => Promise<R | string>,
): Promise<R> {
  const { signal, seconds = DEFAULT_SECONDS } = run.how;
  const limit = AbortSignal.timeout(Math.min(MOST_TIMER_MS, Math.ceil(seconds * 1000)));
  try {
    const found = await work(run, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    if (typeof found !== 'string') return found;
    warn(`The run has no record of ${what}: ${found}.`);
  } catch (error) {
    if (signal?.aborted || (error instanceof AbortError && !limit.aborted)) throw error;
    const why = limit.aborted
      ? `it took longer than ${seconds} s`
      : (error as Error).message.replace(/\.$/, '');
    warn(`The run has no record of ${what}: ${why}.`);
  }
  return without;
}

async function importancesOf(run: Run, signal: AbortSignal): Promise<ImportanceRecord[] | string> {
  const { table, trained, deciding, seed, how } = run;
  const { features, testRows, truth, model, positiveClass } = trained;
  if (testRows.length < 2) return 'one test row tells nothing';
  const x = table.select(features).take(testRows);
  const { names, importancesMean, importancesStd } = await permutationImportance(model, x, truth as never, {
    scoring: deciding.name,
    randomState: seed,
    maxSamples: Math.min(testRows.length, IMPORTANCE_ROWS),
    ...{ sampleWeight: weightsAt(run, testRows), positiveClass, threads: how.threads, signal },
    onProgress: how.onProgress && (({ fraction }) => how.onProgress!({ fraction, message: 'importances' })),
  });
  if (importancesMean.some(Number.isNaN)) return `${deciding.name} is undefined for the test rows`;
  return names
    .map((column, j) => ({ column, mean: importancesMean[j]!, std: importancesStd[j]! }))
    .sort((a, b) => b.mean - a.mean);
}

async function curveOf(run: Run, signal: AbortSignal): Promise<CurveRecord | string> {
  const { table, trained, options, seed, how, deciding } = run;
  const { features, trainRows, model, positiveClass } = trained;
  const { seconds = DEFAULT_SECONDS } = how;
  const expected = trained.seconds * CURVE_FITS * CURVE_FOLDS;
  if (expected > 2 * seconds) return `it would take about ${Math.round(expected)} s`;
  const x = table.select(features).take(trainRows);
  const take = (name: string) => takeColumn(table.column(name), trainRows);
  const y = take(options.target);
  const group = options.group === undefined ? undefined : take(options.group);
  const time =
    options.time === undefined
      ? undefined
      : takeColumn(timeColumn(options.time, table.column(options.time)), trainRows);
  const rows = { sampleWeight: weightsAt(run, trainRows), groups: group as never, positiveClass };
  const data = await encodeRows(model.specification, x, y as never, rows);
  const divided = await divideChoice(data, { group, time }, { folds: CURVE_FOLDS, seed, signal });
  if (divided === undefined) return 'the training rows cannot be divided into folds';
  const curve = await learningCurve(model.specification, x, y as never, {
    ...rows,
    ...{ cv: divided.splitter, time, scoring: deciding.name, shuffle: true, randomState: seed },
    ...{ threads: how.threads, signal },
    onWarning() {},
    onProgress:
      how.onProgress && (({ fraction }) => how.onProgress!({ fraction, message: 'learning curve' })),
  });
  const points = (scores: readonly Float64Array[]) =>
    scores.map((folds) => {
      const { mean, std } = meanAndStd(Array.from(folds));
      return { mean: Number.isFinite(mean) ? mean : null, std: Number.isFinite(std) ? std : null };
    });
  return {
    metric: deciding.name,
    trainSizes: Array.from(curve.trainSizes),
    trainScores: points(curve.trainScores[deciding.name]!),
    testScores: points(curve.testScores[deciding.name]!),
  };
}

function weightsAt({ table, options }: Run, rows: Int32Array): Float64Array | undefined {
  if (options.weight === undefined) return undefined;
  const weights = weightColumn(options.weight, table.column(options.weight));
  return Float64Array.from(rows, (row) => weights[row]!);
}
