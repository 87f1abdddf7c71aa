import type { DataError } from '../../../core/errors.ts';
import { fileErrorFrom } from '../../../core/file-error.ts';
import { sharedArray } from '../../../core/shared.ts';
import { SharedBlocks } from '../../../core/shared-blocks.ts';
import type { Job } from '../../../jobs/job.ts';
import type { CsvFile } from './bytes.ts';
import { invalidText, noRows, recordError, wrongKind } from './failures.ts';
import { CELL, type ColumnKind, kindOf, SCAN } from './layout.ts';
import { numberLevels, type PackedLevels } from './levels.ts';
import {
  CHUNK,
  CHUNK_FIELDS,
  type ColumnStore,
  type CsvPlan,
  hasFailed,
  MISSING_SEEN,
  stopBehind,
} from './plan.ts';
import {
  currentWorld,
  type Leader,
  lead,
  type Pass,
  partsOf,
  type Recoding,
  threadsModule,
} from './threads.ts';

export interface ParsedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly values: Float64Array | Int32Array | Uint8Array;
  readonly missing: Uint8Array | undefined;
  readonly levels: PackedLevels | undefined;
}

export interface ParsedTable {
  readonly rows: number;
  readonly columns: readonly ParsedColumn[];
}

const SAMPLE_BYTES = 2 ** 18;
/** Columns shorter than this do not share a larger block. */
const SMALL_BYTES = 2 ** 16;
const SPARE_ROOM = 1.3;

/** One run of the reader over a plan, in a session that is open. */
export class CsvReader {
  readonly #plan: CsvPlan;
  readonly #names: readonly string[];
  readonly #types: Readonly<Record<string, ColumnKind>>;
  readonly #job: Job;
  /** Rows to make room for. Memory that is never written costs nothing, so it may be too many. */
  #room = 0;
  #rows = 0;

  constructor(
    plan: CsvPlan,
    names: readonly string[],
    types: Readonly<Record<string, ColumnKind>>,
    job: Job,
  ) {
    this.#plan = plan;
    this.#names = names;
    this.#types = types;
    this.#job = job;
  }

