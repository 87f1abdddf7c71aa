import { type FileHandle, open, stat } from 'node:fs/promises';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { FileError, HeddleError, suggestion } from '../core/errors.ts';
import { fileErrorFrom, folderInsteadOfFile } from '../core/file-error.ts';
import type { Matrix } from '../core/matrix.ts';
import { decodeTensors, encodeTensors, type Tensor } from '../core/safetensors.ts';
import { type Json, MAX_TREE_DEPTH, packTree, unpackTree } from '../core/state-tree.ts';
import { parseStrictJson } from '../core/strict-json.ts';
import { heddleVersion } from '../core/version.ts';
import type { FittedClassifier } from '../define/define-classifier.ts';
import type { FittedClusterer } from '../define/define-clusterer.ts';
import type { FittedRegressor } from '../define/define-regressor.ts';
import type { FittedTransformer } from '../define/define-transformer.ts';
import { restoreModel } from '../define/factory.ts';
import type { FittedModel, FittedRecord } from '../define/fitted.ts';
import type { ModelFactory } from '../define/specification.ts';
import type { UserFunctions } from '../jobs/job.ts';
import { findModel, modelNames } from '../models/registry.ts';
import { modelChecksum } from './model-checksum.ts';
import { recordSchema } from './record-schema.ts';

/**
 * A fitted model as one file in safetensors layout. The tensors are the arrays of its record, named by their path
 * (`state.coef`). The file's metadata has two entries: `heddle`, JSON with `format`, `version` (of heddle) and the record
 * (specification, schema of the columns, target, training summary, state) as `packTree` writes it; `checksum`, of both.
 * A file holds data only: reading one runs nothing, models are found by name among those that heddle or the caller has.
 */

/** Raised when older versions of heddle could misread a file. */
const FORMAT = 1;
const READ_BYTES = 1 << 30;

/** A model of any kind from a file; `kind` tells which. */
export type LoadedModel =
  | FittedRegressor<object, Float64Array>
  | FittedRegressor<object, Matrix>
  | FittedClassifier
  | FittedTransformer
  | FittedClusterer;

export interface LoadOptions {
  /** Models that are not heddle's own: what their `define…` returned. */
  readonly models?: readonly { readonly definition: { readonly name: string } }[] | undefined;
  /** Functions that the model's options named when it was saved. */
  readonly functions?: UserFunctions | undefined;
}

/**
 * Saves a fitted model or pipeline. The file appears whole or not at all.
 * @throws FileError naming the path; DataError when the state or options hold what a file cannot.
 */
export async function saveModel(model: Pick<FittedModel, 'record'>, path: string): Promise<void> {
  const { tensors, json } = packTree(model.record());
  const text = JSON.stringify({
    format: FORMAT,
    version: heddleVersion(),
    ...(json as { [key: string]: Json }),
  });
  await writeFileAtomic(
    path,
    encodeTensors(tensors, { heddle: text, checksum: modelChecksum(text, tensors) }),
  );
}

/**
 * Loads a model that {@link saveModel} wrote; it predicts the same bits.
 * @throws FileError when the file cannot be read, is no model, is damaged, comes from a newer heddle or names an unknown
 *   model; OptionError when a function of the user is missing.
 */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<LoadedModel> {
  return restoreSaved(decodeModel(await readModelFile(path), path), path, options);
}

/** What a model file says, checked against damage; nothing is looked up or run. */
export interface SavedModel {
  /** Of the heddle that saved it. */
  readonly version: string;
  readonly record: FittedRecord;
}

/** The bytes of a model file as {@link readModelFile} gave them. @throws FileError naming `path`. */
export function decodeModel(bytes: Uint8Array, path: string): SavedModel {
  const { tensors, metadata } = decodeTensors(bytes, { file: path });
  return savedOf(metadata, tensors, path);
}

