/** Columns of a frame, filled from DuckDB's vectors. */
import { sharedArray } from '../../../core/shared.ts';
import { ESCAPED } from '../csv/layout.ts';
import type { ParsedColumn } from '../csv/reader.ts';
import type { Duckdb, Vector } from './bindings.ts';
import { bigintAt, safeIntegerAt } from './integers.ts';
import { TextColumn, type TextMemory } from './text-column.ts';
import { INSTANTS, PLAIN_NUMBERS, TYPE, WIDE_INTEGERS } from './types.ts';

/** A column of a result, as DuckDB describes it. */
export interface ColumnType {
  readonly name: string;
  readonly type: number;
  /** DECIMAL: digits behind the point, and the type that holds the digits. */
  readonly scale: number;
  readonly inner: number;
  /** ENUM: its values. */
  readonly values: readonly string[] | undefined;
}

/** One vector: the first `rows` values; `validity` has a bit per row, nothing when no value is missing. */
export interface Piece {
  readonly duckdb: Duckdb;
  readonly vector: Vector;
  readonly rows: number;
  readonly validity: Uint8Array | null;
}

export interface ColumnBuilder {
  append(piece: Piece): void;
  finish(rows: number): ParsedColumn;
}

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

/** An ENUM's codes are those of its values. */
function enumBuilder(name: string, inner: number, values: readonly string[], room: number): ColumnBuilder {
  const bytes = inner === TYPE.utinyint ? 1 : inner === TYPE.usmallint ? 2 : 4;
  const Kind = bytes === 1 ? Uint8Array : bytes === 2 ? Uint16Array : Uint32Array;
  let codes = sharedArray(Int32Array, room);
  let at = 0;
  return {
    append({ duckdb, vector, rows, validity }) {
      codes = withRoom(codes, at + rows, Int32Array);
      const data = duckdb.vector_get_data(vector, rows * bytes);
      codes.set(new Kind(data.buffer as ArrayBuffer, data.byteOffset, rows), at);
      eachMissing(validity, rows, (i) => {
        codes[at + i] = -1;
      });
      at += rows;
    },
    finish: (rows) => ({
      name,
      kind: 'string',
      values: codes.subarray(0, rows),
      missing: undefined,
      levels: packStrings(values),
    }),
  };
}

function packStrings(texts: readonly string[]) {
  const parts = texts.map((text) => Buffer.from(text));
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i]! + part.length;
  });
  return { bytes: new Uint8Array(Buffer.concat(parts)), offsets, ascii: false };
}

/** A value of a VARCHAR vector: its length, then up to 12 bytes, or 4 bytes and a pointer. */
const TEXT_BYTES = 16;
const INLINE_BYTES = 12;
const POINTER_AT = 8;

function textBuilder(name: string, room: number, memory: TextMemory): ColumnBuilder {
  const column = new TextColumn(memory, room);
  return {
    append({ duckdb, vector, rows, validity }) {
      const data = duckdb.vector_get_data(vector, rows * TEXT_BYTES);
      const words = words32(data);
      let bytes = data.length;
      for (let i = 0; i < rows; i++) {
        if (words[4 * i]! > INLINE_BYTES && isValid(validity, i)) bytes += words[4 * i]!;
      }
      memory.reserve(bytes, rows);
      const text = memory.text();
      const index = memory.index();
      text.set(data);
      let end = data.length;
      for (let i = 0; i < rows; i++) {
        const length = words[4 * i]!;
        let start = TEXT_BYTES * i + 4;
        if (!isValid(validity, i)) {
          index[2 * i] = 0;
          index[2 * i + 1] = 0;
          continue;
        }
        if (length > INLINE_BYTES) {
          start = end;
          const far = duckdb.get_data_from_pointer(
            data.buffer as ArrayBuffer,
            data.byteOffset + TEXT_BYTES * i + POINTER_AT,
            length,
          );
          text.set(far, end);
          end += length;
        }
        index[2 * i] = start;
        index[2 * i + 1] = length === 0 ? start | ESCAPED : start + length;
      }
      column.append(rows);
    },
    finish: (rows) => finishText(name, column, rows),
  };
}

function finishText(name: string, column: TextColumn, rows: number): ParsedColumn {
  return {
    name,
    kind: 'string',
    values: column.codes.subarray(0, rows),
    missing: undefined,
    levels: column.levels(),
  };
}

/** Marks of missing values, allocated with the first one. */
class MissingMarks {
  #marks: Uint8Array | undefined;
  #room: number;
  #at = 0;

  constructor(room: number) {
    this.#room = room;
  }

  append({ validity, rows }: Piece, clear: (i: number) => void): void {
    this.#room = Math.max(this.#room, this.#at + rows);
    if (this.#marks !== undefined) this.#marks = withRoom(this.#marks, this.#at + rows, Uint8Array);
    eachMissing(validity, rows, (i) => {
      this.#marks ??= sharedArray(Uint8Array, this.#room);
      this.#marks[this.#at + i] = 1;
      clear(i);
    });
    this.#at += rows;
  }

  finish(rows: number): Uint8Array | undefined {
    return this.#marks?.subarray(0, rows);
  }
}

function isValid(validity: Uint8Array | null, i: number): boolean {
  return validity === null || ((validity[i >> 3]! >> (i & 7)) & 1) === 1;
}

function eachMissing(validity: Uint8Array | null, rows: number, visit: (i: number) => void): void {
  if (validity === null) return;
  for (let from = 0; from < rows; from += 8) {
    if (validity[from >> 3] === 255) continue;
    for (let i = from; i < Math.min(rows, from + 8); i++) if (!isValid(validity, i)) visit(i);
  }
}

function words32(data: Uint8Array): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
}

function withRoom<A extends Float64Array | Int32Array | Uint8Array>(
  values: A,
  rows: number,
  Kind: { readonly BYTES_PER_ELEMENT: number; new (buffer: SharedArrayBuffer): A },
): A {
  if (rows <= values.length) return values;
  const larger = sharedArray(Kind, Math.max(rows, values.length * 2));
  larger.set(values);
  return larger;
}
