import { Arena } from '../../../kernels/host/arena.ts';
import { instantiate, kernelModule, teamMemory } from '../../../kernels/host/instance.ts';
import type { Kernels } from '../../../kernels/signatures.ts';
import { ByteReader, type CsvFile } from './bytes.ts';
import type { Dialect } from './dialect.ts';
import { Dictionary, type IndexedText } from './dictionary.ts';
import { type ColumnKind, END_MASK, ESCAPED, refusedBy, SCAN } from './layout.ts';
import { numberTables } from './number-tables.ts';
import { placeMissing, placeTokens } from './tokens.ts';

/** Fields that the index holds at first. */
const FIRST_FIELDS = 65536;
/** Readable bytes behind the text, and a line end put there when the file ends. */
const PADDING = 80;
/** The index has 30 bits for a position. */
const LIMIT_BYTES = 2 ** 29;
const SUMMARY_BYTES = 64;

/** What one scan found; positions are offsets in the file. */
export interface Scan {
  readonly rows: number;
  readonly outcome: number;
  /** Start of the record after the last one found. */
  readonly next: number;
  /** The offending record or character; −1 when a record merely needs more text. */
  readonly errorAt: number;
  readonly fields: number;
}

/** What one column of a batch holds. */
export interface Cells {
  readonly mask: number;
  readonly missing: number;
  /** First row of a class that the kind refuses, −1 for none. */
  readonly refused: number;
}

const TEXT_DECODER = new TextDecoder();

/**
 * One thread's workplace for CSV: kernels over a private memory that holds a piece of a file, its index and the
 * dictionaries of the text columns. Private, so that threads allocate without asking each other.
 */
export class CsvWorld {
  readonly dialect: Dialect;
  readonly arena: Arena;
  readonly kernels: Kernels;
  readonly reader = new ByteReader();
  /** Dictionaries by column of the file. */
  readonly dictionaries = new Map<number, Dictionary>();
  readonly #columns: number;
  readonly #summary: number;
  /** What kernels report at {@link #summary}. A view made once: shared memory that grows stays where it is. */
  readonly #report: Int32Array;
  readonly #tables: number;
  readonly #tokens: number;
  #missingTexts: IndexedText | undefined;
  #index = 0;
  #capacity = 0;
  #values = 0;
  #missing = 0;
  #slow = 0;
  #rowCapacity = 0;
  #text = 0;
  #textCapacity = 0;
  #scratch = 0;
  #from = 0;
  #length = 0;
  /** Bytes in memory that belong to the file, without the line end put behind it. */
  #own = 0;

  /** @param columns Fields of a record; 0 accepts any number, one record at a time. */
  constructor(dialect: Dialect, columns: number) {
    this.dialect = dialect;
    const memory = teamMemory();
    this.arena = new Arena(memory);
    this.kernels = instantiate(kernelModule(), memory);
    this.#columns = columns;
    this.#growIndex(Math.max(FIRST_FIELDS, columns));
    this.#summary = this.arena.allocate(SUMMARY_BYTES);
    this.#report = this.arena.viewI32(this.#summary, 4);
    this.#tables = this.arena.place(numberTables());
    this.#tokens = placeTokens(this.arena, dialect);
  }

  /** Values (f64, i32 or u8) and missing marks (u8) of the column parsed last. */
  get values(): number {
    return this.#values;
  }

  get missing(): number {
    return this.#missing;
  }

  /** Brings the bytes [from, to) of a file into memory, with a line end behind the file's last byte. */
  load(file: CsvFile, from: number, to: number): void {
    this.#from = from;
    this.#own = 0;
    this.#extend(file, to);
  }

