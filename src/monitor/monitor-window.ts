import { DataError, OptionError, suggestion } from '../core/errors.ts';
import { type Column, Frame } from '../core/frame.ts';
import { parseOptions } from '../core/options.ts';
import type { JobOptions } from '../jobs/job.ts';
import type { FeatureDrift } from './drift/feature-drift.ts';
import type { ReferenceSummary } from './drift/summarise-reference.ts';
import {
  alphaShares,
  type MonitorOptions,
  type MonitorSettings,
  monitorOptionsSchema,
} from './monitor-options.ts';
import { type DomainDrift, domainDrift } from './multivariate/domain-drift.ts';
import { predictionDrift } from './prediction-drift.ts';
import { alignColumn } from './quality/align-column.ts';
import type { QualityReport } from './quality/check-quality.ts';
import { inspectWindow } from './quality/inspect-task.ts';
import type { TrainedModel } from './trained-model.ts';
import { alarmsOf } from './window-alarms.ts';
import { estimated, estimatedLoss, measured } from './window-performance.ts';
import { predictWindow } from './window-predictions.ts';
import type { MonitoredWindow, WindowReport } from './window-report.ts';

/** What a window is compared with beside the model's own memory. */
export interface MonitorReference {
  /** Rows that the window is compared with instead of what the model remembers of its training. */
  readonly rows?: Frame | undefined;
  /** Rows of the training itself: for multivariate drift, which a memory of single columns cannot show. */
  readonly trainingRows?: Frame | undefined;
  /** Rows before the window, with labels: a regressor's errors are estimated from them where the window has no labels yet. */
  readonly labelled?: MonitoredWindow | undefined;
}

/**
 * Checks rows that a model predicted against what it was trained on: data quality, drift of each feature, of the predictions and of
 * all columns together, measured performance where labels are known, and for classifiers with probabilities the
 * performance to be expected where they are not (for regressors by labelled rows before the window). Every alarm needs an effect beyond what chance gives *and* beyond a threshold; a window
 * without change raises any alarm with probability of at most about `alpha` (default 0.05), over all columns and checks.
 * @throws OptionError; DataError when the window has no rows, or neither the model nor the caller gives a reference; AbortError.
 */
export async function monitorWindow(
  trained: TrainedModel,
  window: MonitoredWindow,
  options: MonitorOptions & { readonly reference?: MonitorReference | undefined } = {},
  job: JobOptions = {},
): Promise<WindowReport> {
  const { reference: given, ...rest } = options;
  const settings = parseOptions(monitorOptionsSchema, rest, 'monitorWindow');
  const notes: string[] = [];
  const names = trained.model.schema.names ?? [];
  const features = names.filter((name) => !settings.ignore.includes(name));
  checkNames(settings, names);
  const reference = referenceOf(trained, given?.rows, features);
  if (window.rows.rows === 0) {
    throw new DataError('data/no-rows', 'The window has no rows: there is nothing to check.');
  }
  const { alpha, thresholds, randomState } = settings;
  const { quality, features: drift } = await inspectWindow(
    {
      reference,
      window: withoutOthers(window.rows, trained, settings.ignore),
      expected: features,
      limits: { outOfRange: thresholds.outOfRange, alpha: alpha * alphaShares.quality },
      drift: { ...settings.drift, alpha: alpha * alphaShares.features, randomState },
    },
    job,
  );
  const predicted = await predictWindow(trained, window, unusable(quality), job, notes);
  const report = {
    rows: window.rows.rows,
    ...spanOf(window.at),
    quality,
    features: drift,
    predictions: await predictionDrift(trained, predicted, settings, notes, job),
    multivariate: await multivariate(
      given?.rows ?? given?.trainingRows,
      window.rows,
      drift,
      settings,
      notes,
      job,
    ),
    performance: await measured(trained, predicted, settings, notes, job),
    estimated: await estimated(trained, predicted, settings, notes),
    estimatedLoss: await estimatedLoss(
      ...([trained, window, given?.labelled, predicted, quality.comparable] as const),
      ...([settings, notes, job] as const),
    ),
  };
  return { ...report, alarms: alarmsOf(report), notes };
}

/** Rows where they are given, with the model's columns only; else what the model remembers. */
function referenceOf(
  { reference }: TrainedModel,
  rows: Frame | undefined,
  features: readonly string[],
): ReferenceSummary | Frame {
  if (rows !== undefined) return rows.select(rows.names.filter((name) => features.includes(name)));
  if (reference !== undefined) return reference;
  throw new DataError(
    'data/no-reference',
    'The model does not remember its training rows (an older file, or saved by saveModel): give rows to compare with as a reference, or train it again with `heddle train`.',
  );
}

/** Names with settings of their own must be the model's. */
function checkNames({ drift, ignore }: MonitorSettings, names: readonly string[]): void {
  for (const [option, given] of [
    ['drift.columns', Object.keys(drift.columns)],
    ['ignore', ignore],
  ] as const) {
    const unknown = given.find((name) => !names.includes(name));
    if (unknown === undefined) continue;
    throw new OptionError(
      'option/invalid',
      `${option}: the model has no column '${unknown}'.${suggestion(unknown, names)}`,
      { option, column: unknown },
    );
  }
}

/** Columns with another task than a feature's are no surprise. */
function withoutOthers(rows: Frame, { table }: TrainedModel, ignore: readonly string[]): Frame {
  const { group, time } = table?.split ?? {};
  const dropped = table?.options?.drop ?? [];
  const others = [table?.target.name, table?.weight, group, time, ...dropped, ...ignore];
  return rows.select(rows.names.filter((name) => !others.includes(name)));
}

/** Columns that the model cannot have as it knows them. */
function unusable({ issues }: QualityReport): string[] {
  return issues.flatMap(({ kind, column }) =>
    kind === 'missing-column' || kind === 'wrong-kind' ? [column] : [],
  );
}

function spanOf(at: Float64Array | undefined): Pick<WindowReport, 'from' | 'until'> {
  if (at === undefined || at.length === 0) return { from: null, until: null };
  let least = Infinity;
  let most = -Infinity;
  for (const time of at) {
    least = Math.min(least, time);
    most = Math.max(most, time);
  }
  return { from: new Date(least).toISOString(), until: new Date(most).toISOString() };
}

async function multivariate(
  reference: Frame | undefined,
  window: Frame,
  drift: FeatureDrift | null,
  { alpha, thresholds, multivariate: isWanted, randomState }: MonitorSettings,
  notes: string[],
  { signal, threads }: JobOptions,
): Promise<DomainDrift | null> {
  if (!isWanted || drift === null) return null;
  if (reference === undefined) {
    notes.push('Multivariate drift: needs rows of the training as a reference.');
    return null;
  }
  const before: [string, Column][] = [];
  const after: [string, Column][] = [];
  for (const { column: name, kind } of drift.columns) {
    if (!reference.has(name)) continue;
    const [a, b] = [reference, window].map((frame) => alignColumn(frame.column(name), kind));
    if (a === undefined || b === undefined) continue;
    before.push([name, a]);
    after.push([name, b]);
  }
  try {
    return await domainDrift(
      new Frame(before, reference.rows),
      new Frame(after, window.rows),
      { alpha: alpha * alphaShares.multivariate, threshold: thresholds.area, randomState },
      { signal, threads },
    );
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    notes.push(`Multivariate drift: ${error.message}`);
    return null;
  }
}
