import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import { trainTestIndices } from '../../data/split/train-test-indices.ts';
import type { TrainingRows } from './open-trainer.ts';

export interface HoldOutOptions {
  /** Named in messages. */
  readonly model: string;
  /** Share of the rows. */
  readonly share: number;
  readonly random: RandomState;
  /** Classes to divide evenly, where each has two rows. */
  readonly stratify?: Int32Array | undefined;
}

/** Rows to train on, and rows whose loss or score says when to stop. @throws DataError when fewer than two would be held out. */
export function holdOut(
  rows: TrainingRows,
  { model, share, random, stratify }: HoldOutOptions,
): { readonly training: TrainingRows; readonly held: TrainingRows } {
  // As trainTestIndices counts them.
  const count = Math.ceil(share * rows.x.rows);
  if (count < 2 || count >= rows.x.rows) {
    throw new DataError(
      'data/too-few-rows',
      `${model} would hold out ${count} of ${rows.x.rows} rows to stop early; it needs two at least, and some to train on. Change validationFraction, or train without held-out rows.`,
      { rows: rows.x.rows },
    );
  }
  const { train, test } = trainTestIndices(rows.x.rows, { testSize: share, randomState: random, stratify });
  return { training: takeRows(rows, train), held: takeRows(rows, test) };
}

function takeRows({ x, target, weight }: TrainingRows, rows: Int32Array): TrainingRows {
  const width = target.length / x.rows;
  const part = target.slice(0, rows.length * width);
  for (const [i, row] of rows.entries()) part.set(target.subarray(row * width, (row + 1) * width), i * width);
  return {
    x: x.take(rows) as Matrix,
    target: part,
    weight: weight && Float64Array.from(rows, (row) => weight[row]!),
  };
}

/** Codes, if every class has the two rows that an even division needs. */
export function stratification(codes: Int32Array, classes: number): Int32Array | undefined {
  const counts = new Int32Array(classes);
  for (const code of codes) counts[code]!++;
  return counts.every((count) => count >= 2) ? codes : undefined;
}
