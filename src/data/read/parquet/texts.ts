import type { Arena } from '../../../kernels/host/arena.ts';
import type { Kernels } from '../../../kernels/signatures.ts';
import { Dictionary } from '../csv/dictionary.ts';
import { type PackedLevels, packLevelsInOrder } from '../csv/levels.ts';
import { Block, checkDictionary, type Decoder, isIndexed, isPlain, type Take } from './decoder.ts';
import { type Page, Unsupported } from './pages.ts';
import { Malformed } from './thrift.ts';

const FIRST_LEVELS = 256;

/** Texts of one column chunk as codes in order of first appearance. A dictionary may have texts that no row has, or twice. */
export class Texts {
  readonly #arena: Arena;
  readonly #kernels: Kernels;
  readonly #decoder: Decoder;
  readonly #dictionary: Dictionary;
  readonly #index: Block;
  readonly #values: Block;
  /** Per entry of the chunk's dictionary its level (a distinct text), and its code once it has one. */
  #levelOf = 0;
  #direct = 0;
  #entries = -1;
  /** Per level its code or −1, and per code its level. */
  #codeOf = 0;
  #order = 0;
  #levels = 0;
  #used = 0;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
    this.#arena = decoder.arena;
    this.#kernels = decoder.kernels;
    this.#dictionary = new Dictionary(decoder.arena, decoder.kernels);
    this.#index = new Block(decoder.arena);
    this.#values = new Block(decoder.arena);
  }

  setDictionary(page: Page): void {
    checkDictionary(page);
    const { count } = page;
    const levels = this.#encode(page, count);
    this.#levelOf = this.#arena.place(this.#arena.viewI32(levels, count));
    this.#direct = this.#arena.i32(count + 1);
    this.#arena.viewI32(this.#direct, count).fill(-1);
    this.#entries = count;
    this.#growLevels();
  }

  /** Gives the codes of the first `rows` rows of a page in slices. */
  take(page: Page, optional: boolean, rows: number, take: Take): void {
    const { present, marks } = this.#decoder.marksOf(page, optional);
    // Rows behind the last one wanted have no code.
    const wanted = rows === page.count ? present : presentIn(this.#arena, marks, rows);
    let values: number;
    if (isIndexed(page.encoding)) {
      values = this.#decoder.indices(page, present, this.#entries);
      this.#number(values, wanted, this.#levelOf, this.#direct);
    } else if (isPlain(page.encoding)) {
      values = this.#encode(page, wanted);
      this.#growLevels();
      this.#number(values, wanted, 0, this.#codeOf);
    } else throw new Unsupported();
    this.#decoder.takeCodes(values, marks, rows, take);
  }

  /** The texts in order of their codes. @throws Malformed when they are no UTF-8. */
  pack(): PackedLevels {
    return packLevelsInOrder(this.#dictionary, this.#arena.viewI32(this.#order, this.#used));
  }

  #number(values: number, count: number, levelOf: number, direct: number): void {
    this.#used = this.#kernels.numberByAppearance(
      0,
      1,
      values,
      count,
      levelOf,
      direct,
      this.#codeOf,
      this.#order,
      this.#used,
    );
  }

  /** Address of the levels of the first `count` texts of a page. */
  #encode({ values, end }: Page, count: number): number {
    const index = this.#index.ofBytes(count * 8);
    const levels = this.#values.ofBytes(count * 4);
    if (this.#kernels.plainTexts(0, 1, values, end, count, values, index) === 0) {
      throw new Malformed('a page is shorter than its texts');
    }
    this.#dictionary.encode(
      { text: values, index, rows: count, stride: 8, quote: -1, scratch: values },
      levels,
    );
    return levels;
  }

  /** Makes room for the codes of all levels. */
  #growLevels(): void {
    const wanted = this.#dictionary.levels;
    if (wanted <= this.#levels) return;
    const levels = Math.max(FIRST_LEVELS, wanted, this.#levels * 2);
    const codeOf = this.#arena.i32(levels);
    const view = this.#arena.viewI32(codeOf, levels).fill(-1);
    view.set(this.#arena.viewI32(this.#codeOf, this.#levels));
    const order = this.#arena.i32(levels);
    this.#arena.viewI32(order, this.#used).set(this.#arena.viewI32(this.#order, this.#used));
    this.#codeOf = codeOf;
    this.#order = order;
    this.#levels = levels;
  }
}

function presentIn(arena: Arena, marks: number, rows: number): number {
  if (marks === 0) return rows;
  let present = 0;
  for (const mark of arena.viewU8(marks, rows)) present += mark;
  return present;
}
