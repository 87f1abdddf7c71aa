/** Values of one column chunk, page by page, in kernel memory. */
import type { Arena } from '../../../kernels/host/arena.ts';
import type { Kernels } from '../../../kernels/signatures.ts';
import { bytesOf, STORED, type Storage } from './columns.ts';
import { type Page, Unsupported } from './pages.ts';
import { Malformed } from './thrift.ts';

const ENCODING = { plain: 0, plainDictionary: 2, rle: 3, rleDictionary: 8 } as const;
/** Numbers beyond the last of an output. */
const SPARE = 64;
/** Rows that go through the caches at a time. */
const SLICE_ROWS = 16384;

/** What is done with a slice of rows: `address` holds float64, i32 or u8 values, `missing` marks (u8) or 0 when none is missing. */
export type Take = (address: number, rows: number, missing: number) => void;

/** A block of kernel memory that grows; what it held is lost then. */
export class Block {
  readonly #arena: Arena;
  #address = 0;
  #bytes = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  ofBytes(bytes: number): number {
    if (bytes > this.#bytes) {
      this.#bytes = Math.max(bytes, this.#bytes * 2);
      this.#address = this.#arena.allocate(this.#bytes + SPARE);
    }
    return this.#address;
  }
}

/** Decodes marks, indices and numbers; what texts need beyond that is in `texts.ts`. */
export class Decoder {
  readonly arena: Arena;
  readonly kernels: Kernels;
  readonly #marks: Block;
  readonly #missing: Block;
  readonly #numbers: Block;
  readonly #slice: Block;
  readonly #largest: number;
  #dictionary = 0;
  #dictionarySize = -1;
  /** Whether a whole number from 2^53 on has been met where that counts. */
  isBeyond = false;

  constructor(arena: Arena, kernels: Kernels) {
    this.arena = arena;
    this.kernels = kernels;
    this.#marks = new Block(arena);
    this.#missing = new Block(arena);
    this.#numbers = new Block(arena);
    this.#slice = new Block(arena);
    this.#largest = arena.allocate(8);
  }

  /** Present values of a page. The marks are then in memory, unless all are present. */
  marksOf({ marks, marksEnd, count, missing }: Page, optional: boolean): { present: number; marks: number } {
    if (!optional) return { present: count, marks: 0 };
    const to = this.#marks.ofBytes(count);
    const present = this.kernels.hybridBits(0, 1, marks, marksEnd, count, to);
    if (present < 0) throw new Malformed('the marks of a page are damaged');
    if (missing >= 0 && missing !== count - present)
      throw new Malformed('a page misses another number of values than it says');
    return { present, marks: present === count ? 0 : to };
  }

