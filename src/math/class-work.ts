import { DataError } from '../core/errors.ts';

/** Classes up to which a long fit is the user's own choice. */
const MANY = 10_000;
/** Some twenty minutes. */
const MOST_NANOSECONDS = 1e12;

const HOUR = 3.6e12;

export interface ClassWork {
  /** Named in the message. */
  readonly model: string;
  readonly rows: number;
  readonly classes: number;
  /** About how long the fit would take on one thread. */
  readonly nanoseconds: number;
  /** What to do instead. */
  readonly advice: string;
}

/**
 * Models that compare every row with every class are of no use where there are tens of thousands of classes: their work grows with the
 * product, so that with 10⁵ classes a single pass takes minutes.
 * @throws DataError with an estimate when there are more than 10,000 classes and the fit would take hours.
 */
export function requireClassWork({ model, rows, classes, nanoseconds, advice }: ClassWork): void {
  if (classes <= MANY || nanoseconds <= MOST_NANOSECONDS) return;
  const hours = Math.ceil(nanoseconds / HOUR);
  throw new DataError(
    'data/too-many-classes',
    `${model} compares each of ${rows} rows with each of ${classes} classes, which would take some ${hours} ${hours === 1 ? 'hour' : 'hours'}. ` +
      `Merge classes, ${advice}, or use nearest neighbours.`,
    { model, rows, classes, hours },
  );
}
