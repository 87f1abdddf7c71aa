/** The pages of a column chunk, brought into kernel memory one after another. */
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Arena } from '../../../kernels/host/arena.ts';
import type { Kernels } from '../../../kernels/signatures.ts';
import type { ByteReader, CsvFile } from '../csv/bytes.ts';
import type { Chunk } from './metadata.ts';
import { Malformed, numberOf, type Struct, structOf, ThriftReader } from './thrift.ts';

/** Thrown for what is no damage, but not read here. */
export class Unsupported extends Error {}

/** A page in kernel memory: its values, and before them the marks of an optional column. */
export interface Page {
  readonly isDictionary: boolean;
  readonly count: number;
  readonly encoding: number;
  /** Of the marks, a run-length code; where there are none both are equal. */
  readonly marks: number;
  readonly marksEnd: number;
  readonly values: number;
  readonly end: number;
  /** Missing values, −1 when the header does not say. */
  readonly missing: number;
}

/** Readable and writable bytes behind a page. */
const PADDING = 64;
/** Read at a time. */
const WINDOW_BYTES = 2 ** 20;
/** A header with long statistics may take this much. */
const MOST_HEADER_BYTES = 2 ** 24;
const MOST_PAGE_BYTES = 2 ** 28;
const MOST_VALUES = 2 ** 24;
/** No snappy text gets longer by more than this: 64 bytes for a copy of 3. */
const SNAPPY_GROWTH = 22;

const PAGE = { data: 0, index: 1, dictionary: 2, dataV2: 3 } as const;
const CODEC = { none: 0, snappy: 1, gzip: 2, zstd: 6 } as const;
const RLE = 3;

export function isCodecKnown(codec: number): boolean {
  return (Object.values(CODEC) as number[]).includes(codec);
}

export class Pages {
  readonly #arena: Arena;
  readonly #kernels: Kernels;
  readonly #reader: ByteReader;
  readonly #file: CsvFile;
  readonly #chunk: Chunk;
  readonly #optional: boolean;
  /** Position in the file of the next page. */
  #at: number;
  // The part of the file in memory.
  #window = 0;
  #windowRoom = 0;
  #windowFrom = 0;
  #windowTo = 0;
  #plain = 0;
  #plainRoom = 0;

  constructor(
    arena: Arena,
    kernels: Kernels,
    reader: ByteReader,
    file: CsvFile,
    chunk: Chunk,
    optional: boolean,
  ) {
    this.#arena = arena;
    this.#kernels = kernels;
    this.#reader = reader;
    this.#file = file;
    this.#chunk = chunk;
    this.#optional = optional;
    this.#at = chunk.from;
    this.#windowFrom = this.#windowTo = chunk.from;
  }

  /** The next page of the dictionary or of data, in memory until the one after it is asked for. @throws Malformed, Unsupported. */
  next(): Page {
    for (;;) {
      const header = this.#header();
      const type = numberOf(header, 1);
      const size = numberOf(header, 2);
      const stored = numberOf(header, 3);
      if (stored < 0 || size < 0 || stored > this.#chunk.to - this.#at) {
        throw new Malformed('a page reaches beyond its column chunk');
      }
      if (stored > MOST_PAGE_BYTES || size > MOST_PAGE_BYTES) throw new Unsupported();
      const start = this.#at;
      this.#at += stored;
      switch (type) {
        case PAGE.data:
          return this.#dataPage(structOf(header, 5), start, stored, size);
        case PAGE.dataV2:
          return this.#dataPageV2(structOf(header, 8), start, stored, size);
        case PAGE.dictionary: {
          const dictionary = structOf(header, 7);
          const values = this.#decompress(start, stored, size);
          return {
            isDictionary: true,
            count: countOf(dictionary),
            encoding: numberOf(dictionary, 2),
            ...{ marks: values, marksEnd: values, values, end: values + size, missing: -1 },
          };
        }
        default:
        // Any other page may be skipped.
      }
    }
  }

