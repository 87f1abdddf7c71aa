import { DataError, OptionError } from '../core/errors.ts';
import { columnCount, type Table } from '../core/table.ts';
import type { FittedModel, TargetSchema } from './fitted.ts';
import { alignTable } from './schema.ts';
import type { Specification } from './specification.ts';

/**
 * The training table with its columns in the order of the model that the fit continues from.
 * @throws OptionError when that is another kind of model; DataError when it has other columns, targets or classes.
 */
export function alignToEarlier(
  table: Table,
  from: FittedModel,
  { name, definition }: Specification,
  target: TargetSchema,
): Table {
  if (from.specification?.name !== name) {
    throw new OptionError(
      'option/invalid',
      `${name} cannot continue from ${from.specification?.name ?? 'what is no fitted model'}; from takes a fitted ${name}.`,
      { option: 'from' },
    );
  }
  const columns = columnCount(table);
  if (columns !== from.schema.columns) {
    throw new DataError(
      'data/column-count',
      `The model to continue from was fitted on ${from.schema.columns} columns, but x has ${columns}.`,
      { expected: from.schema.columns, columns },
    );
  }
  requireSameTarget(from.target, target);
  return alignTable(table, from.schema, definition.input);
}

function requireSameTarget(earlier: TargetSchema, now: TargetSchema): void {
  if (earlier.kind === 'values' && now.kind === 'values' && earlier.targets !== now.targets) {
    throw new DataError(
      'data/other-shape',
      `The model to continue from has ${earlier.targets} targets, but y has ${now.targets} columns.`,
      { expected: earlier.targets, targets: now.targets },
    );
  }
  if (earlier.kind !== 'classes' || now.kind !== 'classes') return;
  const { classes } = earlier;
  if (classes.length === now.classes.length && classes.every((label, k) => label === now.classes[k])) return;
  throw new DataError(
    'data/other-classes',
    `The model to continue from has the classes ${show(classes)}, but y has ${show(now.classes)}. Every class must occur in y, and no other.`,
  );
}

function show(classes: readonly unknown[]): string {
  return `${JSON.stringify(classes.slice(0, 10))}${classes.length > 10 ? ` and ${classes.length - 10} more` : ''}`;
}
