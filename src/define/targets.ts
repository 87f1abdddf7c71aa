import { DataError } from '../core/errors.ts';
import {
  type BooleanColumn,
  type Column,
  Frame,
  type NumberColumn,
  type StringColumn,
} from '../core/frame.ts';
import { type Label, rankLabels } from '../core/labels.ts';
import { Matrix } from '../core/matrix.ts';
import { sharedArray } from '../core/shared.ts';
import { inSlices } from '../core/slices.ts';
import { shared, toMatrix } from '../core/table.ts';

type NumericArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint8Array
  | Int8Array;

/** One number a row. */
export type NumericTarget = readonly number[] | NumericArray | Column;
/** Several numbers a row. */
export type NumericTargets = readonly (readonly number[])[] | Matrix | Frame;
/** One class a row. */
export type LabelTarget = readonly Label[] | NumericArray | Column;

/** The label type of a target: what `predict` returns. */
export type LabelOf<Y> = Y extends readonly (infer L extends Label)[]
  ? Widen<L>
  : Y extends StringColumn
    ? string
    : Y extends NumberColumn | NumericArray
      ? number
      : Y extends BooleanColumn
        ? boolean
        : Label;

type Widen<L> = L extends string
  ? string extends L
    ? string
    : L
  : L extends number
    ? number
    : L extends boolean
      ? boolean
      : L;

export interface EncodedValues {
  readonly values: Float64Array;
  readonly targets: number;
  readonly several: boolean;
  readonly names: readonly string[] | undefined;
}

/**
 * A numeric target as row-major float64 numbers on shared memory.
 * @throws DataError naming the row of a value that is missing, not finite or not a number.
 */
export async function encodeValues(y: NumericTarget | NumericTargets): Promise<EncodedValues> {
  if (y instanceof Matrix || y instanceof Frame) {
    const matrix = toMatrix(y);
    await requireFinite(matrix.data, matrix.columns);
    const values = await shared(matrix.data, Float64Array);
    return { values, targets: matrix.columns, several: true, names: matrix.names };
  }
  if (Array.isArray(y) && Array.isArray(y[0])) {
    const matrix = Matrix.fromRows(y as readonly (readonly number[])[]);
    await requireFinite(matrix.data, matrix.columns);
    return { values: matrix.data, targets: matrix.columns, several: true, names: undefined };
  }
  const values = await toNumbers(y as NumericTarget);
  await requireFinite(values, 1);
  return { values, targets: 1, several: false, names: undefined };
}

async function toNumbers(y: NumericTarget): Promise<Float64Array> {
  if (isColumn(y)) {
    if (y.kind === 'number' || y.kind === 'date') return shared(y.values, Float64Array);
    if (y.kind === 'boolean') return toNumbers(y.values);
    throw new DataError(
      'data/not-a-number',
      'The target y holds text, but a regressor needs numbers. Use a classifier for classes.',
    );
  }
  if (y instanceof Float64Array) return shared(y, Float64Array);
  const values = sharedArray(Float64Array, y.length);
  await inSlices(y.length, 65536, (from, to) => {
    for (let i = from; i < to; i++) {
      const value: unknown = y[i];
      if (typeof value !== 'number') {
        throw new DataError(
          'data/not-a-number',
          `Row ${i} of the target y holds ${JSON.stringify(value)}, but a regressor needs numbers.`,
          { row: i },
        );
      }
      values[i] = value;
    }
  });
  return values;
}

async function requireFinite(values: Float64Array, columns: number): Promise<void> {
  await inSlices(values.length, 1 << 20, (from, to) => {
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(values[i])) {
        const row = Math.floor(i / columns);
        throw new DataError(
          'data/bad-target',
          `Row ${row} of the target y is ${Number.isNaN(values[i]) ? 'missing (NaN)' : values[i]}; drop such rows first.`,
          { row },
        );
      }
    }
  });
}