  #dataPage(header: Struct, start: number, stored: number, size: number): Page {
    const count = countOf(header);
    const from = this.#decompress(start, stored, size);
    let marks = from;
    let marksEnd = from;
    if (this.#optional) {
      if (numberOf(header, 3) !== RLE) throw new Unsupported();
      if (size < 4) throw new Malformed('a page is shorter than its marks');
      const length = this.#arena.viewU8(from, 4);
      const bytes = new DataView(length.buffer, length.byteOffset, 4).getUint32(0, true);
      if (bytes > size - 4) throw new Malformed('a page is shorter than its marks');
      marks = from + 4;
      marksEnd = marks + bytes;
    }
    return {
      isDictionary: false,
      count,
      encoding: numberOf(header, 2),
      ...{ marks, marksEnd, values: marksEnd, end: from + size, missing: -1 },
    };
  }

  #dataPageV2(header: Struct, start: number, stored: number, size: number): Page {
    const count = countOf(header);
    const missing = numberOf(header, 2);
    const levels = numberOf(header, 5);
    const repetitions = numberOf(header, 6);
    if (repetitions !== 0 || levels < 0 || levels > Math.min(stored, size)) {
      throw new Malformed('a page is shorter than its marks');
    }
    if (!this.#optional && levels > 0) throw new Malformed('a page has marks that its column has not');
    if (missing < 0 || missing > count) throw new Malformed('a page misses more values than it has');
    const isCompressed = header[7] !== false;
    const values = isCompressed
      ? this.#decompress(start + levels, stored - levels, size - levels)
      : this.#load(start + levels, stored - levels);
    const end = values + (isCompressed ? size : stored) - levels;
    // Brought last: what was loaded before may have moved.
    const own = this.#arena.allocate(levels + PADDING);
    this.#reader.read(this.#file, start, this.#arena.viewU8(own, levels));
    const encoding = numberOf(header, 4);
    return { isDictionary: false, count, encoding, marks: own, marksEnd: own + levels, values, end, missing };
  }

  #header(): Struct {
    for (let wanted = 4096; ; wanted *= 8) {
      const length = Math.min(wanted, this.#chunk.to - this.#at);
      const start = this.#load(this.#at, length);
      const held = this.#windowTo - this.#at;
      const reader = new ThriftReader(this.#arena.viewU8(start, held));
      try {
        const header = reader.struct();
        this.#at += reader.position;
        return header;
      } catch (error) {
        const isWhole = this.#at + held >= this.#chunk.to || length > MOST_HEADER_BYTES;
        if (!(error instanceof Malformed && error.ranOut) || isWhole) throw error;
      }
    }
  }

  /** Address of the file's bytes from `position` on, `length` of them at least, all within the chunk. */
  #load(position: number, length: number): number {
    if (position >= this.#windowFrom && position + length <= this.#windowTo) {
      return this.#window + (position - this.#windowFrom);
    }
    const wanted = Math.min(this.#chunk.to - position, Math.max(length, WINDOW_BYTES));
    if (wanted > this.#windowRoom) {
      this.#windowRoom = wanted;
      this.#window = this.#arena.allocate(wanted + PADDING);
    }
    this.#reader.read(this.#file, position, this.#arena.viewU8(this.#window, wanted));
    this.#windowFrom = position;
    this.#windowTo = position + wanted;
    return this.#window;
  }

  /** Address of `size` decompressed bytes. */
  #decompress(position: number, stored: number, size: number): number {
    const { codec } = this.#chunk;
    const from = this.#load(position, stored);
    if (codec === CODEC.none) {
      if (stored !== size) throw new Malformed('a page is not as long as it says');
      return from;
    }
    if (size === 0) return from;
    if (codec === CODEC.snappy) {
      if (size > stored * SNAPPY_GROWTH) throw new Malformed('a page cannot be decompressed');
      const to = this.#plainOf(size);
      if (this.#kernels.snappyDecode(0, 1, from, from + stored, to, size) === 0) {
        throw new Malformed('a page cannot be decompressed');
      }
      return to;
    }
    if (codec !== CODEC.gzip && codec !== CODEC.zstd) throw new Unsupported();
    const inflate = codec === CODEC.gzip ? gunzipSync : zstdDecompressSync;
    let plain: Uint8Array;
    try {
      plain = inflate(this.#arena.viewU8(from, stored).slice(), { maxOutputLength: size });
    } catch {
      throw new Malformed('a page cannot be decompressed');
    }
    if (plain.length !== size) throw new Malformed('a page is not as long as it says');
    const to = this.#plainOf(size);
    this.#arena.viewU8(to, size).set(plain);
    return to;
  }

  #plainOf(size: number): number {
    if (size > this.#plainRoom) {
      this.#plainRoom = size;
      this.#plain = this.#arena.allocate(size + PADDING);
    }
    return this.#plain;
  }
}

function countOf(header: Struct): number {
  const count = numberOf(header, 1);
  if (count < 0) throw new Malformed('a page has a negative number of values');
  if (count > MOST_VALUES) throw new Unsupported();
  return count;
}
