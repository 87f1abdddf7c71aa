import { sharedBuffer } from './shared-memory.ts';

/**
 * The C library clears memory that it hands out again, on the thread that asks for it. Above 32 MiB it asks the system instead, whose
 * memory is zero and costs nothing before it is written, by whichever thread that is.
 */
const BLOCK_BYTES = 64 * 2 ** 20;
/** Starts of arrays: of cache lines, so that threads which write neighbours do not share any. */
const ALIGNMENT = 64;

/** Zeroed arrays on shared memory that are made together, of `bytes` in all about. Large ones share blocks of some 64 MiB. */
export class SharedBlocks {
  #left: number;
  #block: SharedArrayBuffer | undefined;
  #at = 0;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  array<A>(
    Kind: {
      readonly BYTES_PER_ELEMENT: number;
      new (buffer: SharedArrayBuffer, at: number, length: number): A;
    },
    length: number,
  ): A {
    const bytes = length * Kind.BYTES_PER_ELEMENT;
    const room = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const isSmall = this.#block === undefined && this.#left < BLOCK_BYTES / 2;
    if (isSmall || bytes >= BLOCK_BYTES) {
      this.#left -= room;
      return new Kind(sharedBuffer(bytes), 0, length);
    }
    if (this.#block === undefined || this.#at + room > this.#block.byteLength) {
      // What is left at the end is not worth a block of its own.
      const size = this.#left < 1.5 * BLOCK_BYTES ? Math.max(this.#left, room) : BLOCK_BYTES;
      this.#block = sharedBuffer(size);
      this.#at = 0;
    }
    const array = new Kind(this.#block, this.#at, length);
    this.#at += room;
    this.#left -= room;
    return array;
  }
}
