import type { Interactions } from '../../math/trees/column-choice.ts';
import { type ColumnChoices, positionsOf } from '../tree-categories.ts';

interface ConstrainedColumns {
  readonly columns: number;
  readonly names: readonly string[] | undefined;
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
