import { OptionError } from '../core/errors.ts';
import { columnCount, type Table } from '../core/table.ts';

/** Names of the columns of a table; those without names are called by number. */
export function columnLabels(table: Table): readonly string[] {
  return table.names ?? Array.from({ length: columnCount(table) }, (_, j) => `column ${j}`);
}

/** The position of a column. @throws OptionError naming the option, the column and those that there are. */
export function placeOfColumn(column: string | number, names: readonly string[], option: string): number {
  const place = typeof column === 'number' ? column : names.indexOf(column);
  if (Number.isInteger(place) && place >= 0 && place < names.length) return place;
  throw new OptionError(
    'option/invalid',
    `${option} names ${JSON.stringify(column)}, which x does not have. Its columns are ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`,
    { option },
  );
}
