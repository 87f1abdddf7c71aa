import { z } from 'zod';
import { OptionError } from '../core/errors.ts';
import { type ColumnCategories, positionsOf } from './tree-categories.ts';

const direction = z.union([z.literal(-1), z.literal(0), z.literal(1)]);

/** Directions by the names of columns (0 where left out), or of all columns in their order. */
export const monotonicCstSchema = () =>
  z
    .union([z.record(z.string(), direction), z.array(direction)])
    .nullable()
    .default(null);

export type MonotonicCst = z.output<ReturnType<typeof monotonicCstSchema>>;

interface ConstrainedTable {
  readonly columns: number;
  readonly names: readonly string[] | undefined;
  readonly categories: readonly ColumnCategories[];
}

/**
 * The direction of each column; undefined where none has one.
 * @throws OptionError for names that x does not have, another number of directions than of columns, and columns of categories, which have no order.
 */
export function monotonicDirections(
  given: MonotonicCst,
  { columns, names, categories }: ConstrainedTable,
): Int8Array | undefined {
  if (given === null) return undefined;
  const directions = new Int8Array(columns);
  if (Array.isArray(given)) {
    if (given.length !== columns) {
      throw new OptionError(
        'option/invalid',
        `monotonicCst has ${given.length} numbers where x has ${columns} columns. Give one for each, or name the columns.`,
        { option: 'monotonicCst' },
      );
    }
    directions.set(given);
  } else {
    const chosen = Object.keys(given);
    const positions = positionsOf(chosen, names, columns, 'monotonicCst');
    for (const [i, name] of chosen.entries()) directions[positions[i]!] = given[name]!;
  }
  const unordered = categories.find(({ column }) => directions[column] !== 0);
  if (unordered !== undefined) {
    throw new OptionError(
      'option/conflict',
      `monotonicCst names column '${unordered.name}', which holds categories; they have no order.`,
      { option: 'monotonicCst', column: unordered.name },
    );
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
