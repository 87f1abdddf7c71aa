/** Vectors of DuckDB and what the builders of columns share. */
import { sharedArray } from '../../../core/shared.ts';
import type { ParsedColumn } from '../csv/reader.ts';
import type { Duckdb, Vector } from './bindings.ts';

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

/** Marks of missing values, allocated with the first one. */
export class MissingMarks {
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

export function isValid(validity: Uint8Array | null, i: number): boolean {
  return validity === null || ((validity[i >> 3]! >> (i & 7)) & 1) === 1;
}

export function eachMissing(validity: Uint8Array | null, rows: number, visit: (i: number) => void): void {
  if (validity === null) return;
  for (let from = 0; from < rows; from += 8) {
    if (validity[from >> 3] === 255) continue;
    for (let i = from; i < Math.min(rows, from + 8); i++) if (!isValid(validity, i)) visit(i);
  }
}

export function words32(data: Uint8Array): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
}

export function withRoom<A extends Float64Array | Int32Array | Uint8Array>(
  values: A,
  rows: number,
  Kind: { readonly BYTES_PER_ELEMENT: number; new (buffer: SharedArrayBuffer): A },
): A {
  if (rows <= values.length) return values;
  const larger = sharedArray(Kind, Math.max(rows, values.length * 2));
  larger.set(values);
  return larger;
}
