import { sharedArray } from '../../../core/shared.ts';
import type { CsvFile } from './bytes.ts';
import type { Dialect } from './dialect.ts';
import { type ColumnKind, SCAN } from './layout.ts';

/** Files are cut into pieces of this size, whatever the number of threads. */
export const CHUNK_BYTES = 2 ** 19;

/** The records of one file. */
export interface Span {
  readonly file: CsvFile;
  /** First byte of the first record. */
  readonly from: number;
  /** Byte behind the last record. */
  readonly to: number;
}

// Columns of the chunk table: what is planned, what its scan found, what went wrong (the last two name the thread of each pass).
export const CHUNK = {
  span: 0,
  from: 1,
  to: 2,
  start: 3,
  next: 4,
  base: 5,
  rows: 6,
  outcome: 7,
  errorAt: 8,
  detail: 9,
  invalid: 10,
  thread: 11,
} as const;
export const CHUNK_FIELDS = 13;

/** How far the scan of a chunk is: its records are known, or the file cannot be read beyond it. */
export const PROGRESS = { open: 0, scanned: 1, failed: 2 } as const;

/** Chunks whose failures are compared with each other. */
const WAVE = 64;

/** Bit of {@link CsvPlan.masks} that says a cell was missing; the others are classes of cells. */
export const MISSING_SEEN = 64;

/** Storage of a column while it is read; codes are those of the thread that read them. */
export interface ColumnStore {
  /** Place in the file. */
  readonly index: number;
  readonly kind: ColumnKind;
  readonly forced: boolean;
  /** Room for more rows than there are expected to be. */
  readonly values: Float64Array | Int32Array | Uint8Array;
  readonly missing: Uint8Array;
}

/** What all threads know of one run of the reader; everything mutable is on shared memory. */
export interface CsvPlan {
  readonly id: number;
  readonly dialect: Dialect;
  readonly spans: readonly Span[];
  /** Fields of a record. */
  readonly fields: number;
  readonly chunkCount: number;
  /** `chunkCount × CHUNK_FIELDS`, see {@link CHUNK}. Each row is written by the thread that works on the chunk. */
  readonly chunks: Float64Array;
  /** `chunkCount × fields`: the classes of cells seen. */
  readonly masks: Uint8Array;
  /** Element 0: the next chunk, element 1: the chunk to stop before. */
  readonly cursor: Int32Array;
  /** Per chunk one of {@link PROGRESS}. */
  readonly progress: Int32Array;
}

let lastId = 0;

export function planChunks(
  dialect: Dialect,
  spans: readonly Span[],
  fields: number,
  chunkBytes: number,
): CsvPlan {
  const rows: number[] = [];
  spans.forEach(({ from, to }, span) => {
    for (let at = from; at < to; at += chunkBytes) rows.push(span, at, Math.min(to, at + chunkBytes));
  });
  const chunkCount = rows.length / 3;
  const chunks = sharedArray(Float64Array, chunkCount * CHUNK_FIELDS);
  for (let k = 0; k < chunkCount; k++) {
    chunks.set(rows.slice(3 * k, 3 * k + 3), k * CHUNK_FIELDS);
    chunks[k * CHUNK_FIELDS + CHUNK.invalid] = -1;
  }
  return {
    id: ++lastId,
    dialect,
    spans,
    fields,
    chunkCount,
    chunks,
    masks: sharedArray(Uint8Array, chunkCount * fields),
    cursor: sharedArray(Int32Array, 2),
    progress: sharedArray(Int32Array, chunkCount),
  };
}

/**
 * The chunk before which the reading stops when chunk `k` has failed. Chunks up to there are still read, so that which failure
 * counts does not depend on the threads.
 */
export function stopBehind({ chunkCount }: CsvPlan, k: number): number {
  return Math.min(chunkCount, (Math.floor(k / WAVE) + 1) * WAVE);
}

/** Whether chunk `k` was found to be faulty. */
export function hasFailed({ chunks }: CsvPlan, k: number): boolean {
  const row = k * CHUNK_FIELDS;
  return chunks[row + CHUNK.outcome] !== SCAN.atLimit || chunks[row + CHUNK.invalid]! >= 0;
}
