import { OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { columnOf } from './outputs.ts';
import { describe, isTable, type Numbers, type NumberTable, toDense, toFiniteNumbers } from './validate.ts';

/**
 * The score of one class: its column of a table, or, of two classes, the single column (which grows with the second class), negated
 * for the first. @throws OptionError when `label` is not among `classes`.
 */
export function scoreOfClass<L extends Label>(
  scores: Numbers | NumberTable,
  classes: readonly L[] | undefined,
  label: L | undefined,
): Float64Array {
  const k = classes === undefined || label === undefined ? 1 : classes.indexOf(label);
  if (k === -1) {
    const message = `The class ${describe(label)} is not one of ${(classes ?? []).map(describe).join(', ')}.`;
    throw new OptionError('option/positive-class', message, { option: 'positiveClass' });
  }
  const table = isTable(scores) ? toDense(scores, 'score') : undefined;
  if (table !== undefined && table.columns > 1) return columnOf(table, k);
  const single = table?.data ?? toFiniteNumbers(scores as Numbers, 'score');
  return k === 1 ? single : single.map((value) => -value);
}
