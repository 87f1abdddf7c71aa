import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError } from '../../../core/errors.ts';
import { fileErrorFrom, folderInsteadOfFile } from '../../../core/file-error.ts';
import type { LocalSource } from '../source.ts';
import { sqlText } from './bindings.ts';

/** Calls `work` with the sources as paths: those in memory are written to temporary files meanwhile. */
export async function withPaths<T>(
  sources: readonly LocalSource[],
  suffix: string,
  work: (paths: string[]) => Promise<T>,
): Promise<T> {
  let folder: string | undefined;
  try {
    const paths: string[] = [];
    for (const { name, path, bytes } of sources) {
      if (bytes === undefined) {
        await checkFile(path!);
        paths.push(path!);
        continue;
      }
      if (bytes.length === 0) throw new FileError('file/empty', `${name} is empty.`, { file: name });
      folder ??= await mkdtemp(join(tmpdir(), 'heddle-'));
      const copy = join(folder, `${paths.length}${suffix}`);
      await writeFile(copy, bytes);
      paths.push(copy);
    }
    return await work(paths);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function checkFile(path: string): Promise<void> {
  const stats = await stat(path).catch((error: unknown) => {
    throw fileErrorFrom(error, path, 'read');
  });
  if (stats.isDirectory()) throw folderInsteadOfFile(path, 'read');
}

/** Paths as a list for DuckDB's table functions. */
export function sqlPaths(paths: readonly string[]): string {
  return `[${paths.map(sqlText).join(', ')}]`;
}
