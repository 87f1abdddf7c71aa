import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, type HeddleError, suggestion } from '../../core/errors.ts';
import { openRegistry } from '../../store/registry/open-registry.ts';
import { registryFolder } from './registry-place.ts';

/** Where the model is that a command was given. */
export type ModelPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'registry'; readonly folder: string; readonly reference: string };

const PREFIX = 'registry:';
const SHOWN_NAMES = 10;

/** What help says of MODEL. */
export const modelNote =
  'MODEL is a file, or a model of the registry: NAME (its champion, else the newest version), NAME@ALIAS or NAME@3. A file of that ' +
  'name goes first; registry:NAME is always the registry.';

/**
 * Reads MODEL: a path that exists is a file; `registry:NAME…` is of the registry, and so is what looks like a reference to a name
 * that the registry has. What has a folder in it can only be a file, which then is reported as missing where it is read.
 * @param flags `--registry`, where the command has it.
 * @throws FileError naming both places, and the nearest name of the registry, for what is in neither; OptionError for a version or
 *   alias that a model of the registry lacks.
 */
export async function modelPlace(
  model: string,
  flags: { readonly registry?: string | undefined } = {},
): Promise<ModelPlace> {
  const folder = registryFolder(flags);
  if (existsSync(model)) return { kind: 'file', path: model };
  if (model.startsWith(PREFIX)) return { kind: 'registry', folder, reference: model.slice(PREFIX.length) };
  if (/[\\/]/.test(model)) return { kind: 'file', path: model };
  if (!existsSync(join(folder, 'registry.db'))) {
    const where = '--registry DIR or HEDDLE_REGISTRY says where it is.';
    throw inNeither(model, `there is no such file, and no registry in '${folder}'. ${where}`);
  }
  using registry = await openRegistry(folder, { access: 'read' });
  try {
    registry.resolve(model);
    return { kind: 'registry', folder, reference: model };
  } catch (error) {
    const { code } = error as HeddleError;
    // A known name without the alias or version is the registry's matter.
    if (code !== 'registry/unknown-name' && code !== 'registry/bad-name') throw error;
    const names = registry.models().map(({ name }) => name);
    throw inNeither(
      model,
      `there is no such file, and no such model in the registry '${folder}'.${nearest(model, names)}`,
    );
  }
}

/** The name that was meant, else those there are. */
function nearest(model: string, names: readonly string[]): string {
  if (names.length === 0) return ' It is empty.';
  const near = suggestion(model.replace(/@.*$|\.heddle$/, ''), names);
  if (near !== '') return near;
  return ` It has ${names.slice(0, SHOWN_NAMES).join(', ')}${names.length > SHOWN_NAMES ? ', …' : ''}.`;
}

function inNeither(model: string, what: string): FileError {
  return new FileError('file/not-found', `Cannot find '${model}': ${what}`, { file: model });
}