/** @throws as {@link loadModel} */
export async function restoreSaved(
  { record }: SavedModel,
  path: string,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  try {
    const model = await restoreModel(record, (name) => resolveModel(name, path, options), options.functions);
    return model as FittedModel as LoadedModel;
  } catch (error) {
    if (error instanceof FileError || (error as Partial<HeddleError>).code === 'option/missing-function')
      throw error;
    throw new FileError(
      'file/unfit-model',
      `Cannot load '${path}': ${error instanceof HeddleError ? '' : 'its content does not fit the model: '}` +
        `${(error as Error).message} Load it with the version of heddle that saved it, or train the model again.`,
      { file: path },
      error,
    );
  }
}

function savedOf(
  metadata: Readonly<Record<string, string>>,
  tensors: Readonly<Record<string, Tensor>>,
  path: string,
): SavedModel {
  const fail = (code: string, what: string): never => {
    throw new FileError(code, `Cannot load '${path}': ${what}`, { file: path });
  };
  const { heddle, checksum } = metadata;
  if (heddle === undefined) {
    return fail(
      'file/not-a-model',
      'it is a safetensors file, but not a model saved by heddle (no `heddle` metadata).',
    );
  }
  let header: unknown;
  try {
    // The record's own depth, and the object around it.
    header = parseStrictJson(heddle, MAX_TREE_DEPTH + 2);
  } catch (error) {
    return fail('file/damaged', `its description is not valid: ${(error as Error).message}.`);
  }
  if (typeof header !== 'object' || header === null)
    return fail('file/damaged', 'its description is not an object.');
  const { format, version, ...json } = header as Record<string, Json>;
  if (!Number.isInteger(format)) return fail('file/damaged', 'it does not say its format.');
  if ((format as number) > FORMAT) {
    return fail(
      'file/newer-format',
      `it has format ${format}, saved by heddle ${version}; this heddle (${heddleVersion()}) reads up to format ${FORMAT}. ` +
        'Upgrade heddle: npm install heddle@latest.',
    );
  }
  if (checksum !== modelChecksum(heddle, tensors)) {
    return fail(
      'file/checksum',
      'its checksum does not match: it was changed or damaged since it was saved. Copy it again, or train the model again.',
    );
  }
  const result = recordSchema.safeParse(unpackTree({ tensors, json }, path));
  if (!result.success) {
    const { path: place, message } = result.error.issues[0];
    return fail('file/damaged', `its record is wrong at '${place.map(String).join('.')}': ${message}.`);
  }
  return { version: String(version), record: result.data as FittedRecord };
}

async function resolveModel(name: string, path: string, { models = [] }: LoadOptions): Promise<ModelFactory> {
  const own = models.find(({ definition }) => definition.name === name) as ModelFactory | undefined;
  const found = own ?? (await findModel(name));
  if (found !== undefined) return found;
  const known = [...models.map(({ definition }) => definition.name), ...modelNames()];
  throw new FileError(
    'file/unknown-model',
    `Cannot load '${path}': it holds a model '${name}', which heddle does not have.${suggestion(name, known)} ` +
      'If it is your own, pass what its define… function returned: loadModel(path, { models: [it] }).',
    { file: path, model: name },
  );
}

/** The whole of a regular file. @throws FileError naming it. */
export async function readModelFile(path: string): Promise<Uint8Array> {
  const guard = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw fileErrorFrom(error, path, 'read');
    });
  const found = await guard(stat(path));
  if (found.isDirectory()) throw folderInsteadOfFile(path, 'read');
  if (!found.isFile()) {
    throw new FileError(
      'file/not-a-file',
      `Cannot read '${path}': it is a device or pipe. Save it to a file first.`,
      {
        file: path,
      },
    );
  }
  const handle = await guard(open(path, 'r'));
  try {
    return await guard(readBytes(handle, found.size));
  } finally {
    await handle.close();
  }
}

/** At most `size` bytes: fewer when the file shrank meanwhile, which its header then reveals. */
async function readBytes(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(bytes, filled, Math.min(READ_BYTES, size - filled), filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
