import type { Frame } from '../core/frame.ts';
import type { Matrix } from '../core/matrix.ts';
import {
  type ColumnCategories,
  type ColumnChoices,
  encodeTable,
  learnTreeCategories,
} from './tree-categories.ts';

/** Categories that a column has at most; where it has more, the rarest share one. */
const MOST_CATEGORIES = 1 << 16;

/** A training table as numbers, with the rows that are held out. */
export interface TrainingTable<Held> {
  readonly x: Matrix;
  readonly validation: (Held & { readonly x: Matrix }) | undefined;
  readonly columns: number;
  readonly names: readonly string[] | undefined;
  readonly categories: readonly ColumnCategories[];
}

/** What a state of trees keeps of the table. */
export interface TableState {
  readonly columns: number;
  /** Of the columns of categories, in order; absent where there are none. */
  readonly categories?: readonly ColumnCategories[];
}

interface GivenTable<Held> {
  readonly x: Frame | Matrix;
  readonly validation: (Held & { readonly x: Frame | Matrix }) | undefined;
  readonly from: unknown;
}

/**
 * The table of a fit as numbers: text, and columns that are named, as codes of categories, which are learned or those of the model
 * that is continued.
 * @throws OptionError for a column that is not there; DataError for one of dates.
 */
export function trainingTable<Held>(
  { x, validation, from }: GivenTable<Held>,
  options: { readonly categoricalFeatures: ColumnChoices | null; readonly maxCategories: number },
  model: string,
): TrainingTable<Held> {
  const categories =
    from === undefined
      ? learnTreeCategories(x, options.categoricalFeatures, options.maxCategories, model)
      : ((from as TableState).categories ?? []);
  const matrix = encodeTable(x, categories);
  return {
    ...{ x: matrix, columns: matrix.columns, names: x.names, categories },
    validation: validation && { ...validation, x: encodeTable(validation.x, categories) },
  };
}

/** What a state keeps of the table. */
export function stateOf({ columns, categories }: TrainingTable<unknown>): TableState {
  return { columns, ...(categories.length > 0 && { categories }) };
}

/** {@link trainingTable} of trees that neither go on nor look at held-out rows. */
export function treeTable(
  { x }: { readonly x: Frame | Matrix },
  categoricalFeatures: ColumnChoices | null,
  model: string,
): TrainingTable<unknown> {
  const options = { categoricalFeatures, maxCategories: MOST_CATEGORIES };
  return trainingTable({ x, validation: undefined, from: undefined }, options, model);
}
