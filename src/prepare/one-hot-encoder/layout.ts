import type { Category } from '../category.ts';
import { INFREQUENT } from '../decode-column.ts';
import { type LearnedCategories, listCategories } from '../learned-categories.ts';
import { groupRare } from '../rare-categories.ts';

/** One column of categories and the columns it becomes. */
export interface OneHotColumn {
  readonly categories: LearnedCategories;
  /** Places of the categories that share a column, ascending. */
  readonly rare: Int32Array;
  /** Group of each category: its own, or the last one for the rare. */
  readonly grouped: Int32Array;
  /** The group without a column; −1 for none. */
  readonly drop: number;
  /** Columns it becomes. */
  readonly width: number;
}

export function layOut(
  categories: LearnedCategories,
  rare: Int32Array,
  drop: 'first' | 'ifBinary' | null,
): OneHotColumn {
  const count = categories.levels.length + (categories.hasMissing ? 1 : 0);
  const grouped = groupRare(count, rare);
  const groups = rare.length === 0 ? count : count - rare.length + 1;
  const isDropped = groups > 0 && (drop === 'first' || (drop === 'ifBinary' && groups === 2));
  return { categories, rare, grouped, drop: isDropped ? 0 : -1, width: groups - (isDropped ? 1 : 0) };
}

/** The column of each group, counted from the first of its block; −1 for the group that is dropped. */
export function columnOfGroup({ drop }: OneHotColumn, group: number): number {
  if (group === drop) return -1;
  return drop >= 0 && group > drop ? group - 1 : group;
}

/** What each column stands for; the text {@link INFREQUENT} for the rare ones together. */
export function labelsOf(column: OneHotColumn): Category[] {
  const labels = new Array<Category>(column.width);
  for (const [place, category] of listCategories(column.categories).entries()) {
    const at = columnOfGroup(column, column.grouped[place]!);
    if (at >= 0) labels[at] = column.rare.includes(place) ? INFREQUENT : category;
  }
  return labels;
}

/** Names of all columns, `NAME_CATEGORY`; one that is taken gets an underscore more. */
export function namesOfColumns(columns: readonly OneHotColumn[]): string[] {
  const taken = new Set<string>();
  for (const column of columns) {
    for (const label of labelsOf(column)) {
      let name = `${column.categories.name}_${label ?? 'nan'}`;
      while (taken.has(name)) name += '_';
      taken.add(name);
    }
  }
  return [...taken];
}
