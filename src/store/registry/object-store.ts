import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, writeFileAtomic } from '../../core/atomic-file.ts';
import { FileError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import { inSlices } from '../../core/slices.ts';
import { readModelFile } from '../model-file.ts';

/** Files by the SHA-256 of their bytes: `objects/ab/cdef….heddle`. Each appears whole, on the disk, or not at all. */
export interface ObjectStore {
  path(digest: string): string;
  has(digest: string): boolean;
  /** Keeps the bytes; one that is there already is checked, and replaced when it is damaged. */
  put(digest: string, bytes: Uint8Array): Promise<void>;
  /** @throws FileError `registry/damaged` when the bytes are not those of the digest */
  read(digest: string): Promise<Uint8Array>;
  /** Digests of all files, with their sizes. */
  list(): Promise<StoredObject[]>;
  /** Deletes what a killed process left half-written. */
  sweep(): Promise<void>;
}

export interface StoredObject {
  readonly digest: string;
  readonly bytes: number;
}

const SLICE_BYTES = 2 ** 20;
const ENDING = '.heddle';
/** A temporary file this old belongs to a process that died: writing moves its time on. Locks or process numbers would not hold
 * across containers that share a folder. */
const STALE_MS = 3_600_000;

export async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  await inSlices(bytes.length, SLICE_BYTES, (from, to) => hash.update(bytes.subarray(from, to)));
  return hash.digest('hex');
}

export function objectStore(folder: string): ObjectStore {
  const objects = join(folder, 'objects');
  const path = (digest: string): string => {
    if (!/^[0-9a-f]{64}$/.test(digest)) {
      throw new FileError(
        'registry/damaged',
        `The registry '${folder}' names a file '${digest}', which is no SHA-256.`,
        {
          file: folder,
        },
      );
    }
    return join(objects, digest.slice(0, 2), `${digest.slice(2)}${ENDING}`);
  };
  const read = async (digest: string): Promise<Uint8Array> => {
    const bytes = await readModelFile(path(digest));
    if ((await sha256(bytes)) === digest) return bytes;
    throw new FileError(
      'registry/damaged',
      `'${path(digest)}' was changed or damaged since it was registered. Restore it from a backup, or register the model again.`,
      { file: path(digest) },
    );
  };
  return {
    path,
    has: (digest) => existsSync(path(digest)),
    read,
    async put(digest, bytes) {
      const file = path(digest);
      await mkdir(dirname(file), { recursive: true }).catch((error: unknown) => {
        throw fileErrorFrom(error, file, 'write');
      });
      const isWhole = existsSync(file) && (await read(digest).catch(() => undefined)) !== undefined;
      if (!isWhole) await writeFileAtomic(file, bytes);
      // Another process may have renamed it or made its folder a moment ago, not yet on the disk.
      for (const place of [dirname(file), objects, folder]) await syncFolder(place);
    },
    async list() {
      const found: StoredObject[] = [];
      for (const [prefix, name] of await filesIn(objects)) {
        const digest = prefix + name.slice(0, -ENDING.length);
        if (!name.endsWith(ENDING) || !/^[0-9a-f]{64}$/.test(digest)) continue;
        const facts = await stat(path(digest)).catch(() => undefined);
        if (facts !== undefined) found.push({ digest, bytes: facts.size });
      }
      return found;
    },
    async sweep() {
      for (const [prefix, name] of await filesIn(objects)) {
        if (!/^\..*\.tmp$/.test(name)) continue;
        const file = join(objects, prefix, name);
        const facts = await stat(file).catch(() => undefined);
        if (facts !== undefined && Date.now() - facts.mtimeMs > STALE_MS) await rm(file, { force: true });
      }
    },
  };
}

/** Folder and name of every file two levels down; nothing where there is no folder. */
async function filesIn(objects: string): Promise<[folder: string, name: string][]> {
  const list = (place: string) => readdir(place).catch((): string[] => []);
  const folders = (await list(objects)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const files = await Promise.all(
    folders.map(async (name) =>
      (await list(join(objects, name))).map((file): [string, string] => [name, file]),
    ),
  );
  return files.flat();
}
