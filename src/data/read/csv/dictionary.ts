import type { Arena } from '../../../kernels/host/arena.ts';
import type { Kernels } from '../../../kernels/signatures.ts';
import { END_MASK } from './layout.ts';

const FIRST_ENTRIES = 64;
const FIRST_HEAP = 1024;
const HEADER_WORDS = 9;
/** Behind the header: ones, then zeros, which the kernel masks texts with. */
const WINDOW_AT = 64;
const WINDOW_BYTES = 32;
/** Words of an entry: heap offset, length, hash, the row where it appeared first, then what the kernel needs to find it. */
export const ENTRY_WORDS = 8;
export const ENTRY_ROW = 3;
const ENTRY_BYTES = ENTRY_WORDS * 4;
/** Slots per entry: few texts meet in one. */
const SLOTS_PER_ENTRY = 4;

// Words of the header.
const SLOTS = 0;
const MASK = 1;
const HELD = 2;
const MOST = 3;
const ENTRIES = 4;
const HEAP = 5;
const USED = 6;
const CAPACITY = 7;
const RESERVED = 8;

/** Texts and an index of them in kernel memory, as `csvCodes` reads them. */
export interface IndexedText {
  readonly text: number;
  readonly index: number;
  readonly rows: number;
  /** Bytes between the fields of two rows. */
  readonly stride: number;
  readonly quote: number;
  /** Room for the longest text. */
  readonly scratch: number;
}

/** The distinct texts of one column as one thread met them, in kernel memory. Grows as needed. */
export class Dictionary {
  readonly #arena: Arena;
  readonly #kernels: Kernels;
  readonly #header: number;

  constructor(arena: Arena, kernels: Kernels) {
    this.#arena = arena;
    this.#kernels = kernels;
    this.#header = arena.allocate(WINDOW_AT + WINDOW_BYTES);
    arena
      .viewU8(this.#header + WINDOW_AT, WINDOW_BYTES)
      .fill(255, 0, WINDOW_BYTES / 2)
      .fill(0, WINDOW_BYTES / 2);
    this.#words.fill(0);
    this.#words[HEAP] = arena.allocate(FIRST_HEAP);
    this.#words[CAPACITY] = FIRST_HEAP;
    this.#resize(FIRST_ENTRIES);
  }

  /** Distinct texts, without those that stand for missing. */
  get levels(): number {
    return this.#words[HELD]! - this.#words[RESERVED]!;
  }

  get heapBytes(): number {
    return this.#words[USED]!;
  }

  /** From now on all texts held so far stand for missing. */
  reserve(): void {
    this.#words[RESERVED] = this.#words[HELD]!;
  }

  /** Writes the codes (i32) of all rows, the first one being row `base`, to `codes`; −1 is missing. */
  encodeFrom(base: number, indexed: IndexedText, codes: number): void {
    const before = this.levels;
    this.encode(indexed, codes);
    if (base === 0 || this.levels === before) return;
    const entries = this.entries();
    for (let e = before * ENTRY_WORDS + ENTRY_ROW; e < entries.length; e += ENTRY_WORDS) entries[e]! += base;
  }

  /** Writes the codes (i32) of all rows to `codes`; −1 is missing. */
  encode({ text, index, rows, stride, quote, scratch }: IndexedText, codes: number): void {
    for (let row = 0; row < rows; ) {
      const next = this.#kernels.csvCodes(
        0,
        1,
        text,
        index,
        row,
        rows,
        stride,
        codes,
        this.#header,
        scratch,
        quote,
      );
      if (next < rows) {
        if (this.#words[HELD] === this.#words[MOST]) this.#resize(this.#words[MOST]! * 2);
        else {
          const field = this.#arena.viewI32(index + next * stride, 2);
          this.#enlargeHeap((field[1]! & END_MASK) - field[0]! + 8);
        }
      }
      row = next;
    }
  }

  /** Views of the heap and of the entries of the levels, {@link ENTRY_WORDS} each. */
  heap(): Uint8Array {
    return this.#arena.viewU8(this.#words[HEAP]!, this.#words[USED]!);
  }

  entries(): Uint32Array {
    const words = this.#words;
    const first = words[ENTRIES]! + words[RESERVED]! * ENTRY_BYTES;
    return new Uint32Array(this.#arena.memory.buffer, first, this.levels * ENTRY_WORDS);
  }

  get #words(): Uint32Array {
    return new Uint32Array(this.#arena.memory.buffer, this.#header, HEADER_WORDS);
  }

  #resize(most: number): void {
    const slotCount = most * SLOTS_PER_ENTRY;
    const slots = this.#arena.i32(slotCount);
    this.#arena.viewI32(slots, slotCount).fill(0);
    const entries = this.#arena.allocate(most * ENTRY_BYTES);
    const words = this.#words;
    const held = words[HELD]! * ENTRY_BYTES;
    this.#arena.viewU8(entries, held).set(this.#arena.viewU8(words[ENTRIES]!, held));
    words[SLOTS] = slots;
    words[MASK] = slotCount - 1;
    words[MOST] = most;
    words[ENTRIES] = entries;
    this.#kernels.csvRehash(0, 1, this.#header);
  }

  #enlargeHeap(room: number): void {
    const used = this.#words[USED]!;
    const capacity = Math.max(this.#words[CAPACITY]! * 2, used + room);
    const heap = this.#arena.allocate(capacity);
    this.#arena.viewU8(heap, used).set(this.#arena.viewU8(this.#words[HEAP]!, used));
    this.#words[HEAP] = heap;
    this.#words[CAPACITY] = capacity;
  }
}
