import { FileError } from '../core/errors.ts';
import { type Column, columnFromCells, Frame, takeColumn } from '../core/frame.ts';
import { RandomState } from '../core/random.ts';
import { inSlices } from '../core/slices.ts';
import type { AutoTrainOptions } from '../select/auto/auto-options.ts';
import type { Predictor } from '../select/evaluate-model.ts';
import { fingerprintTable } from '../select/fingerprint-table.ts';
import type { Predictions } from '../select/predict-table.ts';
import { findTableRecord, type TableRecord, tableRecord } from '../select/table-record.ts';
import type { TrainTableOptions } from '../select/train-options.ts';
import type { TrainedTable } from '../select/train-table.ts';
import { type LoadedModel, type LoadOptions, loadModel, saveModel } from '../store/model-file.ts';
import { parseReferenceSummary } from './drift/parse-reference-summary.ts';
import { type ReferenceSummary, summariseReference } from './drift/summarise-reference.ts';

/**
 * A model that `trainTable` or `autoTrain` made, as a file that knows where it comes from. The training summary holds, beside
 * what every model has, `table` ({@link TableRecord}), `reference` and `predicted` ({@link TrainedFacts}).
 */

/** Rows that a reference is made of at most: a random sample tells windows apart as well, and sorts in milliseconds. */
const REFERENCE_ROWS = 100_000;

/** What a model file remembers of its training on a table; undefined parts: an older file, or another way of training. */
export interface TrainedFacts {
  readonly table: TableRecord | undefined;
  /** Features and target of the training rows, for `featureDrift`. */
  readonly reference: ReferenceSummary | undefined;
  /** The model's own predictions of the test rows (columns `prediction` and, of classes, `confidence`), for the drift of predictions. */
  readonly predicted: ReferenceSummary | undefined;
}

export interface SaveTrainedOptions {
  /** Where the table came from, e.g. a path or URL. */
  readonly source?: string | undefined;
  /** More for the training summary, by name: plain data and typed arrays. */
  readonly remember?: Readonly<Record<string, object>> | undefined;
}

/**
 * Saves a trained model with what it remembers of its table.
 * @param options What it was trained with.
 * @param table The whole table, as it was given to the training.
 * @throws FileError
 */
export async function saveTrained(
  trained: TrainedTable,
  options: TrainTableOptions | AutoTrainOptions,
  table: Frame,
  path: string,
  { source, remember }: SaveTrainedOptions = {},
): Promise<void> {
  const record = trained.model.record();
  const summary = {
    ...record.summary,
    ...remember,
    table: tableRecord(trained, options, table, {
      source: source ?? null,
      fingerprint: await fingerprintTable(table),
    }),
    reference: await reference(table.select([...trained.features, options.target]), trained.trainRows),
    predicted: await reference(predictionFrame(trained.evaluation.predictions)),
  };
  await saveModel({ record: () => ({ ...record, summary }) }, path);
}

/** What a loaded model remembers of its training. @throws DataError for a reference that is damaged. */
export function trainedFacts({ summary }: Pick<LoadedModel, 'summary'>): TrainedFacts {
  const { reference, predicted } = summary as { readonly reference?: unknown; readonly predicted?: unknown };
  return {
    table: findTableRecord(summary),
    reference: reference === undefined ? undefined : parseReferenceSummary(reference),
    predicted: predicted === undefined ? undefined : parseReferenceSummary(predicted),
  };
}

export interface TrainedModel extends TrainedFacts {
  readonly model: Predictor;
}

/** Loads a model of one target with what it remembers. @throws FileError for a file that holds no such model. */
export async function loadTrained(path: string, options: LoadOptions = {}): Promise<TrainedModel> {
  const model = requirePredictor(await loadModel(path, options), path);
  return { model, ...trainedFacts(model) };
}

/** @throws FileError naming the file when its model predicts no single target. */
export function requirePredictor(model: LoadedModel, path: string): Predictor {
  const { target } = model;
  const isSingle = model.kind === 'regressor' && target.kind === 'values' && !target.several;
  if (isSingle || model.kind === 'classifier') return model as Predictor;
  const what = model.kind === 'regressor' ? 'a regressor of several targets' : `a ${model.kind}`;
  throw new FileError(
    'file/unfit-model',
    `'${path}' holds ${what} (${model.specification.name}); the command takes a model of one target. Use it from TypeScript.`,
    { file: path },
  );
}

/** Column by column, so that the event loop runs in between. */
async function reference(
  table: Frame,
  among: Int32Array = Int32Array.from({ length: table.rows }, (_, i) => i),
): Promise<ReferenceSummary> {
  const isSample = among.length > REFERENCE_ROWS;
  const rows = isSample ? new RandomState(0).permutation(among).slice(0, REFERENCE_ROWS) : among;
  const columns: ReferenceSummary['columns'][number][] = [];
  const entries = table.entries();
  await inSlices(entries.length, 1, (from) => {
    const [name, column] = entries[from]!;
    columns.push(...summariseReference(new Frame([[name, takeColumn(column, rows)]])).columns);
  });
  return { version: 1, rows: rows.length, columns };
}

function predictionFrame(predictions: Predictions): Frame {
  if (predictions.kind === 'regression')
    return new Frame([['prediction', { kind: 'number', values: predictions.values }]]);
  const { values, probabilities, classes } = predictions;
  const columns: [string, Column][] = [['prediction', columnFromCells('prediction', values)]];
  if (probabilities !== undefined) {
    // How sure the model is of what it says: its mean is the accuracy that calibrated probabilities expect.
    const place = new Map(classes.map((label, c) => [label, c]));
    const confidence = Float64Array.from(values, (label, i) => probabilities.at(i, place.get(label)!));
    columns.push(['confidence', { kind: 'number', values: confidence }]);
  }
  return new Frame(columns);
}
