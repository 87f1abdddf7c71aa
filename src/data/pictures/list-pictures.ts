import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';

export interface PictureFile {
  readonly path: string;
  /** The name of its folder; null where pictures lie in no class. */
  readonly label: string | null;
}

export interface PictureList {
  /** Sorted; empty where pictures lie in no class. */
  readonly classes: readonly string[];
  /** By class, then by path. */
  readonly files: readonly PictureFile[];
  /** Files that do not call themselves pictures, such as a README. */
  readonly ignored: number;
}

const extensions = new Set(
  '.png .apng .jpg .jpeg .jpe .jfif .webp .gif .tif .tiff .avif .heif .heic .svg .bmp .jxl .ico'.split(' '),
);

/** Whether a file calls itself a picture. */
export function isPictureName(path: string): boolean {
  return extensions.has(extname(path).toLowerCase());
}

/**
 * The pictures of a folder that holds a folder for each class, which may have folders within. Hidden files are passed over.
 * @throws FileError for a folder that cannot be read; DataError `picture/empty-class` for a class without a picture, `picture/no-classes`
 *   for a folder without classes.
 */
export async function listPictures(folder: string): Promise<PictureList> {
  const entries = await readFolder(folder);
  const classes = entries.folders;
  if (classes.length === 0) {
    const there = entries.files.filter(isPictureName).length;
    throw new DataError(
      'picture/no-classes',
      `'${folder}' holds no folders${there > 0 ? `, only ${there} pictures` : ''}. Make one for each class, such as ${join(folder, 'cat')} and ${join(folder, 'other')}, with its pictures inside.`,
      { folder },
    );
  }
  const files: PictureFile[] = [];
  let ignored = entries.files.length;
  for (const label of classes) {
    const own = await walk(join(folder, label));
    ignored += own.ignored;
    if (own.paths.length === 0) {
      throw new DataError(
        'picture/empty-class',
        `The folder of class '${label}' (${join(folder, label)}) holds no picture. Put some in, or remove it.`,
        { folder, class: label },
      );
    }
    files.push(...own.paths.map((path) => ({ path, label })));
  }
  return { classes, files, ignored };
}

/** All pictures of a folder and those within, without classes. @throws FileError; DataError `picture/none` where there is none. */
export async function listUnlabelled(folder: string): Promise<PictureList> {
  const { paths, ignored } = await walk(folder);
  if (paths.length === 0) throw new DataError('picture/none', `'${folder}' holds no picture.`, { folder });
  return { classes: [], files: paths.map((path) => ({ path, label: null })), ignored };
}

interface Found {
  readonly paths: readonly string[];
  readonly ignored: number;
}

async function walk(folder: string): Promise<Found> {
  const { files, folders } = await readFolder(folder);
  const paths = files.filter(isPictureName).map((name) => join(folder, name));
  let ignored = files.length - paths.length;
  for (const name of folders) {
    const within = await walk(join(folder, name));
    paths.push(...within.paths);
    ignored += within.ignored;
  }
  return { paths, ignored };
}

interface Entries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Names by code unit, so that the order is that of every machine. */
async function readFolder(folder: string): Promise<Entries> {
  let found: Dirent[];
  try {
    found = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileErrorFrom(error, folder, 'read');
  }
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of found) {
    if (entry.name.startsWith('.')) continue;
    const kind = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : entry;
    if (kind?.isDirectory()) folders.push(entry.name);
    else if (kind?.isFile()) files.push(entry.name);
  }
  return { files: files.sort(), folders: folders.sort() };
}
