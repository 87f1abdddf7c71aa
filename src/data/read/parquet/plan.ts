import { sharedArray } from '../../../core/shared.ts';
import { SharedBlocks } from '../../../core/shared-blocks.ts';
import { type Queue, queueOf } from '../../../kernels/host/queue.ts';
import type { CsvFile } from '../csv/bytes.ts';
import { STORED, type Storage } from './columns.ts';
import type { Chunk, ParquetFile } from './metadata.ts';
import { isCodecKnown } from './pages.ts';

/** How the reading of an item ended. */
export const OUTCOME = { open: 0, done: 1, failed: 2, unsupported: 3, beyond: 4 } as const;

/** What all threads know of one run of the reader; everything mutable is on shared memory. */
export interface ParquetPlan {
  readonly files: readonly CsvFile[];
  readonly columns: readonly ColumnPlan[];
  /** Column chunks, the largest first, so that the threads end at about the same time. */
  readonly items: readonly Item[];
  readonly queue: Queue;
  /** Per item one of {@link OUTCOME}. */
  readonly outcomes: Uint8Array;
  /** Per item 1 when a value was missing. */
  readonly missing: Uint8Array;
}

export interface ColumnPlan {
  readonly name: string;
  readonly storage: Storage;
  readonly optional: boolean;
  readonly values: Float64Array | Int32Array | Uint8Array;
  /** Of an optional column without codes. */
  readonly missing: Uint8Array;
}

/** A column chunk to read. */
export interface Item {
  readonly file: number;
  readonly column: number;
  readonly chunk: Chunk;
  /** Row of the result where it starts, and rows to read. */
  readonly base: number;
  readonly rows: number;
  /** Rows that it has. */
  readonly own: number;
  readonly texts: ChunkTexts | undefined;
}

/** Texts of a chunk in order of their codes, packed like `PackedLevels`, once the chunk is read; room for the most there may be. */
export interface ChunkTexts {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  /** Element 0: number of texts, element 1: whether all are ASCII. */
  readonly counts: Int32Array;
}

/** A chunk may claim this much, and beyond it so many times its stored bytes. */
const LARGE_BYTES = 2 ** 28;
const MOST_GROWTH = 64;
const MOST_TEXT_BYTES = 2 ** 32 - 1;

/** Whether a column can be read here, as far as the footer says. */
export function isColumnReadable(
  storage: Storage | undefined,
  chunks: readonly Chunk[],
  rows: number,
): storage is Storage {
  if (storage === undefined) return false;
  const stored = chunks.reduce((sum, { from, to }) => sum + to - from, 0);
  // What a small file says of its size is believed only when it has been read; that is not done here.
  const isLarge = (bytes: number) => bytes > LARGE_BYTES && bytes > stored * MOST_GROWTH;
  if (isLarge(rows * 8) || rows > 2 ** 31) return false;
  return chunks.every(({ codec, bytes }) => {
    if (!isCodecKnown(codec) || isLarge(bytes)) return false;
    return storage.stored !== STORED.texts || bytes <= MOST_TEXT_BYTES;
  });
}

/** The plan to read `rows` rows of the columns at `places`. */
export function planParquet(
  files: readonly ParquetFile[],
  places: readonly number[],
  rows: number,
): ParquetPlan {
  // Values of 8 bytes at most, and marks.
  const blocks = new SharedBlocks(places.length * (rows * 9 + 128));
  const columns = places.map((place): ColumnPlan => {
    const { name, storage, optional } = files[0]!.columns[place]!;
    const { kind } = storage!;
    const values =
      kind === 'string'
        ? blocks.array(Int32Array, rows)
        : kind === 'boolean'
          ? blocks.array(Uint8Array, rows)
          : blocks.array(Float64Array, rows);
    const marks = optional && kind !== 'string' ? rows : 0;
    return { name, storage: storage!, optional, values, missing: blocks.array(Uint8Array, marks) };
  });
  const items: Item[] = [];
  let base = 0;
  files.forEach(({ groups }, file) => {
    for (const group of groups) {
      const wanted = Math.min(group.rows, rows - base);
      if (wanted === 0) continue;
      places.forEach((place, column) => {
        const chunk = group.chunks[place]!;
        const isText = columns[column]!.storage.stored === STORED.texts;
        const texts = isText ? roomForTexts(chunk, group.rows) : undefined;
        items.push({ file, column, chunk, base, rows: wanted, own: group.rows, texts });
      });
      base += wanted;
    }
  });
  items.sort((a, b) => b.chunk.bytes - a.chunk.bytes || a.base - b.base || a.column - b.column);
  return {
    files: files.map(({ file }) => file),
    columns,
    items,
    queue: queueOf(),
    outcomes: sharedArray(Uint8Array, items.length),
    missing: sharedArray(Uint8Array, items.length),
  };
}

/** Memory that is never written costs nothing. */
function roomForTexts({ bytes }: Chunk, rows: number): ChunkTexts {
  return {
    bytes: sharedArray(Uint8Array, bytes),
    offsets: sharedArray(Uint32Array, rows + 1),
    counts: sharedArray(Int32Array, 2),
  };
}
