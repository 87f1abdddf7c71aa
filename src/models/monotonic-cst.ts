import { z } from 'zod';
import { OptionError, suggestion } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';

const direction = z.union([z.literal(-1), z.literal(0), z.literal(1)]);

/** Directions by the names of columns (0 where left out), or of all columns in their order. */
export const monotonicCstSchema = () =>
  z
    .union([z.record(z.string(), direction), z.array(direction)])
    .nullable()
    .default(null);

export type MonotonicCst = z.output<ReturnType<typeof monotonicCstSchema>>;

/**
 * The direction of each column; undefined where none has one.
 * @throws OptionError for names that x does not have, or another number of directions than of columns.
 */
export function monotonicDirections(
  given: MonotonicCst,
  { columns, names }: Pick<Matrix, 'columns' | 'names'>,
): Int8Array | undefined {
  if (given === null) return undefined;
  const directions = new Int8Array(columns);
  if (Array.isArray(given)) {
    if (given.length !== columns) {
      throw new OptionError(
        'option/invalid',
        `monotonicCst has ${given.length} directions for ${columns} columns. Give one for each, or name the columns.`,
        { option: 'monotonicCst' },
      );
    }
    directions.set(given);
  } else {
    for (const [name, value] of Object.entries(given)) {
      const at = names === undefined ? Number(name) : names.indexOf(name);
      if (!(at >= 0 && at < columns)) {
        throw new OptionError(
          'option/invalid',
          `monotonicCst names column '${name}', which x does not have.${suggestion(name, names ?? [])}`,
          { option: 'monotonicCst', column: name },
        );
      }
      directions[at] = value;
    }
  }
  return directions.some((value) => value !== 0) ? directions : undefined;
}

/** @throws OptionError for directions with more than two classes, whose predictions have no order. */
export function refuseManyClasses(directions: Int8Array | undefined, classes: number): void {
  if (directions === undefined || classes <= 2) return;
  throw new OptionError(
    'option/conflict',
    `monotonicCst speaks of the share of the second of two classes; the target has ${classes}.`,
    { option: 'monotonicCst', classes },
  );
}
