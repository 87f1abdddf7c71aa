import { resolve } from 'node:path';
import { DataError, OptionError, suggestion } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { sharedArray } from '../core/shared.ts';
import { inSlices } from '../core/slices.ts';
import type { TableLike } from '../core/table.ts';
import { shared } from '../core/table.ts';
import type { JobOptions } from '../jobs/job.ts';
import type { CheckpointOptions } from './definition.ts';
import { encodeLabels, type LabelTarget } from './targets.ts';

/** What `fit` may be told beside the data. */
export interface FitOptions<Y = unknown, M = unknown> extends JobOptions {
  /** Weight of each row, at least 0. */
  readonly sampleWeight?: readonly number[] | Float64Array | undefined;
  /** Group of each row: rows of one group belong together when the model splits the data itself. */
  readonly groups?: LabelTarget | undefined;
  /** Rows held out for early stopping; a pipeline transforms them before its last step. */
  readonly validation?:
    | {
        readonly x: TableLike;
        readonly y: Y;
        readonly sampleWeight?: readonly number[] | Float64Array | undefined;
        /** Group of each row, for models that rank. */
        readonly groups?: LabelTarget | undefined;
      }
    | undefined;
  /** A fitted model of the same kind to continue from. */
  readonly from?: M | undefined;
  /**
   * Keeps the state of a training in a file, written after every `every` passes over the rows (default 1). The same fit of the same data
   * goes on from the file if it is there, and ends with the same bits as one that was not interrupted. The file stays when the fit
   * has ended. For neural networks, also as the last step of a pipeline.
   */
  readonly checkpoint?: CheckpointOptions | undefined;
}

/** What `fit` of a classifier may be told. */
export interface ClassifierFitOptions<L extends Label, Y, M> extends FitOptions<Y, M> {
  /** With two classes, the one that metrics such as precision are about. Default: the second in order. */
  readonly positiveClass?: L | undefined;
}

/** What `predict` and its like may be told. */
export type PredictOptions = Pick<JobOptions, 'signal' | 'threads' | 'onProgress'>;

const known = [
  'sampleWeight',
  'groups',
  'validation',
  'from',
  'checkpoint',
  'threads',
  'signal',
  'onProgress',
  'onWarning',
  'positiveClass',
];

export function requireKnown(options: object): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new OptionError('option/unknown', `fit has no option '${name}'.${suggestion(name, known)}`, {
        option: name,
      });
    }
  }
}

/** @throws OptionError for a checkpoint without a path, or written after other than whole passes. */
export function checkCheckpoint(checkpoint: CheckpointOptions | undefined): CheckpointOptions | undefined {
  if (checkpoint === undefined) return undefined;
  const { path, every } = checkpoint;
  if (typeof path !== 'string' || path === '') {
    throw new OptionError('option/invalid', 'checkpoint needs a path, the file that keeps the state.', {
      option: 'checkpoint',
    });
  }
  if (every !== undefined && !(Number.isSafeInteger(every) && every > 0)) {
    throw new OptionError(
      'option/invalid',
      `checkpoint.every is a whole number of passes, at least 1, not ${String(every)}.`,
      { option: 'checkpoint' },
    );
  }
  // Another thread may have another working directory.
  return { path: resolve(path), every };
}

export function requireRows(what: string, length: number, rows: number): void {
  if (length !== rows) {
    throw new DataError('data/length-mismatch', `${what} has ${length} rows, but x has ${rows}.`, {
      rows,
      length,
    });
  }
}

/** @throws DataError naming the row of a weight that is negative or not finite, or when all are zero. */
export async function encodeWeights(
  weights: readonly number[] | Float64Array | undefined,
  rows: number,
): Promise<Float64Array | undefined> {
  if (weights === undefined) return undefined;
  requireRows('sampleWeight', weights.length, rows);
  const values =
    weights instanceof Float64Array ? await shared(weights, Float64Array) : sharedArray(Float64Array, rows);
  let total = 0;
  await inSlices(rows, 1 << 18, (from, to) => {
    for (let i = from; i < to; i++) {
      const weight = weights[i]!;
      if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
        throw new DataError(
          'data/bad-weight',
          `sampleWeight of row ${i} is ${weight}; weights are finite and at least 0.`,
          {
            row: i,
          },
        );
      }
      values[i] = weight;
      total += weight;
    }
  });
  if (total === 0)
    throw new DataError('data/bad-weight', 'All weights in sampleWeight are 0; nothing would be learned.');
  return values;
}

export async function encodeGroups(
  groups: LabelTarget | undefined,
  rows: number,
): Promise<Int32Array | undefined> {
  if (groups === undefined) return undefined;
  const { codes } = await encodeLabels(groups);
  requireRows('groups', codes.length, rows);
  return codes;
}
