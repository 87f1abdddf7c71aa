/** What the threads of a team do for Parquet: they take one column chunk after another and write its values to the result. */
import { isUtf8 } from 'node:buffer';
import { Arena } from '../../../kernels/host/arena.ts';
import { instantiate, kernelModule, teamMemory } from '../../../kernels/host/instance.ts';
import { isStopped, takeItem } from '../../../kernels/host/queue.ts';
import type { TeamThread } from '../../../kernels/host/thread.ts';
import { ByteReader } from '../csv/bytes.ts';
import type { PackedLevels } from '../csv/levels.ts';
import { STORED } from './columns.ts';
import { Decoder, type Take } from './decoder.ts';
import { Pages, Unsupported } from './pages.ts';
import { type ChunkTexts, type Item, OUTCOME, type ParquetPlan } from './plan.ts';
import { Texts } from './texts.ts';
import { Malformed } from './thrift.ts';

/** URL of this module, for `Team.gang`. */
export const chunksModule = import.meta.url;

/** Reads chunks until none is left; a gang function. What goes wrong is an outcome: the chunk is read again for its error. */
export function readChunks(self: TeamThread, plan: ParquetPlan): void {
  const reader = new ChunkReader(plan);
  try {
    for (;;) {
      const k = takeItem(self, plan.queue, plan.items.length);
      if (k < 0) return;
      try {
        plan.outcomes[k] = reader.read(k, () => isStopped(self, plan.queue)) ? OUTCOME.beyond : OUTCOME.done;
      } catch (error) {
        plan.outcomes[k] = error instanceof Unsupported ? OUTCOME.unsupported : OUTCOME.failed;
      }
    }
  } finally {
    reader.close();
  }
}

/** Reads one chunk on this thread. @throws what is wrong with it. */
export function readChunk(plan: ParquetPlan, k: number): void {
  const reader = new ChunkReader(plan);
  try {
    reader.read(k, () => false);
  } finally {
    reader.close();
  }
}

/** A thread's workplace: kernels over a memory of its own, which is used again for the next chunk. */
class ChunkReader {
  readonly #plan: ParquetPlan;
  readonly #arena = new Arena(teamMemory());
  readonly #kernels = instantiate(kernelModule(), this.#arena.memory);
  readonly #reader = new ByteReader();

  constructor(plan: ParquetPlan) {
    this.#plan = plan;
  }

  close(): void {
    this.#reader.close();
  }

  /** True when the chunk has whole numbers that doubles do not hold. */
  read(k: number, isStopped: () => boolean): boolean {
    return this.#arena.scope(() => this.#read(k, isStopped));
  }

  #read(k: number, isStopped: () => boolean): boolean {
    const item = this.#plan.items[k]!;
    const { storage, optional } = this.#plan.columns[item.column]!;
    const file = this.#plan.files[item.file]!;
    const pages = new Pages(this.#arena, this.#kernels, this.#reader, file, item.chunk, optional);
    const decoder = new Decoder(this.#arena, this.#kernels);
    const texts = storage.stored === STORED.texts ? new Texts(decoder) : undefined;
    const { take, row } = this.#target(k, item);
    let hasDictionary = false;
    for (let read = 0; row() < item.rows && !decoder.isBeyond; ) {
      if (isStopped()) return false;
      const page = pages.next();
      if (page.isDictionary) {
        if (hasDictionary || read > 0) throw new Malformed('a column chunk has two dictionaries');
        hasDictionary = true;
        if (texts === undefined) decoder.setDictionary(page, storage);
        else texts.setDictionary(page);
        continue;
      }
      read += page.count;
      if (read > item.own) throw new Malformed('a column chunk has more values than its row group has rows');
      const rows = Math.min(page.count, item.rows - row());
      if (texts === undefined) decoder.take(page, storage, optional, rows, take);
      else texts.take(page, optional, rows, take);
    }
    if (texts !== undefined) publish(texts.pack(), item.texts!);
    return decoder.isBeyond;
  }

  /** Where slices of a chunk's rows go, and how many have gone there. */
  #target(k: number, { column, base }: Item): { take: Take; row: () => number } {
    const { values, missing } = this.#plan.columns[column]!;
    const arena = this.#arena;
    let row = 0;
    const take: Take = (address, rows, marks) => {
      const size = rows * values.BYTES_PER_ELEMENT;
      // As bytes: plain values start anywhere.
      bytesOf(values, base + row, rows).set(arena.viewU8(address, size));
      if (marks !== 0 && missing.length > 0) {
        missing.set(arena.viewU8(marks, rows), base + row);
        this.#plan.missing[k] = 1;
      }
      row += rows;
    };
    return { take, row: () => row };
  }
}

function bytesOf(values: Float64Array | Int32Array | Uint8Array, from: number, count: number): Uint8Array {
  const size = values.BYTES_PER_ELEMENT;
  return new Uint8Array(values.buffer, values.byteOffset + from * size, count * size);
}

/** Writes a chunk's texts where all threads see them. @throws Malformed when they are no UTF-8. */
function publish({ bytes, offsets, ascii }: PackedLevels, texts: ChunkTexts): void {
  const count = offsets.length - 1;
  // A footer may say too little of its chunk.
  if (bytes.length > texts.bytes.length) throw new Unsupported();
  if (!ascii) {
    // Where all is valid and each text starts with a character, each is.
    let isValid = isUtf8(bytes);
    for (let i = 0; i < count && isValid; i++) {
      isValid = offsets[i] === offsets[i + 1] || (bytes[offsets[i]!]! & 0xc0) !== 0x80;
    }
    if (!isValid) throw new Malformed('a text is not UTF-8');
  }
  texts.bytes.set(bytes);
  texts.offsets.set(offsets);
  texts.counts[0] = count;
  texts.counts[1] = ascii ? 1 : 0;
}
