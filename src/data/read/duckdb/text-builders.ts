/** Text columns from VARCHAR and ENUM vectors. */
import { sharedArray } from '../../../core/shared.ts';
import type { ParsedColumn } from '../csv/reader.ts';
import { type ColumnBuilder, eachMissing, withRoom, words32 } from './pieces.ts';
import { TextColumn, type TextMemory } from './text-column.ts';
import { TYPE } from './types.ts';

/** An ENUM's codes are those of its values. */
export function enumBuilder(
  name: string,
  inner: number,
  values: readonly string[],
  room: number,
): ColumnBuilder {
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

const TEXT_BYTES = 16;
const POINTER_AT = 8;

export function textBuilder(name: string, room: number, memory: TextMemory): ColumnBuilder {
  const column = new TextColumn(memory, room);
  return {
    append({ duckdb, vector, rows, validity }) {
      const data = duckdb.vector_get_data(vector, rows * TEXT_BYTES);
      const far = memory.indexTexts(data, validity, rows);
      if (far.length > 0) {
        const lengths = words32(data);
        memory.appendTexts(
          far.reduce((bytes, row) => bytes + lengths[4 * row]!, 0),
          Array.from(far, (row) => () => {
            const at = data.byteOffset + TEXT_BYTES * row + POINTER_AT;
            return duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, at, lengths[4 * row]!);
          }),
        );
      }
      column.append(rows);
    },
    finish: (rows) => finishText(name, column, rows),
  };
}

export function finishText(name: string, column: TextColumn, rows: number): ParsedColumn {
  return {
    name,
    kind: 'string',
    values: column.codes.subarray(0, rows),
    missing: undefined,
    levels: column.levels(),
  };
}
