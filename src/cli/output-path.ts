import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileErrorFrom, folderInsteadOfFile } from '../core/file-error.ts';

/**
 * Refuses an output file that cannot be written before the work that should end in it begins.
 * @throws FileError naming the path.
 */
export async function requireWritable(path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw folderInsteadOfFile(path, 'write');
  // A device or pipe is written directly, a file is replaced by renaming within its folder.
  const needed =
    existing !== undefined && !existing.isFile() ? [path] : [dirname(path), ...(existing ? [path] : [])];
  for (const place of needed) {
    try {
      await access(place, constants.W_OK);
    } catch (error) {
      throw fileErrorFrom(error, path, 'write');
    }
  }
}
