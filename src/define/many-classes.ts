import { totalmem } from 'node:os';
import { DataError, HeddleError } from '../core/errors.ts';

/** Bytes of the scores that `predict` looks at in one part. */
const PART_BYTES = 2 ** 28;
/** Bytes that an array of numbers can have. */
const ARRAY_BYTES = 2 ** 35;

const GIB = 2 ** 30;

/** Rows whose scores, one a class, `predict` computes at a time; the same for any number of threads. */
export function rowsOfPart(classes: number): number {
  return Math.max(1, Math.floor(PART_BYTES / (8 * classes)));
}

/** Bytes that scores may take: half of the memory there is, and no more than an array can have. */
function mostBytes(): number {
  // 0 or a number beyond the memory where nothing constrains the process.
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.min(ARRAY_BYTES, memory / 2);
}

/** Whether there is memory for a number for each row and class. */
export function hasScoreMemory(rows: number, classes: number): boolean {
  return 8 * rows * classes <= mostBytes();
}

/**
 * @param advice What to do instead.
 * @throws DataError when a number for each of these rows and classes would take more memory than there is.
 */
export function requireScoreMemory(model: string, rows: number, classes: number, advice: string): void {
  if (hasScoreMemory(rows, classes)) return;
  const bytes = 8 * rows * classes;
  throw new DataError(
    'data/too-many-classes',
    `${model}: a number for each of ${rows} rows and ${classes} classes takes ${Math.ceil(bytes / GIB)} GiB; ` +
      `${Math.floor((mostBytes() / GIB) * 10) / 10} GiB may be taken here. ${advice}`,
    { model, rows, classes, bytes },
  );
}

/** Classes from which on they are named where kernel memory does not suffice. */
const MANY = 1000;

/** An error of a fit; one of memory says that it is the classes that take it, where they are many. */
export function blameClasses(error: unknown, model: string, rows: number, classes: number): unknown {
  if (classes < MANY || !(error instanceof HeddleError) || error.code !== 'job/out-of-memory') return error;
  const bytes = Number(error.details.bytes);
  return new DataError(
    'data/too-many-classes',
    `${model} on ${rows} rows of ${classes} classes needs ${Math.ceil(bytes / GIB)} GiB more than the 4 GiB that its numbers for ` +
      'each class may take. Merge classes, fit on fewer rows, or use k-neighbors-classifier, which keeps no numbers a class.',
    { model, rows, classes, bytes },
  );
}
