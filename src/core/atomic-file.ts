import { randomBytes } from 'node:crypto';
import { constants, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileErrorFrom, folderInsteadOfFile } from './file-error.ts';

/** The content of a file: text (as UTF-8), bytes, or pieces of bytes in order. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Pieces below this size are gathered, so that thousands of small ones cost few system calls. */
const GATHER_BYTES = 256 * 1024;
/** One write takes at most this much: systems cut writes off at 2 GiB. */
const WRITE_BYTES = 64 * 1024 * 1024;
const MODE_BITS = 0o7777;

/**
 * Writes a whole file or nothing: into a temporary file of the same folder, flushed to the disk, then renamed over `path`.
 * Whoever reads `path` meanwhile, or after a crash, sees the old content or the new one. A symbolic link keeps pointing
 * where it did, an existing file keeps its permissions. A device or pipe (`/dev/stdout`) is written directly.
 * @throws FileError naming the path when the folder is missing or not writable, the path is a folder, the disk is full, …;
 *   what the iterable throws comes through as it is. In both cases the temporary file is gone and `path` untouched.
 */
export async function writeFileAtomic(path: string, content: FileContent): Promise<void> {
  const guard = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw fileErrorFrom(error, path, 'write');
    });
  const existing = await guard(statIfPresent(path));
  if (existing?.isDirectory()) throw folderInsteadOfFile(path, 'write');
  if (existing && !existing.isFile()) {
    const device = await guard(open(path, 'w'));
    try {
      await writeAll(device, content, guard);
    } finally {
      await device.close();
    }
    return;
  }
  const target = existing ? await guard(realpath(path)) : path;
  // Renaming would replace a write-protected file; its owner meant it to stay.
  if (existing) await guard(open(target, constants.O_WRONLY).then((file) => file.close()));
  await replace(target, content, existing && existing.mode & MODE_BITS, guard);
}

type Guard = <T>(work: Promise<T>) => Promise<T>;

async function replace(
  target: string,
  content: FileContent,
  mode: number | undefined,
  guard: Guard,
): Promise<void> {
  const folder = dirname(target);
  const temporary = join(folder, `.${basename(target).slice(0, 40)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await guard(open(temporary, 'wx'));
  try {
    try {
      if (mode !== undefined) await guard(file.chmod(mode));
      await writeAll(file, content, guard);
      await guard(file.sync());
    } finally {
      await file.close();
    }
    await guard(rename(temporary, target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

async function writeAll(file: FileHandle, content: FileContent, guard: Guard): Promise<void> {
  const write = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length; ) {
      at += (await guard(file.write(bytes, at, Math.min(WRITE_BYTES, bytes.length - at)))).bytesWritten;
    }
  };
  const gathered = new Uint8Array(GATHER_BYTES);
  let filled = 0;
  for await (const piece of piecesOf(content)) {
    if (filled + piece.length > GATHER_BYTES) {
      await write(gathered.subarray(0, filled));
      filled = 0;
    }
    if (piece.length >= GATHER_BYTES) await write(piece);
    else {
      gathered.set(piece, filled);
      filled += piece.length;
    }
  }
  await write(gathered.subarray(0, filled));
}

function piecesOf(content: FileContent): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (typeof content === 'string') return [Buffer.from(content, 'utf8')];
  return content instanceof Uint8Array ? [content] : content;
}

async function statIfPresent(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes the rename itself durable. Systems that cannot open a folder (Windows) do so on their own. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The content is in place; a file system without folder sync is no reason to report failure.
  }
}
