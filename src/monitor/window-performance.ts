import { type Column, Frame } from '../core/frame.ts';
import type { JobOptions } from '../jobs/job.ts';
import { alphaShares, type MonitorSettings } from './monitor-options.ts';
import { type EstimatedLoss, estimateLoss, LEAST_LABELLED } from './performance/estimated-loss.ts';
import { type EstimatedPerformance, estimatePerformance } from './performance/estimated-performance.ts';
import { type MeasuredPerformance, measurePerformance } from './performance/measured-performance.ts';
import { alignColumn } from './quality/align-column.ts';
import type { TrainedModel } from './trained-model.ts';
import { type PredictedWindow, predictWindow } from './window-predictions.ts';
import type { MonitoredWindow } from './window-report.ts';

export async function measured(
  { table }: TrainedModel,
  predicted: PredictedWindow | undefined,
  { alpha, thresholds, minLabels }: MonitorSettings,
  notes: string[],
  job: Pick<JobOptions, 'signal'>,
): Promise<MeasuredPerformance | null> {
  if (predicted === undefined) return null;
  const { labelled, values } = predicted;
  const rows = labelled?.truth.length ?? 0;
  if (labelled === undefined || rows < minLabels) {
    notes.push(
      rows === 0
        ? 'Performance: no row has a label yet.'
        : `Performance: ${rows} ${rows === 1 ? 'row has' : 'rows have'} a label; ${minLabels} are needed.`,
    );
    return null;
  }
  return measurePerformance(
    labelled,
    rows / values.length,
    table === undefined ? undefined : { metrics: table.metrics, rows: table.rows.test },
    { relative: thresholds.error, absolute: thresholds.accuracy },
    alpha * alphaShares.performance,
    { signal: job.signal },
  );
}

export async function estimated(
  { model, table, predicted: predictedThen }: TrainedModel,
  predicted: PredictedWindow | undefined,
  { alpha, thresholds }: MonitorSettings,
  notes: string[],
): Promise<EstimatedPerformance | null> {
  if (predicted === undefined) return null;
  if (model.kind !== 'classifier') return null;
  const { probabilities, codes } = predicted;
  if (probabilities === undefined || codes === undefined) {
    notes.push('Estimated performance: the model gives no probabilities.');
    return null;
  }
  const { classes, positiveClass } = model;
  const accuracy = table?.metrics.accuracy;
  const positive = classes.length === 2 ? classes.indexOf((positiveClass ?? classes[1]) as never) : null;
  return estimatePerformance(
    {
      ...{ probabilities, predictedThen, positive },
      predicted: codes,
      classes: classes.length,
      trainingAccuracy: typeof accuracy === 'number' ? accuracy : undefined,
    },
    thresholds.accuracy,
    alpha * alphaShares.estimated,
  );
}

/**
 * Of a regressor, whose predictions say nothing of their own errors: from labelled rows outside the window, where there are enough.
 * @param steady Features that the window has in the kinds of the training.
 */
export async function estimatedLoss(
  trained: TrainedModel,
  window: MonitoredWindow,
  labelled: MonitoredWindow | undefined,
  predicted: PredictedWindow | undefined,
  steady: readonly string[],
  { alpha, thresholds, randomState }: MonitorSettings,
  notes: string[],
  { signal, threads }: JobOptions,
): Promise<EstimatedLoss | null> {
  if (predicted === undefined || trained.model.kind !== 'regressor') return null;
  const known = labelled && (await labelledNumbers(trained, labelled, steady, { signal, threads }));
  const rows = known?.truth.length ?? 0;
  if (known === undefined || rows < LEAST_LABELLED) {
    notes.push(
      `Estimated performance: numbers say nothing of their own errors; ${LEAST_LABELLED} labelled rows before the window would (there are ${rows}).`,
    );
    return null;
  }
  const { kinds } = known;
  const current = window.rows.select(known.rows.names);
  const columns = current.entries().flatMap(([name, column]): [string, Column][] => {
    const aligned = alignColumn(column, kinds.get(name)!);
    return aligned === undefined ? [] : [[name, aligned]];
  });
  const shared = columns.map(([name]) => name);
  return estimateLoss(
    { ...known, rows: known.rows.select(shared) },
    { rows: new Frame(columns, current.rows), predictions: predicted.values as Float64Array },
    thresholds.error,
    alpha * alphaShares.estimated,
    { signal, threads, randomState },
  );
}

/** Rows with a label that is a number, with what the model said of them. */
async function labelledNumbers(
  trained: TrainedModel,
  given: MonitoredWindow,
  steady: readonly string[],
  job: JobOptions,
) {
  const rows = Array.from(given.labels?.keys() ?? []).filter((i) => given.labels![i] !== null);
  const picked = Int32Array.from(rows);
  const names = steady.filter((name) => given.rows.has(name));
  const window: MonitoredWindow = {
    rows: given.rows.take(picked),
    predictions: given.predictions && rows.map((i) => given.predictions![i]!),
    labels: rows.map((i) => given.labels![i]!),
  };
  const predicted = await predictWindow(trained, window, [], job, []);
  const labelled = predicted?.labelled;
  // Labels that are no numbers leave rows that cannot be told apart from the others.
  if (labelled?.kind !== 'regression' || labelled.truth.length !== rows.length) return undefined;
  const { truth, predictions } = labelled;
  const table = window.rows.select(names);
  return {
    rows: table,
    truth,
    predictions,
    kinds: new Map(table.entries().map(([n, { kind }]) => [n, kind])),
  };
}