  /** Reads the columns at `places`. @throws DataError, FileError for the first thing that cannot be read. */
  async read(places: readonly number[]): Promise<ParsedTable> {
    const distinct = [...new Set(places)];
    const guesses = this.#sample(distinct);
    const first = await this.#firstPass(distinct, guesses);
    if (this.#rows === 0) throw noRows(this.#plan.spans[0]!.file);
    const masks = this.#joinMasks();
    const kinds = distinct.map((index, c) => this.#finalKind(index, guesses[c]!, masks[index]!));
    this.#room = this.#rows;
    const changed = distinct.filter((_, c) => kinds[c] !== guesses[c]);
    const second = this.#stores(
      changed,
      kinds.filter((kind, c) => kind !== guesses[c]),
    );
    if (second.length > 0) {
      await this.#overChunks({ number: 1, stores: second, room: this.#room }, 0.7, 0.95);
    }
    const stores = distinct.map((index, c) =>
      kinds[c] === guesses[c] ? first[c]! : second.find((store) => store.index === index)!,
    );
    const levels = await this.#finishTexts(stores, new Set(second));
    const columns = new Map(
      stores.map((store) => [store.index, this.#column(store, masks[store.index]!, levels.get(store.index))]),
    );
    return { rows: this.#rows, columns: places.map((index) => columns.get(index)!) };
  }

  /** Guesses the kinds from the first rows (a second pass corrects them) and the number of rows from their length. */
  #sample(places: readonly number[]): ColumnKind[] {
    const world = currentWorld();
    const { spans, fields } = this.#plan;
    const { file, from, to } = spans[0]!;
    const limit = Math.min(to, from + SAMPLE_BYTES);
    world.load(file, from, Math.min(file.size, from + SAMPLE_BYTES));
    const { rows, next } = world.scan(file, from, limit);
    const bytes = spans.reduce((sum, span) => sum + span.to - span.from, 0);
    // No record is shorter than its delimiters and line end; those behind the sample may be somewhat shorter than in it.
    const most = Math.floor(bytes / fields) + spans.length;
    const whole = spans.length === 1 && next >= to;
    const expected = whole ? rows : Math.ceil((SPARE_ROOM * bytes * (rows + 1)) / (next - from + 1));
    this.#room = Math.min(most, expected);
    return places.map((index) => {
      const forced = this.#types[this.#names[index]!];
      if (forced !== undefined) return forced;
      const { mask } = world.parse(index, 'number', rows, false);
      // Whether integers are too large is known when all are seen.
      return kindOf(mask & ~CELL.big);
    });
  }

  async #firstPass(places: readonly number[], kinds: readonly ColumnKind[]): Promise<ColumnStore[]> {
    for (;;) {
      const stores = this.#stores(places, kinds);
      if (await this.#overChunks({ number: 0, stores, room: this.#room }, 0, 0.7)) return stores;
      this.#room *= 4;
      this.#plan.progress.fill(0);
    }
  }

  /** False when there are more rows than room. */
  async #overChunks(pass: Pass, from: number, to: number): Promise<boolean> {
    const { cursor, chunkCount } = this.#plan;
    const { team } = this.#job;
    await team.gang(threadsModule, 'setPass', pass);
    cursor[0] = 0;
    cursor[1] = chunkCount;
    const leader: Leader = {
      between: (k) => {
        this.#job.checkpoint();
        this.#job.progress(from + ((to - from) * k) / chunkCount, 'reading');
      },
    };
    lead(leader);
    try {
      await team.gang(threadsModule, 'parseChunks', null);
    } catch (error) {
      throw fileErrorOf(error, this.#plan);
    } finally {
      lead(undefined);
    }
    if (leader.error !== undefined) throw leader.error;
    if (!this.#check()) return false;
    this.#job.progress(to, 'reading');
    const last = (chunkCount - 1) * CHUNK_FIELDS;
    this.#rows = this.#plan.chunks[last + CHUNK.base]! + this.#plan.chunks[last + CHUNK.rows]!;
    return true;
  }

  /** Looks for the failure that counts; false when it is a lack of room. */
  #check(): boolean {
    const { chunks, chunkCount, spans } = this.#plan;
    let first = 0;
    while (first < chunkCount && !hasFailed(this.#plan, first)) first++;
    if (first === chunkCount) return true;
    const rows = Array.from({ length: stopBehind(this.#plan, first) }, (_, k) => k * CHUNK_FIELDS);
    const fileOf = (row: number) => spans[chunks[row + CHUNK.span]!]!.file;
    // Text in another encoding may look like anything, so this comes first.
    const invalid = rows.find((row) => chunks[row + CHUNK.invalid]! >= 0);
    if (invalid !== undefined) {
      throw invalidText(currentWorld(), fileOf(invalid), chunks[invalid + CHUNK.invalid]!);
    }
    const failed = first * CHUNK_FIELDS;
    if (chunks[failed + CHUNK.outcome] === SCAN.noRoom) return false;
    throw this.#chunkError(failed, fileOf(failed));
  }

  #chunkError(row: number, file: CsvFile): DataError {
    const { chunks, fields: expected } = this.#plan;
    const outcome = chunks[row + CHUNK.outcome]!;
    const errorAt = chunks[row + CHUNK.errorAt]!;
    const detail = chunks[row + CHUNK.detail]!;
    const world = currentWorld();
    if (outcome !== SCAN.wrongKind) {
      return recordError(world, file, { outcome, errorAt, fields: detail }, expected, this.#names);
    }
    const name = this.#names[detail]!;
    return wrongKind(world, file, errorAt, name, this.#types[name]!);
  }

  #stores(places: readonly number[], kinds: readonly ColumnKind[]): ColumnStore[] {
    const rows = this.#room;
    const blocks = new SharedBlocks(kinds.reduce((bytes, kind) => bytes + rows * bytesPerRow(kind) + 128, 0));
    return places.map((index, c) => {
      const kind = kinds[c]!;
      const values =
        kind === 'string'
          ? blocks.array(Int32Array, rows)
          : kind === 'boolean'
            ? blocks.array(Uint8Array, rows)
            : blocks.array(Float64Array, rows);
      const forced = this.#types[this.#names[index]!] !== undefined;
      const missing = blocks.array(Uint8Array, kind === 'string' ? 0 : rows);
      return { index, kind, forced, values, missing };
    });
  }

  /** Per column of the file: all classes of cells seen. */
  #joinMasks(): Uint8Array {
    const { masks, chunkCount, fields } = this.#plan;
    const joined = new Uint8Array(fields);
    for (let k = 0; k < chunkCount; k++) {
      for (let j = 0; j < fields; j++) joined[j]! |= masks[k * fields + j]!;
    }
    return joined;
  }

  #finalKind(index: number, guess: ColumnKind, mask: number): ColumnKind {
    const name = this.#names[index]!;
    const classes = mask & ~MISSING_SEEN;
    const kind = this.#types[name] ?? (guess === 'string' ? 'string' : kindOf(classes));
    if ((classes & CELL.big) !== 0) {
      this.#job.warn(
        'csv/big-integers',
        kind === 'number'
          ? `Column '${name}' holds integers beyond 2^53; as numbers they are rounded to 53 bits.`
          : `Column '${name}' holds integers beyond 2^53, which numbers would round; it is read as text. ` +
              `Use types: { ${JSON.stringify(name)}: 'number' } for rounded numbers.`,
      );
    }
    return kind;
  }

  /** Gives the text columns one numbering; their levels by place. */
  async #finishTexts(
    stores: readonly ColumnStore[],
    second: ReadonlySet<ColumnStore>,
  ): Promise<Map<number, PackedLevels>> {
    const texts = stores.filter(({ kind }) => kind === 'string');
    if (texts.length === 0) return new Map();
    const { team } = this.#job;
    const numberings = await numberLevels(
      team,
      texts.map(({ index }) => index),
    );
    if (team.threads > 1) {
      const columns = texts.map((store, c) => ({
        codes: store.values as Int32Array,
        pass: second.has(store) ? (1 as const) : (0 as const),
        codeOf: numberings[c]!.codeOf,
      }));
      const cursor = sharedArray(Int32Array, 2);
      cursor[1] = columns.length * partsOf(this.#plan);
      await team.gang(threadsModule, 'recodeChunks', { cursor, columns } satisfies Recoding);
    }
    return new Map(texts.map(({ index }, c) => [index, numberings[c]!.levels]));
  }

  #column({ index, kind, values, missing }: ColumnStore, mask: number, levels?: PackedLevels): ParsedColumn {
    const rows = this.#rows;
    return {
      name: this.#names[index]!,
      kind,
      values: trim(values, rows),
      missing: kind !== 'string' && (mask & MISSING_SEEN) !== 0 ? trim(missing, rows) : undefined,
      levels,
    };
  }
}

/** Bytes of a value and its mark. */
function bytesPerRow(kind: ColumnKind): number {
  return kind === 'string' ? 4 : kind === 'boolean' ? 2 : 9;
}

/** The first `rows` values: a view, or a copy when they are few. */
function trim<A extends Float64Array | Int32Array | Uint8Array>(values: A, rows: number): A {
  if (values.length === rows) return values;
  const view = values.subarray(0, rows) as A;
  if (view.byteLength > SMALL_BYTES) return view;
  // Also where they have a block of others: no frame should keep that for a few rows.
  const Kind = values.constructor as { BYTES_PER_ELEMENT: number; new (buffer: SharedArrayBuffer): A };
  const copy = sharedArray(Kind, rows);
  copy.set(view);
  return copy;
}

/** The operating system's refusal to read, out of the error of the team's thread that met it. */
function fileErrorOf(error: unknown, plan: CsvPlan): unknown {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  if (typeof cause?.code !== 'string' || !/^[A-Z]+$/.test(cause.code)) return error;
  return fileErrorFrom(cause, cause.path ?? plan.spans[0]!.file.name, 'read');
}
