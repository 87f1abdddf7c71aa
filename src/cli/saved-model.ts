import { loadTrained, requirePredictor, type TrainedModel, trainedFacts } from '../monitor/trained-model.ts';
import type { Predictor } from '../select/evaluate-model.ts';
import { openRegistry } from '../store/registry/open-registry.ts';
import type { ColumnKinds } from './read-table.ts';
import { modelPlace } from './registry/model-place.ts';

/**
 * The model that a command was given: a file, or a reference to a version of the registry ({@link modelPlace}).
 * @throws FileError for one that is no model of a single target; OptionError for an unknown version.
 */
export async function openModel(
  model: string,
  flags: { readonly registry?: string | undefined } = {},
): Promise<TrainedModel> {
  const place = await modelPlace(model, flags);
  if (place.kind === 'file') return loadTrained(place.path);
  using registry = await openRegistry(place.folder, { access: 'read' });
  const loaded = requirePredictor((await registry.load(place.reference)).model, place.reference);
  return { model: loaded, ...trainedFacts(loaded) };
}

/** The kinds that the model's columns had in training, so that a file is read alike whatever it happens to hold. */
export function modelKinds({ schema }: Predictor): ColumnKinds {
  const { names = [], kinds } = schema;
  return Object.fromEntries(names.map((name, j) => [name, kinds?.[j] ?? 'number']));
}
