import { type Column, Frame } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import { sharedArray } from '../core/shared.ts';
import { inSlices } from '../core/slices.ts';
import type { JobOptions } from '../jobs/job.ts';
import type { FeatureDrift } from './drift/feature-drift.ts';
import { featureDriftAsync } from './drift/feature-drift-async.ts';
import type { ReferenceSummary } from './drift/summarise-reference.ts';
import { alphaShares, type MonitorSettings } from './monitor-options.ts';
import { alignColumn } from './quality/align-column.ts';
import type { TrainedModel } from './trained-model.ts';
import type { PredictedWindow } from './window-predictions.ts';

/** Predictions, how sure they are, and the labels that have come, against those of the training. */
export async function predictionDrift(
  trained: TrainedModel,
  predicted: PredictedWindow | undefined,
  { alpha, drift: { numeric, categorical, bins }, randomState }: MonitorSettings,
  notes: string[],
  job: JobOptions,
): Promise<FeatureDrift | null> {
  if (predicted === undefined) return null;
  if (trained.predicted === undefined) {
    notes.push('Drift of predictions: the model does not remember its own predictions in training.');
    return null;
  }
  const options = { numeric, categorical, bins, randomState };
  const current: [string, Column][] = [['prediction', await columnOf(predicted.values)]];
  if (predicted.confidence !== undefined) {
    current.push(['confidence', { kind: 'number', values: predicted.confidence }]);
  }
  const compared = await compare(
    trained.predicted,
    new Frame(current),
    { ...options, alpha: (2 / 3) * alpha * alphaShares.predictions },
    job,
  );
  const target = trained.table?.target.name;
  const then = trained.reference?.columns.find(({ name }) => name === target);
  const { labelled } = predicted;
  if (then === undefined || labelled === undefined) return compared;
  const labels = await compare(
    { ...trained.reference!, columns: [{ ...then, name: 'target' }] },
    new Frame([['target', await columnOf(labelled.truth)]]),
    { ...options, alpha: (1 / 3) * alpha * alphaShares.predictions },
    job,
  );
  if (compared === null || labels === null) return compared ?? labels;
  return {
    rows: compared.rows,
    drifted: [...compared.drifted, ...labels.drifted],
    columns: [...compared.columns, ...labels.columns],
    tests: compared.tests + labels.tests,
  };
}

/** The columns that both have in kinds that fit. */
async function compare(
  reference: ReferenceSummary,
  current: Frame,
  options: Parameters<typeof featureDriftAsync>[2],
  job: JobOptions,
): Promise<FeatureDrift | null> {
  const columns: [string, Column][] = [];
  for (const { name, kind } of reference.columns) {
    const column = current.has(name) ? alignColumn(current.column(name), kind) : undefined;
    if (column !== undefined) columns.push([name, column]);
  }
  if (columns.length === 0) return null;
  const kept = reference.columns.filter(({ name }) => columns.some(([other]) => other === name));
  return featureDriftAsync({ ...reference, columns: kept }, new Frame(columns, current.rows), options, {
    signal: job.signal,
  });
}

/** Labels as a column; of several kinds, as text. */
async function columnOf(labels: readonly Label[] | Float64Array): Promise<Column> {
  if (labels instanceof Float64Array) return { kind: 'number', values: labels };
  const codes = sharedArray(Int32Array, labels.length);
  const places = new Map<Label, number>();
  await inSlices(labels.length, 8192, (from, to) => {
    for (let i = from; i < to; i++) {
      const label = labels[i]!;
      const place = places.get(label) ?? places.size;
      places.set(label, place);
      codes[i] = place;
    }
  });
  const distinct = [...places.keys()];
  const kinds = new Set(distinct.map((label) => typeof label));
  if (kinds.size === 1 && kinds.has('number')) {
    return { kind: 'number', values: Float64Array.from(codes, (code) => distinct[code] as number) };
  }
  if (kinds.size === 1 && kinds.has('boolean')) {
    return { kind: 'boolean', values: Uint8Array.from(codes, (code) => (distinct[code] === true ? 1 : 0)) };
  }
  // 1 and '1' are one text: levels must differ.
  const levels = [...new Set(distinct.map(String))];
  const level = Int32Array.from(distinct, (label) => levels.indexOf(String(label)));
  return { kind: 'string', codes: codes.map((code) => level[code]!), levels };
}
