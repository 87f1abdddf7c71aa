import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { FileError, OptionError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import { parseStrictJson } from '../../core/strict-json.ts';
import { hashKey } from './hash-key.ts';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const keySchema = z.strictObject({
  name: z.string().regex(/^[\p{Letter}\p{Number}][\p{Letter}\p{Number}._-]{0,63}$/u),
  /** Public: tells which key a client shows. */
  id: hex(4),
  salt: hex(16),
  hash: hex(32),
  createdAt: z.string(),
});
const fileSchema = z.strictObject({ format: z.literal(1), keys: z.array(keySchema) });

/** A key as its file holds it: not the key, and nothing that leads back to it. */
export type StoredKey = z.output<typeof keySchema>;

const PREFIX = 'hdl';

/** @throws FileError when the file is missing or holds something else. */
export async function readKeys(path: string): Promise<readonly StoredKey[]> {
  return (await readKeyFile(path)) ?? missing(path);
}

function missing(path: string): never {
  throw fileErrorFrom(Object.assign(new Error(), { code: 'ENOENT' }), path, 'read');
}

/** Undefined when there is no such file. */
async function readKeyFile(path: string): Promise<readonly StoredKey[] | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileErrorFrom(error, path, 'read');
  }
  try {
    // A file that was begun and not written, since the process was killed, holds no keys yet.
    return text === '' ? [] : fileSchema.parse(parseStrictJson(text, 4)).keys;
  } catch (error) {
    throw new FileError(
      'file/not-keys',
      `'${path}' is no file of keys. Make one with \`heddle serve keys add NAME --keys FILE\`.`,
      { file: path },
      error,
    );
  }
}

/**
 * Adds a key to a file of keys, making the file when it is absent, readable by its owner only.
 * @returns the key itself, which is not kept anywhere.
 * @throws OptionError for a name that is taken or not allowed; FileError.
 */
export async function addKey(path: string, name: string): Promise<string> {
  const keys = (await readKeyFile(path)) ?? [];
  if (keys.some((key) => key.name === name)) {
    throw new OptionError(
      'option/invalid',
      `There is a key '${name}' in '${path}' already. Choose another name, or remove it first: heddle serve keys remove ${name} --keys ${path}.`,
      { name },
    );
  }
  const id = randomBytes(4).toString('hex');
  const key = `${PREFIX}_${id}_${randomBytes(32).toString('base64url')}`;
  const salt = randomBytes(16).toString('hex');
  const stored = keySchema.safeParse({
    ...{ name, id, salt, hash: hashKey(key, salt).toString('hex') },
    createdAt: new Date().toISOString(),
  });
  if (!stored.success) {
    throw new OptionError(
      'option/invalid',
      `${JSON.stringify(name.slice(0, 80))} cannot be the name of a key: it begins with a letter or digit and has only those, '.', '_' and '-', ` +
        'at most 64 of them.',
      { name: name.slice(0, 80) },
    );
  }
  await writeKeys(path, [...keys, stored.data]);
  return key;
}

/** @throws OptionError when there is no key of that name. */
export async function removeKey(path: string, name: string): Promise<void> {
  const keys = await readKeys(path);
  if (!keys.some((key) => key.name === name)) {
    throw new OptionError(
      'option/invalid',
      `There is no key '${name}' in '${path}'. Its keys: ${keys.map((key) => key.name).join(', ') || 'none'}.`,
      { name },
    );
  }
  await writeKeys(
    path,
    keys.filter((key) => key.name !== name),
  );
}

async function writeKeys(path: string, keys: readonly StoredKey[]): Promise<void> {
  try {
    // A file that is there keeps its permissions when it is replaced.
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileErrorFrom(error, path, 'write');
  }
  await writeFileAtomic(path, `${JSON.stringify({ format: 1, keys }, null, 2)}\n`);
}

/** The public id within a key that a client shows; undefined when it does not look like one. */
export function keyId(key: string): string | undefined {
  return /^hdl_([0-9a-f]{8})_[\w-]{43}$/.exec(key)?.[1];
}