  /** Address of a page's indices (i32) into a dictionary of `size`. */
  indices({ values, end }: Page, present: number, size: number): number {
    const to = this.#numbers.ofBytes(present * 4);
    if (present === 0) return to;
    if (size < 0) throw new Malformed('a page refers to a dictionary that is not there');
    const width = values < end ? this.arena.viewU8(values, 1)[0]! : 33;
    const { kernels } = this;
    if (width > 32 || kernels.hybridNumbers(0, 1, values + 1, end, width, present, to, this.#largest) === 0) {
      throw new Malformed('the values of a page are damaged');
    }
    if (this.arena.viewI32(this.#largest, 1)[0]! >>> 0 >= size)
      throw new Malformed('a page refers to no entry of its dictionary');
    // One that follows the last is looked at, too.
    this.arena.viewI32(to + present * 4, 1)[0] = 0;
    return to;
  }

  /** Takes a page of numbers for a dictionary. */
  setDictionary(page: Page, storage: Storage): void {
    checkDictionary(page);
    const { count } = page;
    this.#dictionary = this.arena.allocate(count * 8 + SPARE);
    this.arena.viewF64(this.#dictionary, count + 1).fill(0);
    this.#toNumbers(page, count, storage, this.#dictionary);
    this.#dictionarySize = count;
  }

  /** Gives the first `rows` rows of a page of numbers or booleans in slices. */
  take(page: Page, storage: Storage, optional: boolean, rows: number, take: Take): void {
    const { present, marks } = this.marksOf(page, optional);
    if (storage.stored === STORED.bits) this.#takeBits(page, present, marks, rows, take);
    else if (isIndexed(page.encoding)) this.#takeIndexed(page, present, marks, rows, take);
    else if (isPlain(page.encoding)) this.#takePlain(page, storage, present, marks, rows, take);
    else throw new Unsupported();
  }

  #takeIndexed(page: Page, present: number, marks: number, rows: number, take: Take): void {
    const { kernels } = this;
    const dictionary = this.#dictionary;
    let indices = this.indices(page, present, this.#dictionarySize);
    const to = this.#slice.ofBytes(SLICE_ROWS * 8);
    this.#slices(rows, marks, take, (own, n) => {
      if (own === 0) kernels.gatherNumbers(0, 1, dictionary, indices, n, to);
      indices +=
        4 * (own === 0 ? n : kernels.gatherMarked(0, 1, dictionary, indices, own, n, Number.NaN, to));
      return to;
    });
  }

  #takePlain(page: Page, storage: Storage, present: number, marks: number, rows: number, take: Take): void {
    if (storage.stored === STORED.double && marks === 0) {
      // They are what is wanted.
      checkLength(page, present * 8);
      this.#slices(rows, 0, take, (_, __, from) => page.values + from * 8);
      return;
    }
    let numbers = this.#numbers.ofBytes(present * 8);
    this.#toNumbers(page, present, storage, numbers);
    const to = this.#slice.ofBytes(SLICE_ROWS * 8);
    this.#slices(rows, marks, take, (own, n) => {
      const at = numbers;
      numbers += 8 * (own === 0 ? n : this.kernels.spreadNumbers(0, 1, numbers, own, n, Number.NaN, to));
      return own === 0 ? at : to;
    });
  }

  #takeBits(page: Page, present: number, marks: number, rows: number, take: Take): void {
    const { kernels } = this;
    let bytes = this.#numbers.ofBytes(present + SPARE);
    if (page.encoding === ENCODING.plain) {
      checkLength(page, Math.ceil(present / 8));
      kernels.bitsToBytes(0, 1, page.values, present, bytes);
    } else if (page.encoding === ENCODING.rle) {
      // Behind the length of the code.
      if (page.end - page.values < 4) throw new Malformed('the values of a page are damaged');
      if (kernels.hybridBits(0, 1, page.values + 4, page.end, present, bytes) < 0) {
        throw new Malformed('the values of a page are damaged');
      }
    } else throw new Unsupported();
    const to = this.#slice.ofBytes(SLICE_ROWS);
    this.#slices(rows, marks, take, (own, n) => {
      const at = bytes;
      bytes += own === 0 ? n : kernels.spreadBytes(0, 1, bytes, own, n, to);
      return own === 0 ? at : to;
    });
  }

  /** Gives codes (i32) of the present rows with −1 for the others. */
  takeCodes(codes: number, marks: number, rows: number, take: Take): void {
    let at = codes;
    const to = this.#slice.ofBytes(SLICE_ROWS * 4);
    this.#slices(rows, marks, take, (own, n) => {
      const here = at;
      at += 4 * (own === 0 ? n : this.kernels.spreadCodes(0, 1, at, own, n, to));
      return own === 0 ? here : to;
    });
  }

  /** Calls `fill(marks, n, from)` slice by slice: it says where the n values are. */
  #slices(
    rows: number,
    marks: number,
    take: Take,
    fill: (marks: number, n: number, from: number) => number,
  ): void {
    const missing = marks === 0 ? 0 : this.#missing.ofBytes(SLICE_ROWS);
    for (let from = 0; from < rows; from += SLICE_ROWS) {
      const n = Math.min(SLICE_ROWS, rows - from);
      const own = marks === 0 ? 0 : marks + from;
      const address = fill(own, n, from);
      const isMissing = own !== 0 && this.kernels.missingMarks(0, 1, own, n, missing) > 0;
      take(address, n, isMissing ? missing : 0);
    }
  }

  #toNumbers(page: Page, count: number, storage: Storage, to: number): void {
    const { stored, times, over, exact } = storage;
    checkLength(page, count * bytesOf(stored));
    const beyond = this.kernels.plainNumbers(0, 1, page.values, count, stored, to);
    if (exact && beyond === 1) this.isBeyond = true;
    if (times !== 1 || over !== 1) this.kernels.scaleNumbers(0, 1, to, count, times, over);
  }
}

export function isIndexed(encoding: number): boolean {
  return encoding === ENCODING.plainDictionary || encoding === ENCODING.rleDictionary;
}

export function isPlain(encoding: number): boolean {
  return encoding === ENCODING.plain;
}

/** @throws Unsupported when a dictionary is not plain. */
export function checkDictionary({ encoding }: Page): void {
  if (encoding !== ENCODING.plain && encoding !== ENCODING.plainDictionary) throw new Unsupported();
}

function checkLength({ values, end }: Page, bytes: number): void {
  if (end - values < bytes) throw new Malformed('a page is shorter than its values');
}
