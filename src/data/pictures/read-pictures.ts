import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { AbortError, DataError, FileError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import { option, parseOptions } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Progress } from '../../jobs/job.ts';
import { decodePicture, MAX_PIXELS } from './decode-picture.ts';
import { listPictures, listUnlabelled, type PictureFile, type PictureList } from './list-pictures.ts';
import { pictureFormatOptions, pictureLength, pictureShape } from './picture-format.ts';
import { PictureSet, type SkippedPicture } from './picture-set.ts';

export const readPicturesOptions = pictureFormatOptions.extend({
  maxPixels: option(
    z.int().positive().default(MAX_PIXELS),
    'Pixels of a picture in its file at most; larger ones are skipped and reported, so that no file can exhaust the memory.',
  ),
  classes: option(
    z.enum(['folders', 'none']).default('folders'),
    'folders: a folder holds one for each class; none: all pictures of the folder and those within, without classes.',
  ),
});

export interface ReadingSurroundings {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Pictures that are decoded at a time: enough for the library's threads, few enough to stay within memory. */
const IN_FLIGHT = 8;

/**
 * Reads the pictures of a folder that holds one folder for each class.
 *
 *     const pictures = await readPictures('pets', { size: 96 }); // pets/cat/1.jpg, pets/dog/2.png, …
 *     console.log(pictures.count, pictures.classes, pictures.skipped);
 *
 * Files that are damaged, or no pictures in spite of their name, are left out and listed in `skipped`.
 * @throws FileError for a folder that cannot be read; DataError `picture/empty-class` for a class of which no picture can be read,
 *   `picture/no-classes`; OptionError; AbortError.
 */
export async function readPictures(
  folder: string,
  options: z.input<typeof readPicturesOptions> = {},
  surroundings: ReadingSurroundings = {},
): Promise<PictureSet> {
  const { classes } = parseOptions(readPicturesOptions, options, 'readPictures');
  const list = classes === 'folders' ? await listPictures(folder) : await listUnlabelled(folder);
  return decodePictures(list, options, surroundings);
}

/** Reads pictures of given files, without classes. @throws as {@link readPictures}; DataError `picture/none` where none can be read. */
export function readPictureFiles(
  files: readonly string[],
  options: z.input<typeof readPicturesOptions> = {},
  surroundings: ReadingSurroundings = {},
): Promise<PictureSet> {
  const list = { classes: [], files: files.map((path) => ({ path, label: null })), ignored: 0 };
  return decodePictures(list, options, surroundings);
}

async function decodePictures(
  { files, classes, ignored }: PictureList,
  options: z.input<typeof readPicturesOptions>,
  { signal, onProgress }: ReadingSurroundings,
): Promise<PictureSet> {
  const { maxPixels, classes: _, ...format } = parseOptions(readPicturesOptions, options, 'readPictures');
  const length = pictureLength(pictureShape(format));
  const pixels = sharedArray(Uint8Array, files.length * length);
  const reasons = new Map<number, string>();
  let [next, done] = [0, 0];
  const worker = async (): Promise<void> => {
    for (let i = next++; i < files.length; i = next++) {
      if (signal?.aborted) throw new AbortError();
      const { path } = files[i]!;
      try {
        // Read here: the library maps files and would die with one that is cut off meanwhile.
        pixels.set(await decodePicture(await bytesOf(path), format, { maxPixels, name: path }), i * length);
      } catch (error) {
        if (!(error instanceof DataError || error instanceof FileError)) throw error;
        reasons.set(i, error.message);
      }
      onProgress?.({ fraction: ++done / files.length, message: `${done} of ${files.length} pictures` });
    }
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, files.length) }, worker));
  const skipped = [...reasons.keys()]
    .sort((a, b) => a - b)
    .map((i) => ({ file: files[i]!.path, reason: reasons.get(i)! }));
  const kept = [...files.keys()].filter((i) => !reasons.has(i));
  requireSome(files, kept, classes, skipped);
  const all = new PictureSet({
    ...{ format, pixels, classes, ignored, skipped },
    files: files.map(({ path }) => path),
    labels: classes.length === 0 ? undefined : files.map(({ label }) => label!),
  });
  if (skipped.length === 0) return all;
  return new PictureSet({ ...all.take(kept), skipped, ignored });
}

/** A file larger than this is no picture that anybody took; one is held in memory for each that is decoded at a time. */
const MAX_BYTES = 512 * 2 ** 20;

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES)
      throw new DataError(
        'picture/too-large',
        `${path} has ${(size / 2 ** 20).toFixed(0)} MiB, more than 512.`,
        {
          file: path,
        },
      );
    return await readFile(path);
  } catch (error) {
    throw error instanceof DataError ? error : fileErrorFrom(error, path, 'read');
  }
}

function requireSome(
  files: readonly PictureFile[],
  kept: readonly number[],
  classes: readonly string[],
  skipped: readonly SkippedPicture[],
): void {
  const seen = new Set(kept.map((i) => files[i]!.label));
  const empty = classes.find((name) => !seen.has(name));
  const first = skipped[0] === undefined ? '' : ` The first: ${skipped[0].reason}`;
  if (empty !== undefined) {
    const own = skipped.find(({ file }) =>
      files.some(({ path, label }) => path === file && label === empty),
    )!;
    throw new DataError(
      'picture/empty-class',
      `No picture of class '${empty}' can be read. The first: ${own.reason}`,
      { class: empty },
    );
  }
  if (kept.length === 0)
    throw new DataError('picture/none', `None of ${files.length} pictures can be read.${first}`, {});
}
