/** Columns of a frame, filled from DuckDB's vectors. */
import { sharedArray } from '../../../core/shared.ts';
import { bigintAt, safeIntegerAt } from './integers.ts';
import {
  type ColumnBuilder,
  type ColumnType,
  isValid,
  MissingMarks,
  type Piece,
  withRoom,
  words32,
} from './pieces.ts';
import { enumBuilder, finishText, textBuilder } from './text-builders.ts';
import { TextColumn, type TextMemory } from './text-column.ts';
import { INSTANTS, PLAIN_NUMBERS, TYPE, WIDE_INTEGERS } from './types.ts';

/** The builder for a type, with room for `room` rows to begin with. Nothing for a type that no column can hold. */
export function columnBuilder(
  column: ColumnType,
  room: number,
  memory: TextMemory,
  warn: (code: string, message: string) => void,
): ColumnBuilder | undefined {
  const { name, type, scale, inner } = column;
  const plain = PLAIN_NUMBERS.get(type);
  if (plain !== undefined) {
    return valueBuilder(name, 'number', room, ({ duckdb, vector, rows }, values, at) => {
      const data = duckdb.vector_get_data(vector, rows * plain.BYTES_PER_ELEMENT);
      values.set(new plain(data.buffer as ArrayBuffer, data.byteOffset, rows), at);
    });
  }
  const instant = INSTANTS.get(type);
  if (instant !== undefined) {
    const { words, times, over } = instant;
    return valueBuilder(name, 'date', room, ({ duckdb, vector, rows }, values, at) => {
      const data = words32(duckdb.vector_get_data(vector, rows * words * 4));
      for (let i = 0; i < rows; i++) {
        const value = words === 1 ? data[i]! | 0 : (data[2 * i + 1]! | 0) * 2 ** 32 + data[2 * i]!;
        values[at + i] = (value * times) / over;
      }
    });
  }
  if (type === TYPE.boolean || type === TYPE.nothing) return booleanBuilder(name, type, room);
  if (type === TYPE.decimal) return decimalBuilder(name, scale, inner, room);
  const wide = WIDE_INTEGERS.get(type);
  if (wide !== undefined) return wideBuilder(name, wide, room, memory, warn);
  if (type === TYPE.enumeration) return enumBuilder(name, inner, column.values!, room);
  if (type === TYPE.varchar) return textBuilder(name, room, memory);
  return undefined;
}

type Fill = (piece: Piece, values: Float64Array, at: number) => void;

function valueBuilder(name: string, kind: 'number' | 'date', room: number, fill: Fill): ColumnBuilder {
  let values = sharedArray(Float64Array, room);
  const marks = new MissingMarks(room);
  let at = 0;
  return {
    append(piece) {
      values = withRoom(values, at + piece.rows, Float64Array);
      fill(piece, values, at);
      marks.append(piece, (i) => {
        values[at + i] = Number.NaN;
      });
      at += piece.rows;
    },
    finish: (rows) => ({
      name,
      kind,
      values: values.subarray(0, rows),
      missing: marks.finish(rows),
      levels: undefined,
    }),
  };
}

/** A column of type NULL is a number column without values, as in CSV. */
function booleanBuilder(name: string, type: number, room: number): ColumnBuilder {
  if (type === TYPE.nothing) return valueBuilder(name, 'number', room, () => {});
  let values = sharedArray(Uint8Array, room);
  const marks = new MissingMarks(room);
  let at = 0;
  return {
    append(piece) {
      values = withRoom(values, at + piece.rows, Uint8Array);
      values.set(piece.duckdb.vector_get_data(piece.vector, piece.rows), at);
      marks.append(piece, (i) => {
        values[at + i] = 0;
      });
      at += piece.rows;
    },
    finish: (rows) => ({
      name,
      kind: 'boolean',
      values: values.subarray(0, rows),
      missing: marks.finish(rows),
      levels: undefined,
    }),
  };
}

/** Up to 2^53 the digits and the power of ten are exact, so the quotient is the nearest double; beyond it text is parsed. */
function decimalBuilder(name: string, scale: number, inner: number, room: number): ColumnBuilder {
  const words = inner === TYPE.hugeint ? 4 : inner === TYPE.bigint ? 2 : 0;
  const power = 10 ** scale;
  return valueBuilder(name, 'number', room, ({ duckdb, vector, rows }, values, at) => {
    if (words === 0) {
      const data = duckdb.vector_get_data(vector, rows * (inner === TYPE.smallint ? 2 : 4));
      const digits =
        inner === TYPE.smallint
          ? new Int16Array(data.buffer, data.byteOffset, rows)
          : new Int32Array(data.buffer, data.byteOffset, rows);
      for (let i = 0; i < rows; i++) values[at + i] = digits[i]! / power;
      return;
    }
    const data = words32(duckdb.vector_get_data(vector, rows * words * 4));
    for (let i = 0; i < rows; i++) {
      const digits = safeIntegerAt(data, i, words, true);
      values[at + i] =
        Number.isNaN(digits) || scale > 22
          ? Number(`${bigintAt(data, i, words, true)}e-${scale}`)
          : digits / power;
    }
  });
}

/** Whole numbers of 64 and 128 bits: numbers, unless one lies beyond 2^53; then the column becomes text, so that no digit is lost. */
function wideBuilder(
  name: string,
  { words, signed }: { readonly words: 2 | 4; readonly signed: boolean },
  room: number,
  memory: TextMemory,
  warn: (code: string, message: string) => void,
): ColumnBuilder {
  let beyond = false;
  let rowsDone = 0;
  let text: TextColumn | undefined;
  const numbers = valueBuilder(name, 'number', room, ({ duckdb, vector, rows, validity }, values, at) => {
    const data = words32(duckdb.vector_get_data(vector, rows * words * 4));
    for (let i = 0; i < rows; i++) {
      const value = safeIntegerAt(data, i, words, signed);
      values[at + i] = value;
      if (Number.isNaN(value) && isValid(validity, i)) beyond = true;
    }
  });
  const appendText = ({ duckdb, vector, rows, validity }: Piece) => {
    const data = words32(duckdb.vector_get_data(vector, rows * words * 4));
    text!.appendStrings(
      Array.from({ length: rows }, (_, i) =>
        isValid(validity, i) ? String(bigintAt(data, i, words, signed)) : undefined,
      ),
    );
  };
  return {
    append(piece) {
      if (text === undefined) numbers.append(piece);
      if (beyond && text === undefined) {
        warn(
          'data/big-integers',
          `Column '${name}' holds integers beyond 2^53, which numbers would round; it is read as text.`,
        );
        text = new TextColumn(memory, room);
        const { values, missing } = numbers.finish(rowsDone);
        const STEP = 4096;
        for (let from = 0; from < rowsDone; from += STEP) {
          const earlier = Array.from(values.subarray(from, Math.min(rowsDone, from + STEP)), (value, i) =>
            missing?.[from + i] === 1 ? undefined : String(BigInt(value)),
          );
          text.appendStrings(earlier);
        }
      }
      if (text !== undefined) appendText(piece);
      rowsDone += piece.rows;
    },
    finish: (rows) => (text === undefined ? numbers.finish(rows) : finishText(name, text, rows)),
  };
}
