/** What models made of another model, which they fit on some rows and ask about others, share. */
import { z } from 'zod';
import { DataError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { option } from '../core/options.ts';
import { randomStateSchema } from '../core/seed-schema.ts';
import type { Table } from '../core/table.ts';
import type { Split } from '../data/split/splitter.ts';
import { splitterFrom } from '../data/split/splitter-from.ts';
import type { State } from '../define/definition.ts';
import { prepareInput } from '../define/input.ts';
import type { TrainingData } from '../define/run.ts';
import type { Specification } from '../define/specification.ts';
import { innerFolds } from './inner-folds.ts';

/** The schema of a splitter given by its name and options. */
export const namedSplitter = z.strictObject({
  name: z.string(),
  options: z.record(z.string(), z.unknown()).optional(),
});

export type NamedSplitter = z.output<typeof namedSplitter>;

/** Seed of the rows that a model sets aside. */
export const seedOption = (what: string) =>
  option(randomStateSchema(), `Seed of ${what}; null draws a new one each time.`);

/**
 * Divisions of the rows: a number of folds keeps groups whole where there are any, and the shares of classes.
 * @throws DataError when the data do not allow them; OptionError for an unknown splitter.
 */
export function dividedRows(cv: number | NamedSplitter, { x, y, groups }: TrainingData): Split[] {
  if (typeof cv === 'number') return innerFolds(cv, { x, y: y!, groups });
  return splitterFrom(cv as { name: string }).split(x.rows, {
    y: y instanceof Int32Array ? y : undefined,
    groups,
  });
}

/** The rows of training data at `rows`; what is held out for early stopping stays. */
export function takeRows(data: TrainingData, rows: Int32Array): TrainingData {
  return {
    ...data,
    x: data.x.take(rows) as Table,
    y: data.y && pick(data.y, rows),
    sampleWeight: data.sampleWeight && pick(data.sampleWeight, rows),
    groups: data.groups && pick(data.groups, rows),
  };
}

/**
 * Looks at all rows before some of them are fitted, so that an error names the row of the table that was given.
 * @throws DataError naming a cell that the estimator cannot take.
 */
export function checkCells({ definition }: Specification, x: Table): void {
  prepareInput(definition, x);
}

/** The values at `rows`. */
export function pick<A extends Int32Array | Float64Array>(values: A, rows: Int32Array): A {
  const out = new (values.constructor as new (n: number) => A)(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]!]!;
  return out;
}

/** About how many floating-point operations a row costs the estimator. */
export function operationsOf({ definition }: Specification, state: State, columns: number): number {
  return definition.rowOperations?.(state as never, columns) ?? 10 * columns;
}

/** @throws DataError naming a class that the training rows of a fold lack. */
export function requireAllClasses(
  train: Int32Array,
  y: Int32Array,
  classes: readonly Label[],
  fold: number,
): void {
  const seen = new Uint8Array(classes.length);
  for (const row of train) seen[y[row]!] = 1;
  const absent = seen.indexOf(0);
  if (absent < 0) return;
  throw new DataError(
    'data/class-absent',
    `The training rows of fold ${fold + 1} have none of class ${JSON.stringify(classes[absent])}. Give the class more rows, or lower cv.`,
    { class: String(classes[absent]), fold },
  );
}
