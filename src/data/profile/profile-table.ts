import type { Frame } from '../../core/frame.ts';
import { type Association, associate } from './association.ts';
import { countDuplicateRows } from './duplicate-rows.ts';
import { type ColumnProfile, profileColumn } from './profile-column.ts';

export interface TableProfile {
  readonly rows: number;
  /** Rows equal to an earlier one. */
  readonly duplicateRows: number;
  /** Missing cells. */
  readonly missing: number;
  readonly columns: readonly ColumnProfile[];
  /** With a target: how closely each other column goes with it, closest first. */
  readonly associations?: readonly (Association & { readonly name: string })[];
}

export interface ProfileOptions {
  /** The column to compare the others with. */
  readonly target?: string | undefined;
  /** Whether the target's numbers are classes. */
  readonly isTargetCategorical?: boolean | undefined;
  /** Bins of the histograms. Default 10. */
  readonly bins?: number | undefined;
}

/** What a table holds, at a glance. @throws DataError for a target that does not exist. */
export function profileTable(
  table: Frame,
  { target, isTargetCategorical = false, bins = 10 }: ProfileOptions = {},
): TableProfile {
  const columns = table.entries().map(([name, column]) => profileColumn(name, column, bins));
  const truth = target === undefined ? undefined : table.column(target);
  const strength = ({ value }: Association) => (Number.isNaN(value) ? -1 : Math.abs(value));
  const associations =
    truth &&
    table
      .entries()
      .filter(([name]) => name !== target)
      .map(([name, column]) => ({ name, ...associate(column, truth, { asCategories: isTargetCategorical }) }))
      .sort((a, b) => strength(b) - strength(a));
  return {
    rows: table.rows,
    duplicateRows: countDuplicateRows(table),
    missing: columns.reduce((sum, column) => sum + column.missing, 0),
    columns,
    ...(associations && { associations }),
  };
}
