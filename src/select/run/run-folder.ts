import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { FileError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import { parseStrictJson } from '../../core/strict-json.ts';
import type { RunRecord } from './run-record.ts';
import { runSchema } from './run-schema.ts';

const RECORD_FILE = 'run.json';
const MODEL_FILE = 'model.heddle';
/** What a run's folder may hold; anything else is the user's, and is not thrown away. */
const OWN_FILES: readonly string[] = [RECORD_FILE, MODEL_FILE, 'report.html'];
const MOST_BYTES = 512 * 2 ** 20;
const MOST_DEPTH = 64;

/** Where the model of a run lies. */
export function runModelPath(folder: string): string {
  return join(folder, MODEL_FILE);
}

/**
 * Refuses a folder that a run may not be written to, before the work that should end in it begins: one that holds something
 * else than a run.
 * @throws FileError
 */
export async function requireRunFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileErrorFrom(error, folder, 'write');
  });
  if (found === undefined) return;
  if (!found.isDirectory()) {
    throw new FileError(
      'file/not-a-folder',
      `Cannot write a run to '${folder}': it is a file. Name a folder that does not exist yet.`,
      { file: folder },
    );
  }
  const names = await readdir(folder).catch((error: unknown) => {
    throw fileErrorFrom(error, folder, 'write');
  });
  const other = names.find((name) => !OWN_FILES.includes(name));
  if (names.length === 0 || (names.includes(RECORD_FILE) && other === undefined)) return;
  throw new FileError(
    'file/not-a-run',
    `Cannot write a run to '${folder}': it holds ${other === undefined ? 'no run' : `'${other}'`}, which would be lost. Name another folder.`,
    { file: folder },
  );
}

/**
 * Writes a run's folder: `run.json` and `model.heddle`. It appears whole or not at all; an earlier run there is replaced.
 * @param writeModel Writes the model to a path.
 * @throws FileError, also for a folder that holds something else.
 */
export async function saveRun(
  folder: string,
  record: RunRecord,
  writeModel: (path: string) => Promise<void>,
): Promise<void> {
  const place = resolve(folder);
  await requireRunFolder(place);
  const guard = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw fileErrorFrom(error, folder, 'write');
    });
  await guard(mkdir(dirname(place), { recursive: true }));
  const beside = (kind: string) =>
    join(dirname(place), `.${basename(place).slice(0, 40)}.${randomBytes(6).toString('hex')}.${kind}`);
  const temporary = beside('tmp');
  await guard(mkdir(temporary));
  try {
    await writeModel(runModelPath(temporary));
    await writeFileAtomic(join(temporary, RECORD_FILE), `${JSON.stringify(record)}\n`);
    await guard(moveInto(temporary, place, beside('old')));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** Renames a folder over another; what was there is first moved aside, then removed. */
async function moveInto(from: string, to: string, aside: string): Promise<void> {
  const isThere = await rename(to, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(from, to);
  } catch (error) {
    if (isThere) await rename(aside, to);
    throw error;
  }
  if (isThere) await rm(aside, { recursive: true, force: true });
}

/**
 * The record of a run's folder, checked: its content is data only, whatever it holds.
 * @throws FileError naming what is wrong and where.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const path = join(folder, RECORD_FILE);
  const text = await readText(folder, path);
  const fail = (what: string, cause?: unknown): never => {
    throw new FileError(
      'file/damaged-run',
      `Cannot read '${path}': ${what} Train again with --run.`,
      { file: path },
      cause,
    );
  };
  let json: unknown;
  try {
    json = parseStrictJson(text, MOST_DEPTH);
  } catch (error) {
    return fail(`it is not valid JSON: ${(error as Error).message}.`, error);
  }
  const format = (json as { readonly format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > 1) {
    throw new FileError(
      'file/newer-format',
      `Cannot read '${path}': it has format ${format}, of a newer heddle. Upgrade heddle: npm install heddle@latest.`,
      { file: path },
    );
  }
  const result = runSchema.safeParse(json);
  if (!result.success) {
    const { path: place, message } = result.error.issues[0]!;
    return fail(`it is wrong at '${place.map(String).join('.') || 'its top'}': ${message}.`);
  }
  return result.data as unknown as RunRecord;
}

async function readText(folder: string, path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MOST_BYTES) {
        throw new FileError(
          'file/too-large',
          `Cannot read '${path}': ${size} bytes are too many for a run.`,
          { file: path },
        );
      }
    } finally {
      await file.close();
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof FileError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new FileError(
        'file/not-a-run',
        `'${folder}' is no run: it has no ${RECORD_FILE}. Make one with heddle train DATA --target COL --run ${folder}.`,
        { file: folder },
        error,
      );
    }
    throw fileErrorFrom(error, path, 'read');
  }
}
