/**
 * Checks and conversions shared by all metrics: plain arrays, typed arrays and matrices in, finite float64 out. Rows count
 * from 0 in every message.
 */
import { DataError, OptionError } from '../core/errors.ts';

/** A column of numbers: `number[]`, `Float64Array`, `Float32Array`, … */
export type Numbers = ArrayLike<number>;

/** A row-major table of numbers; `data.length` is `rows * columns`. */
export interface MatrixLike {
  readonly rows: number;
  readonly columns: number;
  readonly data: Numbers;
}

/** Two-dimensional numbers: a matrix or an array of equally long rows. */
export type NumberTable = MatrixLike | readonly Numbers[];

/** A checked table: row-major, float64, every number finite. A single column has `columns === 1`. */
export interface Dense {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export function isMatrixLike(values: object): values is MatrixLike {
  return 'data' in values && 'rows' in values && 'columns' in values;
}

/** Whether `values` has two dimensions (an empty array counts as one). */
export function isTable(values: Numbers | NumberTable): values is NumberTable {
  return isMatrixLike(values) || (values.length > 0 && typeof values[0] === 'object' && values[0] !== null);
}

/** Numbers of one column, checked. @throws DataError when empty, not numbers, NaN or infinite. */
export function toFiniteNumbers(values: Numbers, what: string): Float64Array {
  if (isTable(values)) {
    throw new DataError('data/shape-mismatch', `${what} has two dimensions where one column is needed.`, {
      what,
    });
  }
  checkNotEmpty(values.length, what);
  const numbers = values instanceof Float64Array ? values : copyNumbers(values, what);
  checkFinite(numbers, 1, what);
  return numbers;
}

/** One or two dimensions as a checked table. @throws DataError as {@link toFiniteNumbers}, and for ragged rows. */
export function toDense(values: Numbers | NumberTable, what: string): Dense {
  if (!isTable(values)) {
    const data = toFiniteNumbers(values, what);
    return { rows: data.length, columns: 1, data };
  }
  const dense = isMatrixLike(values) ? denseFromMatrix(values, what) : denseFromRows(values, what);
  checkFinite(dense.data, dense.columns, what);
  return dense;
}

function denseFromMatrix({ rows, columns, data }: MatrixLike, what: string): Dense {
  checkNotEmpty(rows * columns, what);
  if (data.length !== rows * columns) {
    const message = `${what} says ${rows} rows × ${columns} columns but holds ${data.length} numbers instead of ${rows * columns}.`;
    throw new DataError('data/shape-mismatch', message, { what, rows, columns, length: data.length });
  }
  return { rows, columns, data: data instanceof Float64Array ? data : copyNumbers(data, what, columns) };
}

function denseFromRows(table: readonly Numbers[], what: string): Dense {
  const rows = table.length;
  const columns = table[0].length;
  checkNotEmpty(columns, what);
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    if (table[i]?.length !== columns) {
      const found = table[i]?.length ?? 0;
      const message = `${what} row ${i} has ${found} numbers where row 0 has ${columns}: make all rows equally long.`;
      throw new DataError('data/ragged-row', message, { what, row: i, expected: columns, found });
    }
    for (let j = 0; j < columns; j++) data[i * columns + j] = numberAt(table[i], j, i, what);
  }
  return { rows, columns, data };
}

function copyNumbers(values: Numbers, what: string, columns = 1): Float64Array {
  if (ArrayBuffer.isView(values)) return new Float64Array(values);
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = numberAt(values, i, Math.floor(i / columns), what);
  return numbers;
}

/** `null` and text would silently become 0 or NaN in a typed array, so they are refused here. */
function numberAt(values: Numbers, index: number, row: number, what: string): number {
  const value: unknown = values[index];
  if (typeof value === 'number') return value;
  const message = `${what} row ${row} is ${describe(value)}, not a number: drop the row or fill the value first.`;
  throw new DataError('data/not-a-number', message, { what, row });
}

function checkFinite(numbers: Float64Array, columns: number, what: string): void {
  for (let i = 0; i < numbers.length; i++) {
    // x - x is 0 for finite x and NaN for NaN and the infinities.
    if (numbers[i] - numbers[i] !== 0) {
      const row = Math.floor(i / columns);
      const column = i % columns;
      const place = columns === 1 ? `row ${row}` : `row ${row}, column ${column}`;
      const message = `${what} ${place} (rows count from 0) is ${numbers[i]}: drop the row or fill the value first.`;
      throw new DataError('data/not-finite', message, { what, row, column });
    }
  }
}

export function checkNotEmpty(length: number, what: string): void {
  if (length === 0)
    throw new DataError('data/empty', `${what} is empty: a metric needs at least one row.`, { what });
}

export function checkSameLength(what: string, length: number, otherWhat: string, otherLength: number): void {
  if (length === otherLength) return;
  const message = `${what} has ${length} rows but ${otherWhat} has ${otherLength}: they must describe the same rows.`;
  throw new DataError('data/length-mismatch', message, { what, length, otherWhat, otherLength });
}

/** Sample weights, checked: one per row, finite, not negative, not all zero. `undefined` stays `undefined`. */
export function toWeights(sampleWeight: Numbers | undefined, rows: number): Float64Array | undefined {
  if (sampleWeight === undefined) return undefined;
  const weights = toFiniteNumbers(sampleWeight, 'sampleWeight');
  checkSameLength('sampleWeight', weights.length, 'truth', rows);
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    if (weights[i] < 0) {
      const message = `sampleWeight row ${i} is ${weights[i]}: weights must not be negative.`;
      throw new DataError('data/negative-weight', message, { row: i });
    }
    if (weights[i] > largest) largest = weights[i];
  }
  if (largest === 0) {
    throw new DataError('data/zero-weights', 'All sample weights are 0: at least one row must count.');
  }
  return weights;
}

/** @throws OptionError unless `value` is one of `allowed`. */
export function checkOneOf<T>(option: string, value: T, allowed: readonly T[]): void {
  if (allowed.some((candidate) => Object.is(candidate, value))) return;
  const choices = allowed.map(describe).join(', ');
  throw new OptionError('option/invalid', `${option} is ${describe(value)}: use one of ${choices}.`, {
    option,
  });
}

/** @throws OptionError unless `valid`; `rule` completes "option must …". */
export function checkOption(valid: boolean, option: string, value: unknown, rule: string): void {
  if (!valid) {
    throw new OptionError('option/invalid', `${option} is ${describe(value)}: it must ${rule}.`, { option });
  }
}

/** A value as it appears in a message: text in quotes. */
export function describe(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
