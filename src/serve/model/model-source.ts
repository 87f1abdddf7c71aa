import { basename } from 'node:path';
import { OptionError } from '../../core/errors.ts';
import { loadModel } from '../../store/model-file.ts';
import type { ModelVersion, Registry } from '../../store/registry/registry.ts';
import type { ParsedServeOptions } from '../options.ts';
import { type ServedModel, servedModel } from './served-model.ts';

/** Where the served model comes from. */
export interface ModelSource extends Disposable {
  load(): Promise<ServedModel>;
  /** What a registry says the model is now; undefined for a file. @throws OptionError when it says nothing any more. */
  newest?(): ModelVersion;
  /** Loads a version of the same name. @throws FileError */
  loadVersion?(version: ModelVersion): Promise<ServedModel>;
  readonly registry?: Registry;
  readonly reference?: string;
}

type SourceOptions = Pick<ParsedServeOptions, 'registry' | 'name' | 'models' | 'functions'>;

/**
 * A model file, or with a registry a reference to one of its models.
 * @throws OptionError, FileError
 */
export async function modelSource(source: string, options: SourceOptions): Promise<ModelSource> {
  if (typeof source !== 'string' || source === '') {
    throw new OptionError(
      'option/invalid',
      'serve needs a model file, or the name of a model in a registry.',
    );
  }
  return options.registry === undefined ? fileSource(source, options) : registrySource(source, options);
}

function fileSource(path: string, { name, models, functions }: SourceOptions): ModelSource {
  const identity = { name: name ?? basename(path).replace(/\.heddle$/, ''), version: null, path };
  return {
    load: async () => servedModel(await loadModel(path, { models, functions }), identity),
    [Symbol.dispose]() {},
  };
}

async function registrySource(
  reference: string,
  { registry: given, models, functions }: SourceOptions,
): Promise<ModelSource> {
  const isOwn = typeof given === 'string';
  const registry = isOwn ? await openForReading(given) : given!;
  const newest = () => registry.resolve(reference);
  const loadVersion = async ({ name, version }: ModelVersion) => {
    const { model, version: registered } = await registry.load(`${name}@${version}`, { models, functions });
    return servedModel(model, { name, version, path: `${name}@${version}`, registered });
  };
  return {
    ...{ registry, reference, newest, loadVersion },
    load: () => loadVersion(newest()),
    [Symbol.dispose]() {
      if (isOwn) registry[Symbol.dispose]();
    },
  };
}

/** SQLite is loaded by servers that need it. */
async function openForReading(folder: string): Promise<Registry> {
  const { openRegistry } = await import('../../store/registry/open-registry.ts');
  return openRegistry(folder, { access: 'read' });
}
