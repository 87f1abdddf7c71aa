import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, type HeddleError } from '../../core/errors.ts';
import { openRegistry } from '../../store/registry/open-registry.ts';
import { registryFolder } from './registry-place.ts';

/** Where the model is that a command was given. */
export type ModelPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'registry'; readonly folder: string; readonly reference: string };

const PREFIX = 'registry:';

/** What help says of MODEL. */
export const modelNote =
  'MODEL is a file, or a model of the registry: NAME (its champion, else the newest version), NAME@ALIAS or NAME@3. A file of that ' +
  'name goes first; registry:NAME is always the registry.';

/**
 * Reads MODEL: a path that exists is a file; `registry:NAME…` is of the registry, and so is what looks like a reference to a name
 * that the registry has. Everything else is taken for a file, which then is reported as missing.
 * @param flags `--registry`, where the command has it.
 */
export async function modelPlace(
  model: string,
  flags: { readonly registry?: string | undefined } = {},
): Promise<ModelPlace> {
  const folder = registryFolder(flags);
  if (existsSync(model)) return { kind: 'file', path: model };
  if (model.startsWith(PREFIX)) return { kind: 'registry', folder, reference: model.slice(PREFIX.length) };
  if (/[\\/]/.test(model) || !existsSync(join(folder, 'registry.db'))) {
    if (/^[^\\/]+@[^\\/]+$/.test(model)) throw noModel(model, folder);
    return { kind: 'file', path: model };
  }
  using registry = await openRegistry(folder, { access: 'read' });
  try {
    registry.resolve(model);
    return { kind: 'registry', folder, reference: model };
  } catch (error) {
    const { code } = error as HeddleError;
    const isOtherName = code === 'registry/unknown-name' || code === 'registry/bad-name';
    // With an @ it cannot be meant as a file; a known name without the alias or version is the registry's matter.
    if (model.includes('@') || !isOtherName) throw error;
    return { kind: 'file', path: model };
  }
}

function noModel(model: string, folder: string): FileError {
  return new FileError(
    'file/not-found',
    `Cannot read '${model}': there is no such file, and no registry in '${folder}'. --registry DIR or HEDDLE_REGISTRY says where it is.`,
    { file: model },
  );
}
