import { loadTrained, type TrainedModel } from '../monitor/trained-model.ts';
import type { Predictor } from '../select/evaluate-model.ts';
import type { ColumnKinds } from './read-table.ts';

/** A model file that a command was given. @throws FileError for one that holds no model of a single target. */
export async function openModel(path: string): Promise<TrainedModel> {
  return loadTrained(path);
}

/** The kinds that the model's columns had in training, so that a file is read alike whatever it happens to hold. */
export function modelKinds({ schema }: Predictor): ColumnKinds {
  const { names = [], kinds } = schema;
  return Object.fromEntries(names.map((name, j) => [name, kinds?.[j] ?? 'number']));
}
