import type { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { parseOptions } from '../../core/options.ts';
import type { RowLabels } from './labels.ts';
import type { Times } from './times.ts';

/** Row numbers of one division: `train` and `test` share none. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** What a splitter may look at besides the number of rows; each has one value per row. */
export interface SplitData {
  /** Classes, for the stratified splitters. */
  readonly y?: RowLabels | undefined;
  /** Rows of one group never appear on both sides, for the group splitters. */
  readonly groups?: RowLabels | undefined;
  /** When each row was known, for the time splitters. */
  readonly time?: Times | undefined;
}

/**
 * A rule for dividing rows: frozen, with plain JSON options. Equal options and data give equal splits (unless
 * `randomState` is null).
 */
export interface Splitter<O = Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly options: O;
  /**
   * Divides the rows 0 … n−1.
   * @throws DataError when the data do not allow it, naming the class, group or count that stands in the way.
   */
  split(n: number, data?: SplitData): Split[];
}

/** Checks `input` and builds the record; `divide` sees a checked `n`. */
export function defineSplitter<S extends z.ZodType>(
  name: string,
  schema: S,
  input: unknown,
  divide: (options: Readonly<z.output<S>>, n: number, data: SplitData) => Split[],
): Splitter<Readonly<z.output<S>>> {
  const options = parseOptions(schema, input, name);
  return Object.freeze({
    name,
    options,
    split: (n: number, data: SplitData = {}) => divide(options, checkRows(n, name), data),
  });
}

/** The most rows that Int32Array row numbers reach. */
const maxRows = 2 ** 31 - 1;

export function checkRows(n: number, owner: string): number {
  if (Number.isInteger(n) && n >= 0 && n <= maxRows) return n;
  throw new DataError(
    'data/invalid-rows',
    `${owner} divides a whole number of rows, at most ${maxRows}; got ${String(n)}.`,
    { owner, rows: String(n) },
  );
}
