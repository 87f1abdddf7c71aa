import { DataError, OptionError } from '../core/errors.ts';
import { type Column, type Frame, isMissing } from '../core/frame.ts';
import type { ParsedTrainOptions } from './train-options.ts';

type ColumnOptions = Pick<ParsedTrainOptions, 'target' | 'features' | 'drop' | 'weight' | 'group' | 'time'>;

/**
 * The columns to learn from: those named, else all but the target, those dropped and those with another task (weight, group,
 * time).
 * @throws DataError for a column that does not exist; OptionError for one with two tasks.
 */
export function featureColumns(table: Frame, options: ColumnOptions): Frame {
  const { target, features, drop } = options;
  const tasks = new Map<string, string>([[target, 'target']]);
  for (const task of ['weight', 'group', 'time'] as const) {
    const name = options[task];
    if (name === undefined) continue;
    table.column(name);
    const other = tasks.get(name);
    // One column may say both which rows belong together and when they were.
    if (other !== undefined && !(other === 'group' && task === 'time')) throw twoTasks(name, other, task);
    tasks.set(name, task);
  }
  for (const name of [...drop, ...(features ?? [])]) table.column(name);
  if (features === undefined) {
    return table.select(table.names.filter((name) => !tasks.has(name) && !drop.includes(name)));
  }
  for (const name of features) {
    const task = tasks.get(name);
    // A moment or a group may be a feature too when asked for; the target would give itself away.
    if (task === 'target' || task === 'weight') throw twoTasks(name, task, 'feature');
    if (drop.includes(name)) throw twoTasks(name, 'dropped column', 'feature');
  }
  return table.select([...new Set(features)]);
}

function twoTasks(column: string, first: string, second: string): OptionError {
  return new OptionError(
    'option/conflict',
    `Column '${column}' cannot be both ${first} and ${second}. Name another column for one of them.`,
    { column },
  );
}

/** The column of weights as numbers. @throws DataError naming the first row without a usable weight. */
export function weightColumn(name: string, column: Column): Float64Array {
  if (column.kind !== 'number') {
    throw new DataError(
      'data/bad-weight',
      `The weight column '${name}' holds ${column.kind}s; weights are numbers.`,
      {
        column: name,
      },
    );
  }
  const row = column.values.findIndex(
    (value, i) => isMissing(column, i) || !(value >= 0 && value < Infinity),
  );
  if (row >= 0) {
    const what = isMissing(column, row) ? 'missing' : column.values[row];
    throw new DataError(
      'data/bad-weight',
      `The weight in column '${name}' is ${what} in data row ${row + 1}; weights are finite and at least 0.`,
      { column: name, row },
    );
  }
  return column.values;
}
