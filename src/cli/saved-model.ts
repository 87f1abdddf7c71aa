import { FileError } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import type { Predictor } from '../select/evaluate-model.ts';
import { findTableRecord, type TableRecord, tableRecord } from '../select/table-record.ts';
import type { TrainTableOptions } from '../select/train-options.ts';
import type { TrainedTable } from '../select/train-table.ts';
import { loadModel, saveModel } from '../store/model-file.ts';
import type { ColumnKinds } from './read-table.ts';

/** Saves a trained model with what it remembers of its table. @throws FileError */
export async function saveTrained(
  trained: TrainedTable,
  options: TrainTableOptions,
  table: Frame,
  path: string,
): Promise<void> {
  const record = trained.model.record();
  const summary = { ...record.summary, table: tableRecord(trained, options, table.column(options.target)) };
  await saveModel({ record: () => ({ ...record, summary }) }, path);
}

export interface OpenedModel {
  readonly model: Predictor;
  /** Undefined for a model that was saved by a program of the user's. */
  readonly table: TableRecord | undefined;
}

/** @throws FileError for a file that holds no model, or one that predicts no single target. */
export async function openModel(path: string): Promise<OpenedModel> {
  const model = await loadModel(path);
  const { target } = model;
  if (
    (model.kind === 'regressor' && target.kind === 'values' && !target.several) ||
    model.kind === 'classifier'
  ) {
    return { model: model as Predictor, table: findTableRecord(model.summary) };
  }
  const what = model.kind === 'regressor' ? 'a regressor of several targets' : `a ${model.kind}`;
  throw new FileError(
    'file/unfit-model',
    `'${path}' holds ${what} (${model.specification.name}); the command takes a model of one target. Use it from TypeScript.`,
    { file: path },
  );
}

/** The kinds that the model's columns had in training, so that a file is read alike whatever it happens to hold. */
export function modelKinds({ schema }: Predictor): ColumnKinds {
  const { names = [], kinds } = schema;
  return Object.fromEntries(names.map((name, j) => [name, kinds?.[j] ?? 'number']));
}
