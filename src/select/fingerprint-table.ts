import { createHash, type Hash } from 'node:crypto';
import { Frame } from '../core/frame.ts';
import { inSlices } from '../core/slices.ts';
import type { Table } from '../core/table.ts';

/**
 * SHA-256 of every cell, name and kind, so that a changed table can be told. Tables with the same cells agree however their
 * text was coded; the order of rows and columns counts.
 */
export async function fingerprintTable(table: Table): Promise<string> {
  const hash = createHash('sha256');
  await hashTable(hash, table);
  return hash.digest('hex');
}

/** Adds a table's cells, names and kinds to a hash, without blocking the event loop. */
export async function hashTable(hash: Hash, table: Table): Promise<void> {
  if (!(table instanceof Frame)) {
    hashFacts(hash, [table.rows, table.columns, table.names, table.data.BYTES_PER_ELEMENT]);
    await hashArray(hash, table.data);
    return;
  }
  for (const [name, column] of table.entries()) {
    hashFacts(hash, [name, column.kind]);
    if (column.kind === 'string') {
      const { codes, levels } = await codesByAppearance(column.codes, column.levels);
      hashFacts(hash, levels);
      await hashArray(hash, codes);
    } else {
      await hashArray(hash, column.values);
      const hasMissing = column.missing?.includes(1) === true;
      hashFacts(hash, hasMissing);
      if (hasMissing) await hashArray(hash, column.missing!);
    }
  }
}

const SLICE_BYTES = 2 ** 20;

export async function hashArray(hash: Hash, array: ArrayBufferView): Promise<void> {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  await inSlices(bytes.length, SLICE_BYTES, (from, to) => {
    // Hashes do not take views on shared memory.
    hash.update(bytes.slice(from, to));
  });
}

export function hashFacts(hash: Hash, facts: unknown): void {
  hash.update(`${JSON.stringify(facts)};`);
}

/** Codes numbered by first appearance, with the levels that appear: the same for every way to code the same texts. */
async function codesByAppearance(codes: Int32Array, levels: readonly string[]) {
  const places = new Int32Array(levels.length).fill(-1);
  const renumbered = new Int32Array(codes.length);
  const seen: string[] = [];
  await inSlices(codes.length, 2 ** 18, (from, to) => {
    for (let i = from; i < to; i++) {
      const code = codes[i]!;
      if (code >= 0 && places[code]! < 0) places[code] = seen.push(levels[code]!) - 1;
      renumbered[i] = code < 0 ? -1 : places[code]!;
    }
  });
  return { codes: renumbered, levels: seen };
}
