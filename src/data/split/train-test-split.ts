import { DataError } from '../../core/errors.ts';
import { type Column, columnLength, takeColumn } from '../../core/frame.ts';
import { type TrainTestOptions, trainTestIndices } from './train-test-indices.ts';

/** Anything that gives its rows by number: a Frame, a Matrix. */
export interface Rows<T> {
  readonly rows: number;
  take(indices: Int32Array): T;
}

type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** What can be divided by rows. */
export type Divisible = Rows<unknown> | Column | TypedArray | readonly unknown[];

/** Parts have the type of the whole: Frame, Matrix, Column, the class of a typed array, `T[]`. */
export type Part<X> = X extends Rows<infer T> ? T : X extends readonly (infer T)[] ? T[] : X;

export interface TrainTestX<X> {
  readonly xTrain: Part<X>;
  readonly xTest: Part<X>;
}
export interface ValidationX<X> {
  readonly xValidation: Part<X>;
}
export interface TrainTestY<Y> {
  readonly yTrain: Part<Y>;
  readonly yTest: Part<Y>;
}
export interface ValidationY<Y> {
  readonly yValidation: Part<Y>;
}

type Validated = TrainTestOptions & { readonly validationSize: number };
type NotValidated = TrainTestOptions & { readonly validationSize?: undefined };

/**
 * Divides the rows of `x`, and of `y` alike, into a training and a test part, with `validationSize` also into a
 * validation part (only then has the result `xValidation` and `yValidation`). Options and division as {@link
 * trainTestIndices}.
 *
 * ```ts
 * const { xTrain, xTest, yTrain, yTest } = trainTestSplit(x, y, { testSize: 0.2, randomState: 42, stratify: y });
 * ```
 *
 * @throws DataError when `x` and `y` differ in rows, or the labels do not allow the division; OptionError for options.
 */
export function trainTestSplit<X extends Divisible, Y extends Divisible>(
  x: X,
  y: Y,
  options: Validated,
): TrainTestX<X> & ValidationX<X> & TrainTestY<Y> & ValidationY<Y>;
export function trainTestSplit<X extends Divisible, Y extends Divisible>(
  x: X,
  y: Y,
  options?: NotValidated,
): TrainTestX<X> & TrainTestY<Y>;
export function trainTestSplit<X extends Divisible, Y extends Divisible>(
  x: X,
  y: Y,
  options?: TrainTestOptions,
): TrainTestX<X> & Partial<ValidationX<X>> & TrainTestY<Y> & Partial<ValidationY<Y>>;
export function trainTestSplit<X extends Divisible>(x: X, options: Validated): TrainTestX<X> & ValidationX<X>;
export function trainTestSplit<X extends Divisible>(x: X, options?: NotValidated): TrainTestX<X>;
export function trainTestSplit<X extends Divisible>(
  x: X,
  options?: TrainTestOptions,
): TrainTestX<X> & Partial<ValidationX<X>>;
export function trainTestSplit(
  x: Divisible,
  second?: Divisible | TrainTestOptions,
  third?: TrainTestOptions,
): object {
  const n = rowsOf(x);
  const y = isTable(second) ? second : undefined;
  const options = y === undefined ? (second as TrainTestOptions | undefined) : third;
  if (y !== undefined && rowsOf(y) !== n) {
    throw new DataError(
      'data/length-mismatch',
      `trainTestSplit: x has ${n} rows, y has ${rowsOf(y)}. Give one y per row of x.`,
      { x: n, y: rowsOf(y) },
    );
  }
  const { train, validation, test } = trainTestIndices(n, options);
  return {
    xTrain: takeRows(x, train),
    xTest: takeRows(x, test),
    ...(validation !== undefined && { xValidation: takeRows(x, validation) }),
    ...(y !== undefined && { yTrain: takeRows(y, train), yTest: takeRows(y, test) }),
    ...(y !== undefined && validation !== undefined && { yValidation: takeRows(y, validation) }),
  };
}

function isTable(value: unknown): value is Divisible {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) || ArrayBuffer.isView(value) || 'take' in value || 'kind' in value)
  );
}

function rowsOf(table: Divisible): number {
  if (!isTable(table)) {
    throw new DataError(
      'data/not-a-table',
      `trainTestSplit divides a Frame, a Matrix, a column or an array; it was given ${table === null ? 'null' : `a value of type ${typeof table}`}.`,
    );
  }
  if ('rows' in table) return table.rows;
  return 'kind' in table ? columnLength(table) : table.length;
}

function takeRows(table: Divisible, indices: Int32Array): unknown {
  if ('rows' in table) return table.take(indices);
  if ('kind' in table) return takeColumn(table, indices);
  if (Array.isArray(table)) return Array.from(indices, (row) => table[row]);
  const values = table as Float64Array;
  const Kind = values.constructor as new (length: number) => Float64Array;
  const part = new Kind(indices.length);
  for (let i = 0; i < indices.length; i++) part[i] = values[indices[i]!]!;
  return part;
}
