import { columnCell, columnLength } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import { inSlices } from '../core/slices.ts';
import type { JobOptions } from '../jobs/job.ts';
import { predictTable } from '../select/predict-table.ts';
import type { LabelledRows } from './performance/measured-performance.ts';
import type { TrainedModel } from './trained-model.ts';
import type { MonitoredWindow } from './window-report.ts';

/** What the model said of a window's rows, in the terms of its classes. */
export interface PredictedWindow {
  readonly values: Float64Array | readonly Label[];
  /** Of classifiers, rows with probabilities only: lists, the place of what was predicted, and its probability. */
  readonly probabilities: readonly (readonly number[])[] | undefined;
  readonly codes: Int32Array | undefined;
  readonly confidence: Float64Array | undefined;
  readonly labelled: LabelledRows | undefined;
}

/**
 * The predictions that came with a window, else those that the model makes of it now; undefined, with a note, when it cannot.
 * @param unusable Columns that the window lacks or has in another kind than the training.
 */
export async function predictWindow(
  { model, table }: TrainedModel,
  window: MonitoredWindow,
  unusable: readonly string[],
  job: JobOptions,
  notes: string[],
): Promise<PredictedWindow | undefined> {
  let predictions: ArrayLike<Label> | undefined = window.predictions;
  let probabilities = window.probabilities;
  if (predictions === undefined) {
    const lacking = (model.schema.names ?? []).filter(
      (name) => unusable.includes(name) || !window.rows.has(name),
    );
    if (lacking.length > 0) {
      notes.push(`Predictions: cannot be made without ${lacking.join(', ')}.`);
      return undefined;
    }
    const made = await predictTable(model, window.rows, job);
    predictions = made.values as ArrayLike<Label>;
    if (made.kind === 'classification' && made.probabilities !== undefined) {
      const matrix = made.probabilities;
      const lists: number[][] = [];
      await inSlices(matrix.rows, 4096, (from, to) => {
        for (let i = from; i < to; i++) lists.push(Array.from(matrix.row(i)));
      });
      probabilities = lists;
    }
  }
  const labels = window.labels ?? labelsIn(window, table?.target.name);
  if (model.kind === 'regressor') return predictedNumbers(predictions, labels, notes);
  const { classes } = model;
  const place = new Map(classes.map((label, c) => [String(label), c]));
  const labelOf = (given: Label): Label => {
    const c = place.get(String(given));
    return c === undefined ? given : classes[c]!;
  };
  const said = predictions;
  const values: Label[] = [];
  const codes: number[] = [];
  const lists: (readonly number[])[] = [];
  const confidence: number[] = [];
  const truth: Label[] = [];
  const answers: Label[] = [];
  const answerLists: (readonly number[])[] = [];
  await inSlices(said.length, 2048, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = labelOf(said[i]!);
      values.push(value);
      const list = probabilities?.[i];
      const hasList = list?.length === classes.length;
      const code = place.get(String(value));
      if (hasList && code !== undefined) {
        codes.push(code);
        lists.push(list);
        confidence.push(list[code]!);
      }
      const label = labels?.[i];
      if (!isKnown(label)) continue;
      truth.push(labelOf(label));
      answers.push(value);
      if (hasList) answerLists.push(list);
    }
  });
  const has = codes.length > 0;
  return {
    values,
    codes: has ? Int32Array.from(codes) : undefined,
    probabilities: has ? lists : undefined,
    confidence: has ? Float64Array.from(confidence) : undefined,
    labelled:
      truth.length === 0
        ? undefined
        : {
            kind: 'classification',
            truth,
            predictions: answers,
            probabilities: answerLists.length === truth.length ? answerLists : undefined,
            classes,
            positiveClass: model.positiveClass ?? undefined,
          },
  };
}

function predictedNumbers(
  predictions: ArrayLike<Label>,
  labels: readonly (Label | null)[] | undefined,
  notes: string[],
): PredictedWindow {
  const values = Float64Array.from(predictions, Number);
  const truth: number[] = [];
  const said: number[] = [];
  let unread = 0;
  for (let i = 0; i < values.length; i++) {
    const label = labels?.[i];
    if (!isKnown(label)) continue;
    const number = typeof label === 'string' && label.trim() === '' ? Number.NaN : Number(label);
    if (!Number.isFinite(number) || !Number.isFinite(values[i])) {
      unread++;
      continue;
    }
    truth.push(number);
    said.push(values[i]!);
  }
  if (unread > 0)
    notes.push(`Performance: ${unread} labels or predictions are no finite numbers and were left out.`);
  return {
    values,
    codes: undefined,
    probabilities: undefined,
    confidence: undefined,
    labelled:
      truth.length === 0
        ? undefined
        : { kind: 'regression', truth: Float64Array.from(truth), predictions: Float64Array.from(said) },
  };
}

function isKnown(label: Label | null | undefined): label is Label {
  return label !== null && label !== undefined && !Number.isNaN(label);
}

/** The truth that stands in the table itself, as in a file of the training's form. */
function labelsIn(
  { rows }: MonitoredWindow,
  target: string | undefined,
): readonly (Label | null)[] | undefined {
  if (target === undefined || !rows.has(target)) return undefined;
  const column = rows.column(target);
  return Array.from({ length: columnLength(column) }, (_, i) => {
    const cell = columnCell(column, i);
    return cell instanceof Date ? cell.getTime() : cell;
  });
}
