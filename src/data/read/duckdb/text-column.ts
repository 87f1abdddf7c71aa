import { sharedArray } from '../../../core/shared.ts';
import { Arena } from '../../../kernels/host/arena.ts';
import { instantiate, kernelModule, teamMemory } from '../../../kernels/host/instance.ts';
import { Dictionary } from '../csv/dictionary.ts';
import { ESCAPED } from '../csv/layout.ts';
import { type PackedLevels, packDictionary } from '../csv/levels.ts';

const PADDING = 16;
const FIRST_BYTES = 65536;

/** Kernel memory in which texts become codes. */
export class TextMemory {
  readonly arena = new Arena(teamMemory());
  readonly kernels = instantiate(kernelModule(), this.arena.memory);
  #text = 0;
  #capacity = 0;
  #index = 0;
  #codes = 0;
  #rows = 0;
  /** Bytes of the vector indexed last and of the texts behind it. */
  #end = 0;

  /** Room for texts of `bytes` and an index of `rows`. */
  reserve(bytes: number, rows: number): void {
    if (bytes > this.#capacity) {
      const held = this.#text;
      const capacity = Math.max(bytes, this.#capacity * 2, FIRST_BYTES);
      this.#text = this.arena.allocate(capacity + PADDING);
      this.arena.viewU8(this.#text, this.#capacity).set(this.arena.viewU8(held, this.#capacity));
      this.#capacity = capacity;
    }
    if (rows > this.#rows) {
      this.#rows = rows;
      this.#index = this.arena.allocate(rows * 8);
      this.#codes = this.arena.i32(rows);
    }
  }

  text(): Uint8Array {
    return this.arena.viewU8(this.#text, this.#capacity);
  }

  /** Start and end of each row's text; both 0 for a missing one. An empty text is marked {@link ESCAPED}. */
  index(): Int32Array {
    return this.arena.viewI32(this.#index, this.#rows * 2);
  }

  /**
   * Takes the vector of texts `data` (16 bytes each, see the kernel `indexTexts`) and indexes it.
   * @returns the rows whose text lies elsewhere: {@link appendTexts} brings them, in this order.
   */
  indexTexts(data: Uint8Array, validity: Uint8Array | null, rows: number): Int32Array {
    this.reserve(data.length + Math.ceil(rows / 8), rows);
    const text = this.text();
    text.set(data);
    if (validity !== null) text.set(validity.subarray(0, Math.ceil(rows / 8)), data.length);
    this.#end = data.length;
    const marks = validity === null ? 0 : this.#text + data.length;
    const far = this.#codes;
    const count = this.kernels.indexTexts(0, 1, this.#text, rows, marks, data.length, this.#index, far);
    return this.arena.viewI32(far, count).slice();
  }

  /** Places texts of `bytes` in all behind those of the vector. */
  appendTexts(bytes: number, texts: readonly (() => Uint8Array)[]): void {
    this.reserve(this.#end + bytes, 0);
    const text = this.text();
    for (const read of texts) {
      const one = read();
      text.set(one, this.#end);
      this.#end += one.length;
    }
  }

  encode(dictionary: Dictionary, rows: number): Int32Array {
    dictionary.encode(
      { text: this.#text, index: this.#index, rows, stride: 8, quote: -1, scratch: this.#text },
      this.#codes,
    );
    return this.arena.viewI32(this.#codes, rows);
  }
}

/** Codes of texts in order of first appearance, growing row by row. */
export class TextColumn {
  readonly #memory: TextMemory;
  readonly #dictionary: Dictionary;
  codes: Int32Array;
  #rows = 0;

  constructor(memory: TextMemory, room: number) {
    this.#memory = memory;
    this.#dictionary = new Dictionary(memory.arena, memory.kernels);
    this.codes = sharedArray(Int32Array, room);
  }

  /** Appends the `rows` texts that the memory's index names. */
  append(rows: number): void {
    if (this.#rows + rows > this.codes.length) {
      const larger = sharedArray(Int32Array, Math.max(this.#rows + rows, this.codes.length * 2));
      larger.set(this.codes.subarray(0, this.#rows));
      this.codes = larger;
    }
    this.codes.set(this.#memory.encode(this.#dictionary, rows), this.#rows);
    this.#rows += rows;
  }

  /** Appends texts; `undefined` is missing. */
  appendStrings(texts: readonly (string | undefined)[]): void {
    const parts = texts.map((text) => (text === undefined ? undefined : Buffer.from(text)));
    const bytes = parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
    this.#memory.reserve(bytes, texts.length);
    const memory = this.#memory.text();
    const index = this.#memory.index();
    let at = 0;
    parts.forEach((part, i) => {
      index[2 * i] = part === undefined ? 0 : at;
      if (part !== undefined) memory.set(part, at);
      at += part?.length ?? 0;
      index[2 * i + 1] = part === undefined ? 0 : part.length === 0 ? at | ESCAPED : at;
    });
    this.append(texts.length);
  }

  levels(): PackedLevels {
    return packDictionary(this.#dictionary);
  }
}
