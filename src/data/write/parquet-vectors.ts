/** The columns of a frame as DuckDB's types and vectors. */
import type { Column } from '../../core/frame.ts';
import { type Session, sqlText, type Vector } from '../read/duckdb/bindings.ts';

const DAY_MS = 86_400_000;
/** Up to this many levels a text column is written by its codes. */
const ENUM_LEVELS = 60_000;

/** One column: its SQL type and how rows go into a vector. */
export interface VectorWriter {
  readonly sqlType: string;
  /** Fills `vector` with the rows [from, to). */
  write(session: Session, vector: Vector, from: number, to: number): void;
}

export function vectorWriter(column: Column): VectorWriter {
  switch (column.kind) {
    case 'number':
      return fixed('DOUBLE', column.missing, (from, to) => column.values.slice(from, to));
    case 'boolean':
      return fixed('BOOLEAN', column.missing, (from, to) => column.values.slice(from, to));
    case 'date': {
      const { values } = column;
      const missing = column.missing ?? nanMarks(values);
      if (values.every((value) => Number.isNaN(value) || value % DAY_MS === 0)) {
        return fixed('DATE', missing, (from, to) =>
          Int32Array.from(values.subarray(from, to), (ms) => (ms || 0) / DAY_MS),
        );
      }
      return fixed('TIMESTAMP', missing, (from, to) =>
        BigInt64Array.from(
          Array.from(values.subarray(from, to), (ms) => BigInt(Math.round((ms || 0) * 1000))),
        ),
      );
    }
    case 'string':
      return textWriter(column.codes, column.levels);
  }
}

function textWriter(codes: Int32Array, levels: readonly string[]): VectorWriter {
  const missing = (i: number) => codes[i]! < 0;
  if (levels.length === 0 || levels.length > ENUM_LEVELS) {
    return {
      sqlType: 'VARCHAR',
      write(session, vector, from, to) {
        for (let i = from; i < to; i++) {
          if (!missing(i)) session.duckdb.vector_assign_string_element(vector, i - from, levels[codes[i]!]!);
        }
        writeValidity(session, vector, from, to, missing);
      },
    };
  }
  // DuckDB holds an ENUM of up to 255 values in a byte.
  const Kind = levels.length < 256 ? Uint8Array : Uint16Array;
  return {
    sqlType: `ENUM(${levels.map(sqlText).join(', ')})`,
    write(session, vector, from, to) {
      const part = new Kind(to - from);
      for (let i = from; i < to; i++) part[i - from] = Math.max(0, codes[i]!);
      copy(session, vector, part);
      writeValidity(session, vector, from, to, missing);
    },
  };
}

function fixed(
  sqlType: string,
  missing: Uint8Array | undefined,
  part: (from: number, to: number) => ArrayBufferView,
): VectorWriter {
  return {
    sqlType,
    write(session, vector, from, to) {
      copy(session, vector, part(from, to));
      if (missing !== undefined) writeValidity(session, vector, from, to, (i) => missing[i] === 1);
    },
  };
}

function copy({ duckdb }: Session, vector: Vector, part: ArrayBufferView): void {
  const bytes = new Uint8Array(part.byteLength);
  bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  duckdb.copy_data_to_vector(vector, 0, bytes.buffer, 0, bytes.length);
}

function writeValidity(
  { duckdb }: Session,
  vector: Vector,
  from: number,
  to: number,
  missing: (i: number) => boolean,
): void {
  const bits = new Uint8Array(Math.ceil((to - from) / 64) * 8).fill(255);
  let any = false;
  for (let i = from; i < to; i++) {
    if (!missing(i)) continue;
    any = true;
    bits[(i - from) >> 3]! &= ~(1 << ((i - from) & 7));
  }
  if (!any) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.length);
}

function nanMarks(values: Float64Array): Uint8Array | undefined {
  return values.some(Number.isNaN)
    ? Uint8Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0))
    : undefined;
}
