import type { InputSchema } from '../define/schema.ts';
import { requirePredictor, type TrainedModel, trainedFacts } from '../monitor/trained-model.ts';
import { type LoadedModel, loadModel } from '../store/model-file.ts';
import { openRegistry } from '../store/registry/open-registry.ts';
import type { ColumnKinds } from './read-table.ts';
import { modelPlace } from './registry/model-place.ts';

interface Flags {
  readonly registry?: string | undefined;
}

/**
 * The model, of any kind, that a command was given: a file, or a reference to a version of the registry ({@link modelPlace}).
 * @throws FileError; OptionError for an unknown version.
 */
export async function openSavedModel(model: string, flags: Flags = {}): Promise<LoadedModel> {
  const place = await modelPlace(model, flags);
  if (place.kind === 'file') return loadModel(place.path);
  using registry = await openRegistry(place.folder, { access: 'read' });
  return (await registry.load(place.reference)).model;
}

/** {@link openSavedModel} for a model of one target, with what it remembers. @throws FileError for one of another kind. */
export async function openModel(model: string, flags: Flags = {}): Promise<TrainedModel> {
  const loaded = requirePredictor(await openSavedModel(model, flags), model);
  return { model: loaded, ...trainedFacts(loaded) };
}

/** The kinds that the model's columns had in training, so that a file is read alike whatever it happens to hold. */
export function modelKinds({ schema }: { readonly schema: InputSchema }): ColumnKinds {
  const { names = [], kinds } = schema;
  return Object.fromEntries(names.map((name, j) => [name, kinds?.[j] ?? 'number']));
}