export interface EncodedLabels {
  /** Index into `classes` of each row, on shared memory. */
  readonly codes: Int32Array;
  /** Sorted: text by code point, numbers by size, false before true. */
  readonly classes: readonly Label[];
}

/**
 * A target of classes as codes.
 * @throws DataError naming the row of a missing label or of one of another type.
 */
export async function encodeLabels(y: LabelTarget): Promise<EncodedLabels> {
  if (isColumn(y)) {
    if (y.kind === 'string') return encodeLevels(y);
    if (y.kind === 'boolean') {
      requirePresent(y.missing);
      return encodeByMap(y.values.length, (i) => y.values[i] === 1);
    }
    requirePresent(y.missing);
    return encodeByMap(y.values.length, (i) => y.values[i]!);
  }
  return encodeByMap(y.length, (i) => y[i]!);
}

function requirePresent(missing: Uint8Array | undefined): void {
  const row = missing?.indexOf(1) ?? -1;
  if (row >= 0) throw missingLabel(row);
}

function missingLabel(row: number): DataError {
  return new DataError('data/bad-target', `Row ${row} of the target y is missing; drop such rows first.`, {
    row,
  });
}

async function encodeByMap(rows: number, label: (row: number) => Label): Promise<EncodedLabels> {
  const seen = new Map<Label, number>();
  const codes = sharedArray(Int32Array, rows);
  let type: string | undefined;
  await inSlices(rows, 16384, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = label(i);
      let code = seen.get(value);
      if (code === undefined) {
        if (value === null || value === undefined || Number.isNaN(value)) throw missingLabel(i);
        type ??= typeof value;
        if (typeof value !== type || !['string', 'number', 'boolean'].includes(type)) {
          throw new DataError(
            'data/bad-target',
            `Row ${i} of the target y is ${JSON.stringify(value)} (${typeof value}); classes must all be text, all numbers or all booleans.`,
            { row: i },
          );
        }
        code = seen.size;
        seen.set(value, code);
      }
      codes[i] = code;
    }
  });
  return sortClasses(codes, [...seen.keys()]);
}

async function encodeLevels(column: StringColumn): Promise<EncodedLabels> {
  const codes = sharedArray(Int32Array, column.codes.length);
  const order = new Int32Array(column.levels.length).fill(-1);
  const used: string[] = [];
  await inSlices(codes.length, 1 << 18, (from, to) => {
    for (let i = from; i < to; i++) {
      const level = column.codes[i]!;
      if (level < 0) throw missingLabel(i);
      if (order[level]! < 0) {
        order[level] = used.length;
        used.push(column.levels[level]!);
      }
      codes[i] = order[level]!;
    }
  });
  return sortClasses(codes, used);
}

async function sortClasses(codes: Int32Array, seen: readonly Label[]): Promise<EncodedLabels> {
  const { classes, rank } = rankLabels(seen);
  await inSlices(codes.length, 1 << 20, (from, to) => {
    for (let i = from; i < to; i++) codes[i] = rank[codes[i]!]!;
  });
  return { codes, classes };
}

/**
 * Codes of labels among classes known already, e.g. of validation rows.
 * @throws DataError naming the row of a label that is not among them.
 */
export async function encodeKnownLabels(y: LabelTarget, classes: readonly Label[]): Promise<Int32Array> {
  const encoded = await encodeLabels(y);
  const place = new Map(classes.map((label, code) => [label, code]));
  const recode = encoded.classes.map((label) => place.get(label) ?? -1);
  const codes = sharedArray(Int32Array, encoded.codes.length);
  for (let i = 0; i < codes.length; i++) {
    codes[i] = recode[encoded.codes[i]!]!;
    if (codes[i]! < 0) {
      throw new DataError(
        'data/unknown-class',
        `Row ${i} is of class ${JSON.stringify(encoded.classes[encoded.codes[i]!])}, which the training rows lack.`,
        { row: i },
      );
    }
  }
  return codes;
}

export function isColumn(y: unknown): y is Column {
  return typeof y === 'object' && y !== null && 'kind' in y && !Array.isArray(y);
}
