import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptionError } from '../../core/errors.ts';
import { TEXT_LENGTH } from '../../store/registry/check-facts.ts';
import { checkAlias, checkName } from '../../store/registry/model-reference.ts';
import { openRegistry } from '../../store/registry/open-registry.ts';
import type { ModelVersion } from '../../store/registry/registry.ts';
import { type FlagValues, list, text } from '../flags.ts';
import { registryFlag, registryFolder } from './registry-place.ts';

/** Flags of a command that trains and registers. */
export const registerFlags = {
  register: text('NAME', 'Register the model as the next version of this name'),
  alias: list('ALIAS,…', 'With --register: aliases to point to it, e.g. champion'),
  ...registryFlag,
};

export type RegisterFlags = FlagValues<typeof registerFlags>;

/**
 * Refuses names that are not allowed, flags that say nothing without --register and a folder that cannot be used, before the
 * work that should end in it.
 * @throws OptionError, FileError
 */
export async function requireRegistrable(flags: RegisterFlags): Promise<void> {
  if (flags.register === undefined) {
    if (flags.alias === undefined) return;
    throw new OptionError('command/bad-flag', '--alias needs --register NAME.', { flag: 'alias' });
  }
  checkName(flags.register, 'name of a model');
  for (const alias of flags.alias ?? []) checkAlias(alias);
  (await openRegistry(registryFolder(flags)))[Symbol.dispose]();
}

/**
 * Registers a model that was just trained.
 * @param save Writes the model file.
 */
export async function registerTrained(
  save: (file: string) => Promise<void>,
  flags: Omit<RegisterFlags, 'register'> & { readonly register: string },
  note?: string,
): Promise<ModelVersion> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-register-'));
  try {
    const file = join(folder, 'model.heddle');
    await save(file);
    using registry = await openRegistry(registryFolder(flags));
    return await registry.register(flags.register, file, {
      aliases: flags.alias,
      note: note?.slice(0, TEXT_LENGTH),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