  /** Brings the bytes up to `to` into memory, too. */
  #extend(file: CsvFile, to: number): void {
    const length = to - this.#from;
    if (length > this.#textCapacity) {
      const held = this.#text;
      this.#textCapacity = Math.max(length, this.#textCapacity * 2);
      this.#text = this.arena.allocate(this.#textCapacity + PADDING);
      this.#scratch = this.arena.allocate(this.#textCapacity + PADDING);
      this.arena.viewU8(this.#text, this.#own).set(this.arena.viewU8(held, this.#own));
    }
    const bytes = this.arena.viewU8(this.#text, length + PADDING);
    this.reader.read(file, this.#from + this.#own, bytes.subarray(this.#own, length));
    bytes.fill(0, length);
    this.#own = length;
    this.#length = length;
    if (to === file.size) bytes[this.#length++] = 10;
  }

  /** Line ends in [from, to). */
  lines(from: number, to: number): number {
    return this.kernels.csvLines(0, 1, this.#text, from - this.#from, to - this.#from);
  }

  /** The first byte in [from, to) that is not UTF-8, −1 for none. `from` may lie inside a character that starts in memory. */
  utf8Error(from: number, to: number): number {
    const bytes = this.arena.viewU8(this.#text, this.#length);
    let start = from - this.#from;
    const lowest = Math.max(0, start - 3);
    while (start > lowest && (bytes[start]! & 0xc0) === 0x80) start--;
    const at = this.kernels.utf8Error(0, 1, this.#text, start, to - this.#from);
    return at < 0 ? -1 : at + this.#from;
  }

  /** The first line start in [from, to), `to` for none; the byte before `from` is in memory. */
  lineStart(from: number, to: number): number {
    return this.kernels.csvNextLine(0, 1, this.#text, from - this.#from, to - this.#from) + this.#from;
  }

  /**
   * Indexes the records that start in [from, limit), at most `maxRows` of them, loading more of the file when the last one
   * goes on behind the bytes in memory.
   */
  scan(file: CsvFile, from: number, limit: number, maxRows = Number.POSITIVE_INFINITY): Scan {
    let rows = 0;
    let at = from;
    for (;;) {
      const found = this.#scan(at, limit, rows, maxRows);
      rows += found.rows;
      at = found.next;
      if (found.outcome === SCAN.indexFull && rows < maxRows) {
        this.#growIndex(this.#capacity * 2);
      } else if (found.outcome === SCAN.needsMore) {
        if (this.#own < this.#length || this.#length >= LIMIT_BYTES) {
          return { ...found, rows, outcome: SCAN.openQuote, errorAt: found.errorAt < 0 ? at : found.errorAt };
        }
        const wanted = Math.min(LIMIT_BYTES, Math.max(65536, this.#length * 2));
        this.#extend(file, Math.min(file.size, this.#from + wanted));
      } else {
        this.#growRows(rows);
        return { ...found, rows, outcome: found.outcome === SCAN.indexFull ? SCAN.atLimit : found.outcome };
      }
    }
  }

  /** Scans on behind the first `done` records of the index. */
  #scan(from: number, limit: number, done: number, maxRows: number): Scan {
    const { kernels, dialect } = this;
    const used = done * this.#columns;
    if (this.#capacity - used < this.#columns) this.#growIndex(this.#capacity * 2);
    const left = Math.min(this.#capacity - used, (maxRows - done) * this.#columns);
    const rows = kernels.csvScan(
      0,
      1,
      this.#text,
      from - this.#from,
      this.#length,
      Math.min(limit - this.#from, LIMIT_BYTES),
      this.#index + used * 8,
      this.#columns === 0 ? this.#capacity : left,
      this.#columns,
      dialect.delimiter,
      dialect.quote,
      dialect.comment,
      this.#summary,
    );
    const [next, outcome, at, fields] = this.#report;
    const errorAt = at! < 0 ? -1 : at! + this.#from;
    return { rows, outcome: outcome!, next: next! + this.#from, errorAt, fields: fields! };
  }

  #growIndex(capacity: number): void {
    const held = this.arena.viewU8(this.#index, this.#capacity * 8);
    this.#index = this.arena.allocate(capacity * 8);
    this.arena.viewU8(this.#index, held.length).set(held);
    this.#capacity = capacity;
  }

  #growRows(rows: number): void {
    if (rows <= this.#rowCapacity) return;
    this.#rowCapacity = Math.max(rows, this.#rowCapacity * 2);
    this.#values = this.arena.f64(this.#rowCapacity);
    this.#missing = this.arena.allocate(this.#rowCapacity);
    this.#slow = this.arena.i32(this.#rowCapacity);
  }

  /** Parses one column of the batch scanned last, which starts with row `base`; forced kinds report the first cell they refuse. */
  parse(column: number, kind: ColumnKind, rows: number, forced: boolean, base = 0): Cells {
    const { kernels, dialect } = this;
    const values = this.#values;
    const missing = this.#missing;
    const text = this.#text;
    const index = this.#index + column * 8;
    const stride = this.#columns * 8;
    if (kind === 'string') {
      this.dictionary(column).encodeFrom(
        base,
        { text, index, rows, stride, quote: dialect.quote, scratch: this.#scratch },
        values,
      );
      return { mask: 0, missing: 0, refused: -1 };
    }
    const watched = forced ? refusedBy(kind) : 0;
    const { decimal, thousands } = dialect;
    const [summary, tables, tokens] = [this.#summary, this.#tables, this.#tokens];
    if (kind === 'number') {
      kernels.csvNumbers(
        0,
        1,
        text,
        index,
        rows,
        stride,
        values,
        missing,
        this.#slow,
        summary,
        tables,
        tokens,
        decimal,
        thousands,
        watched,
      );
      this.#finishSlow(column);
    } else if (kind === 'boolean') {
      kernels.csvBooleans(
        0,
        1,
        text,
        index,
        rows,
        stride,
        values,
        missing,
        summary,
        tokens,
        decimal,
        thousands,
        watched,
      );
    } else {
      kernels.csvDates(
        0,
        1,
        text,
        index,
        rows,
        stride,
        values,
        missing,
        summary,
        tables,
        tokens,
        decimal,
        thousands,
        watched,
      );
    }
    const report = this.#report;
    return { mask: report[0]!, missing: report[1]!, refused: report[3]! };
  }

  /** The text of a cell of the batch scanned last, its quotes made single. */
  cell(row: number, column: number): string {
    const [start, end] = this.arena.viewI32(this.#index + (row * this.#columns + column) * 8, 2);
    const length = (end! & END_MASK) - start!;
    const text = TEXT_DECODER.decode(this.arena.viewU8(this.#text + start!, length).slice());
    const quote = String.fromCharCode(this.dialect.quote);
    return (end! & ESCAPED) !== 0 ? text.replaceAll(quote + quote, quote) : text;
  }

  /** Where a cell of the batch scanned last starts in the file. */
  cellPosition(row: number, column: number): number {
    return this.arena.viewI32(this.#index + (row * this.#columns + column) * 8, 1)[0]! + this.#from;
  }

  /** The bytes in memory, from the position last loaded. */
  bytes(): Uint8Array {
    return this.arena.viewU8(this.#text, this.#own);
  }

  dictionary(column: number): Dictionary {
    let dictionary = this.dictionaries.get(column);
    if (dictionary === undefined) {
      dictionary = new Dictionary(this.arena, this.kernels);
      this.#missingTexts ??= placeMissing(this.arena, this.dialect);
      dictionary.encode(this.#missingTexts, this.arena.i32(this.#missingTexts.rows));
      dictionary.reserve();
      this.dictionaries.set(column, dictionary);
    }
    return dictionary;
  }

  /** Numbers with too many digits or too small for the kernel. */
  #finishSlow(column: number): void {
    const count = this.#report[2]!;
    if (count === 0) return;
    const { decimal, thousands } = this.dialect;
    const values = this.arena.viewF64(this.#values, this.#rowCapacity);
    for (const row of this.arena.viewI32(this.#slow, count)) {
      let text = this.cell(row, column);
      if (thousands >= 0) text = text.replaceAll(String.fromCharCode(thousands), '');
      if (decimal !== 46) text = text.replace(String.fromCharCode(decimal), '.');
      values[row] = Number(text);
    }
  }
}
