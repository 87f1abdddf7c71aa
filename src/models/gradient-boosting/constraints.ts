import { OptionError } from '../../core/errors.ts';
import type { Interactions } from '../../math/trees/column-choice.ts';
import { type ColumnCategories, type ColumnChoices, positionsOf } from '../tree-categories.ts';

interface ConstrainedColumns {
  readonly columns: number;
  readonly names: readonly string[] | undefined;
  readonly categories: readonly ColumnCategories[];
}

/**
 * Of each column 1, −1 or 0; undefined when all are 0.
 * @throws OptionError for a column that is not there or holds categories, which have no order.
 */
export function monotoneOf(
  given: Readonly<Record<string, number>> | readonly number[] | null,
  { columns, names, categories }: ConstrainedColumns,
): Int8Array | undefined {
  if (given === null) return undefined;
  const directions = new Int8Array(columns);
  if (Array.isArray(given)) {
    if (given.length !== columns) {
      throw new OptionError(
        'option/invalid',
        `monotonicCst has ${given.length} numbers where x has ${columns} columns.`,
        { option: 'monotonicCst' },
      );
    }
    directions.set(given);
  } else {
    const chosen = Object.keys(given);
    const positions = positionsOf(chosen, names, columns, 'monotonicCst');
    for (const [i, name] of chosen.entries())
      directions[positions[i]!] = (given as Readonly<Record<string, number>>)[name]!;
  }
  const unordered = categories.find(({ column }) => directions[column] !== 0);
  if (unordered !== undefined) {
    throw new OptionError(
      'option/conflict',
      `monotonicCst names column '${unordered.name}', which holds categories; they have no order.`,
      { option: 'monotonicCst', column: unordered.name },
    );
  }
  return directions.some((direction) => direction !== 0) ? directions : undefined;
}

/**
 * What columns may be asked for together; undefined for all.
 * @throws OptionError for a column that is not there.
 */
export function interactionsOf(
  given: 'pairwise' | 'noInteractions' | readonly ColumnChoices[] | null,
  { columns, names }: ConstrainedColumns,
): Interactions | undefined {
  if (given === null) return undefined;
  if (typeof given === 'string') return { most: given === 'pairwise' ? 2 : 1 };
  const sets = given.map((set) => positionsOf(set, names, columns, 'interactionCst'));
  const rest = Array.from({ length: columns }, (_, j) => j).filter(
    (j) => !sets.some((set) => set.includes(j)),
  );
  return rest.length === 0 ? sets : [...sets, rest];
}
