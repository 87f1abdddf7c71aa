import { DataError } from '../core/errors.ts';
import { type Column, columnCell, columnLength, isMissing } from '../core/frame.ts';

/** What is to be predicted: a number or a class. */
export type Problem = 'regression' | 'classification';

export interface InferredProblem {
  readonly problem: Problem;
  /** Why, in words that begin with the column. */
  readonly reason: string;
  /** The target would allow the other problem as well, e.g. whole numbers that may be classes or counts. */
  readonly isOpen: boolean;
}

/** Whole numbers with more distinct values than this are measured, not classes. */
const MOST_INTEGER_CLASSES = 20;
/** Rows that each class should have on average; two distinct values are classes in any case. */
const ROWS_PER_CLASS = 3;

/**
 * The problem that a target column suggests. Text and booleans are classes. Whole numbers are classes when they take at most
 * two values, or at most 20 with three rows for each on average; all other numbers are values to be predicted.
 * @throws DataError when the column is all missing, has a single value, or holds dates.
 */
export function inferProblem(name: string, target: Column): InferredProblem {
  const rows = columnLength(target);
  const { present, distinct, allIntegers } = distinctValues(target);
  const column = `'${name}'`;
  if (present === 0) {
    throw new DataError('data/no-target', `The target ${column} is missing in all ${rows} rows.`, {
      column: name,
    });
  }
  switch (target.kind) {
    case 'string':
      return {
        problem: 'classification',
        reason: `${column} holds text (${classes(distinct)})`,
        isOpen: false,
      };
    case 'boolean':
      return { problem: 'classification', reason: `${column} holds true and false`, isOpen: false };
    case 'date':
      throw new DataError(
        'data/date-target',
        `The target ${column} holds dates, which no model predicts. Turn it into a number, e.g. days until then.`,
        { column: name },
      );
    case 'number': {
      const values = countText(distinct, allIntegers);
      if (!allIntegers) return { problem: 'regression', reason: `${column} holds ${values}`, isOpen: false };
      const isFew =
        distinct <= 2 || (distinct <= MOST_INTEGER_CLASSES && present >= ROWS_PER_CLASS * distinct);
      return {
        problem: isFew ? 'classification' : 'regression',
        reason: `${column} holds ${isFew ? 'few' : 'many'} distinct whole numbers (${distinct} in ${present} rows)`,
        isOpen: true,
      };
    }
    default:
      return target satisfies never;
  }
}

function classes(distinct: number): string {
  return distinct === 1 ? '1 class' : `${distinct} classes`;
}

function countText(distinct: number, allIntegers: boolean): string {
  return `${distinct} distinct ${allIntegers ? 'whole ' : ''}${distinct === 1 ? 'number' : 'numbers'}`;
}

function distinctValues(column: Column): { present: number; distinct: number; allIntegers: boolean } {
  const seen = new Set<unknown>();
  let present = 0;
  let allIntegers = column.kind === 'number';
  for (let i = 0, n = columnLength(column); i < n; i++) {
    if (isMissing(column, i)) continue;
    const value = column.kind === 'string' ? column.codes[i]! : column.values[i]!;
    if (column.kind === 'number' && Number.isNaN(value)) continue;
    present++;
    seen.add(value);
    if (allIntegers && !Number.isInteger(value)) allIntegers = false;
  }
  return { present, distinct: seen.size, allIntegers };
}

/**
 * Checks that a target suits the problem.
 * @throws DataError for text where numbers are needed (with the row), for numbers that are measured where classes are.
 */
export function requireProblem(name: string, target: Column, problem: Problem): void {
  const column = `'${name}'`;
  if (problem === 'regression') {
    if (target.kind === 'number' || target.kind === 'boolean') return;
    let row = 0;
    while (isMissing(target, row)) row++;
    throw new DataError(
      'data/not-a-number',
      `The target ${column} holds ${target.kind === 'string' ? 'text' : 'dates'} ` +
        `(data row ${row + 1}: ${JSON.stringify(columnCell(target, row))}), but regression needs numbers. ` +
        'Use a classifier, or name another target.',
      { column: name, row },
    );
  }
  const { present, distinct, allIntegers } = distinctValues(target);
  if (distinct === 1) {
    throw new DataError(
      'data/one-class',
      `The target ${column} has the same value in all ${present} rows; a classifier needs at least two classes.`,
      { column: name },
    );
  }
  if (target.kind === 'number' && !allIntegers && distinct > MOST_INTEGER_CLASSES) {
    throw new DataError(
      'data/not-classes',
      `The target ${column} holds ${distinct} distinct numbers with fractions, which are no classes. Use a regressor.`,
      { column: name },
    );
  }
  if (distinct === present && present > 2) {
    throw new DataError(
      'data/not-classes',
      `Each of the ${present} rows has its own class in the target ${column}, so nothing can be learned. ` +
        (target.kind === 'number' ? 'Use a regressor, or name another target.' : 'Name another target.'),
      { column: name },
    );
  }
}
