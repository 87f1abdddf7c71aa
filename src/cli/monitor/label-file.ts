import { DataError, OptionError } from '../../core/errors.ts';
import { columnCell, type Frame } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';

/** A column of labels: `label`, or the one called like the target. @throws DataError naming the columns there are. */
export function labelColumn(table: Frame, target: string | undefined): (Label | null)[] {
  const name = ['label', target].find((wish) => wish !== undefined && table.has(wish));
  if (name === undefined) {
    const wanted = target === undefined ? "'label'" : `'label' or '${target}'`;
    throw new DataError(
      'data/missing-column',
      `The file of labels has no column ${wanted}; it has ${table.names.join(', ')}.`,
      { column: 'label', columns: table.names },
    );
  }
  const column = table.column(name);
  return Array.from({ length: table.rows }, (_, i) => {
    const cell = columnCell(column, i);
    return cell instanceof Date ? cell.toISOString() : cell;
  });
}

/**
 * Labels of a file for the rows of a window: by `id` where the window has ids, else one a row in order.
 * @throws DataError when ids are needed and absent, or the numbers of rows differ.
 */
export function labelsFor(
  rows: number,
  ids: readonly string[] | undefined,
  known: readonly (Label | null)[] | undefined,
  file: Frame,
  target: string | undefined,
): (Label | null)[] {
  const labels = labelColumn(file, target);
  if (ids === undefined) {
    if (file.rows !== rows) {
      throw new DataError(
        'data/length-mismatch',
        `The file of labels has ${file.rows} rows, the data ${rows}: give one label per row, in order.`,
        { labels: file.rows, rows },
      );
    }
    return labels;
  }
  if (!file.has('id')) {
    throw new OptionError(
      'command/bad-flag',
      `Labels of logged predictions need a column 'id'; the file has ${file.names.join(', ')}.`,
      { flag: 'labels' },
    );
  }
  const byId = new Map(file.texts('id').map((id, i) => [id, labels[i]!]));
  return ids.map((id, i) => byId.get(id) ?? known?.[i] ?? null);
}
