import { type Column, Frame } from '../../../core/frame.ts';
import { inSlices } from '../../../core/slices.ts';
import type { PackedLevels } from './levels.ts';
import type { ParsedColumn, ParsedTable } from './reader.ts';

const LEVELS_PER_SLICE = 2000;

/** The frame of a table read by a job. Many levels are decoded in slices, between which the caller's events run. */
export async function frameOf({ rows, columns }: ParsedTable): Promise<Frame> {
  const made: [string, Column][] = [];
  for (const column of columns) made.push([column.name, await columnOf(column)]);
  return new Frame(made, rows);
}

async function columnOf({ kind, values, missing, levels }: ParsedColumn): Promise<Column> {
  switch (kind) {
    case 'string':
      return { kind, codes: values as Int32Array, levels: await decodeLevels(levels!) };
    case 'boolean':
      return { kind, values: values as Uint8Array, missing };
    default:
      return { kind, values: values as Float64Array, missing };
  }
}

async function decodeLevels({ bytes, offsets, ascii }: PackedLevels): Promise<string[]> {
  const count = offsets.length - 1;
  const levels = new Array<string>(count);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  await inSlices(count, LEVELS_PER_SLICE, (from, to) => {
    const start = offsets[from]!;
    // One decoding for a slice of ASCII texts: there a character is a byte.
    const text = ascii ? buffer.toString('latin1', start, offsets[to]!) : '';
    for (let i = from; i < to; i++) {
      levels[i] = ascii
        ? text.slice(offsets[i]! - start, offsets[i + 1]! - start)
        : buffer.toString('utf8', offsets[i]!, offsets[i + 1]!);
    }
  });
  return levels;
}
