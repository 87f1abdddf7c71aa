/**
 * What the threads of a team do for a CSV file, piece by piece. Each thread keeps its {@link CsvWorld} from one call to the
 * next; results go to the shared tables of the {@link CsvPlan}. A chunk owns the records that start in it.
 *
 * A thread scans its chunk from the first line start, then waits for the chunk before it to say where its last record ends.
 * Where that is another place (the line lay inside quotes), it scans again from there. Chunks are taken in order and
 * published in order, so the wait is short, and where records go is known before they are parsed.
 */
import type { TeamThread } from '../../../kernels/host/thread.ts';
import type { CsvFile } from './bytes.ts';
import { SCAN } from './layout.ts';
import {
  CHUNK,
  CHUNK_FIELDS,
  type ColumnStore,
  type CsvPlan,
  hasFailed,
  MISSING_SEEN,
  PROGRESS,
  stopBehind,
} from './plan.ts';
import { CsvWorld, type Scan } from './world.ts';

/** Bytes read behind a chunk at first, for its last record. */
const OVERLAP_BYTES = 16384;

interface Session {
  readonly plan: CsvPlan;
  readonly world: CsvWorld;
  pass: Pass;
}

/** What a run over all chunks fills. In the second pass (1) the places of all records are known. */
export interface Pass {
  readonly number: 0 | 1;
  readonly stores: readonly ColumnStore[];
  /** Rows that the stores hold. */
  readonly room: number;
}

/** URL of this module, for `Team.gang`. */
export const threadsModule = import.meta.url;

let session: Session | undefined;

export function openSession(_self: TeamThread, plan: CsvPlan): void {
  closeSession();
  session = {
    plan,
    world: new CsvWorld(plan.dialect, plan.fields),
    pass: { number: 0, stores: [], room: 0 },
  };
}

export function closeSession(): void {
  session?.world.reader.close();
  session = undefined;
}

/** The workplace of this thread in the session that is open. */
export function currentWorld(): CsvWorld {
  return session!.world;
}

/** Says where the columns of the coming chunks go. */
export function setPass(_self: TeamThread, pass: Pass): void {
  session!.pass = pass;
  // A first pass may be done again: then texts appear anew.
  if (pass.number === 0) session!.world.dictionaries.clear();
}

/** What the team's thread 0 does between two chunks; an error ends the reading. */
export interface Leader {
  readonly between: (chunk: number) => void;
  error?: unknown;
}

let leader: Leader | undefined;

/** Sets the leader of this thread, which is the team's thread 0. */
export function lead(next: Leader | undefined): void {
  leader = next;
}

/** Parses chunks until the cursor's stop, which a failure brings nearer. */
export function parseChunks({ thread }: TeamThread): void {
  const { plan, pass } = session!;
  for (let k = take(plan.cursor); k >= 0; k = take(plan.cursor)) {
    const row = k * CHUNK_FIELDS;
    if (pass.number === 1 && plan.chunks[row + CHUNK.rows] === 0) continue;
    plan.chunks[row + CHUNK.thread + pass.number] = thread;
    try {
      parseChunk(k);
    } catch (error) {
      // Whoever waits for this chunk must not wait forever.
      publish(plan, k, PROGRESS.failed);
      stopAt(plan.cursor, stopBehind(plan, k));
      throw error;
    }
    if (hasFailed(plan, k)) stopAt(plan.cursor, stopBehind(plan, k));
    if (thread !== 0 || leader === undefined) continue;
    try {
      leader.between(k);
    } catch (error) {
      leader.error = error;
      stopAt(plan.cursor, 0);
    }
  }
}

function parseChunk(k: number): void {
  const { plan, world, pass } = session!;
  const { chunks } = plan;
  const row = k * CHUNK_FIELDS;
  const { file, from: spanStart } = plan.spans[chunks[row + CHUNK.span]!]!;
  const from = chunks[row + CHUNK.from]!;
  const to = chunks[row + CHUNK.to]!;
  // Four bytes more at both ends: a character or a line end may straddle the border.
  world.load(file, Math.max(spanStart, from - 4), Math.min(file.size, to + OVERLAP_BYTES));
  let found: Scan;
  if (pass.number === 1) found = world.scan(file, chunks[row + CHUNK.start]!, to);
  else {
    chunks[row + CHUNK.invalid] = world.utf8Error(from, to);
    const guess = from === spanStart ? from : world.lineStart(from, to);
    const place = settle(k, file, guess, world.scan(file, guess, to));
    if (place === undefined) return;
    found = place;
  }
  parseColumns(k, found);
}

/**
 * Waits for the chunk before chunk `k`, scans again when the records start elsewhere than guessed, publishes where the next
 * chunk's records start. Nothing when the chunk has no record to parse.
 */
function settle(k: number, file: CsvFile, guess: number, guessed: Scan): Scan | undefined {
  const { plan, world, pass } = session!;
  const { chunks } = plan;
  const row = k * CHUNK_FIELDS;
  const before = row - CHUNK_FIELDS;
  const to = chunks[row + CHUNK.to]!;
  if (k > 0 && awaitChunk(plan, k - 1) === PROGRESS.failed) {
    publish(plan, k, PROGRESS.failed);
    return undefined;
  }
  const base = k === 0 ? 0 : chunks[before + CHUNK.base]! + chunks[before + CHUNK.rows]!;
  const continues = k > 0 && chunks[before + CHUNK.span] === chunks[row + CHUNK.span];
  const start = continues ? chunks[before + CHUNK.next]! : chunks[row + CHUNK.from]!;
  const found =
    start >= to
      ? { rows: 0, outcome: SCAN.atLimit, next: start, errorAt: -1, fields: 0 }
      : start === guess
        ? guessed
        : world.scan(file, start, to);
  chunks[row + CHUNK.start] = start;
  chunks[row + CHUNK.next] = found.next;
  chunks[row + CHUNK.base] = base;
  chunks[row + CHUNK.rows] = found.rows;
  chunks[row + CHUNK.outcome] = base + found.rows > pass.room ? SCAN.noRoom : found.outcome;
  chunks[row + CHUNK.errorAt] = found.errorAt;
  chunks[row + CHUNK.detail] = found.fields;
  const failed = chunks[row + CHUNK.outcome] !== SCAN.atLimit;
  publish(plan, k, failed ? PROGRESS.failed : PROGRESS.scanned);
  return found.rows === 0 || chunks[row + CHUNK.outcome] === SCAN.noRoom ? undefined : found;
}

function awaitChunk({ progress }: CsvPlan, k: number): number {
  for (;;) {
    const state = Atomics.load(progress, k);
    if (state !== PROGRESS.open) return state;
    Atomics.wait(progress, k, PROGRESS.open);
  }
}

function publish({ progress }: CsvPlan, k: number, state: number): void {
  Atomics.store(progress, k, state);
  Atomics.notify(progress, k);
}

function parseColumns(k: number, { rows }: Scan): void {
  const { plan, world, pass } = session!;
  const { chunks, masks, fields } = plan;
  const row = k * CHUNK_FIELDS;
  const base = chunks[row + CHUNK.base]!;
  for (const store of pass.stores) {
    const cells = world.parse(store.index, store.kind, rows, store.forced, base);
    masks[k * fields + store.index]! |= cells.mask | (cells.missing > 0 ? MISSING_SEEN : 0);
    copyOut(world, store, base, rows, cells.missing);
    if (cells.refused < 0) continue;
    const position = world.cellPosition(cells.refused, store.index);
    // A record that cannot be scanned comes after the cells of the records before it.
    if (chunks[row + CHUNK.outcome] === SCAN.wrongKind && chunks[row + CHUNK.errorAt]! < position) continue;
    chunks[row + CHUNK.outcome] = SCAN.wrongKind;
    chunks[row + CHUNK.errorAt] = position;
    chunks[row + CHUNK.detail] = store.index;
  }
}

function copyOut(world: CsvWorld, store: ColumnStore, row: number, count: number, missing: number): void {
  const { arena, values } = world;
  if (store.kind === 'string') {
    store.values.set(arena.viewI32(values, count), row);
    return;
  }
  store.values.set(
    store.kind === 'boolean' ? arena.viewU8(values, count) : arena.viewF64(values, count),
    row,
  );
  if (missing > 0) store.missing.set(arena.viewU8(world.missing, count), row);
}

/** Lowers the cursor's stop. */
function stopAt(cursor: Int32Array, stop: number): void {
  for (let old = Atomics.load(cursor, 1); old > stop; old = Atomics.load(cursor, 1)) {
    Atomics.compareExchange(cursor, 1, old, stop);
  }
}

/** The next chunk of the cursor, −1 when it has reached its stop. */
function take(cursor: Int32Array): number {
  const k = Atomics.add(cursor, 0, 1);
  return k < Atomics.load(cursor, 1) ? k : -1;
}

/** Writes each thread's numbers of levels and heap bytes per text column: `sizes[(thread × columns + c) × 2]`. */
export function measureLevels({ thread }: TeamThread, { columns, sizes }: LevelSizes): void {
  const { world } = session!;
  columns.forEach((column, c) => {
    const dictionary = world.dictionaries.get(column);
    const at = (thread * columns.length + c) * 2;
    sizes[at] = dictionary?.levels ?? 0;
    sizes[at + 1] = dictionary?.heapBytes ?? 0;
  });
}

export interface LevelSizes {
  readonly columns: readonly number[];
  readonly sizes: Int32Array;
}

/** One thread's levels of a column: heap and entries, as its dictionary has them. */
export interface LevelTable {
  readonly heap: Uint8Array;
  readonly entries: Uint32Array;
}

/** Copies the levels of each thread but the owner to `tables[thread][c]`. */
export function exportLevels({ thread }: TeamThread, { columns, tables }: LevelExport): void {
  if (thread === 0) return;
  const { world } = session!;
  columns.forEach((column, c) => {
    const dictionary = world.dictionaries.get(column);
    const table = tables[thread]?.[c];
    if (dictionary === undefined || table === undefined) return;
    table.heap.set(dictionary.heap());
    table.entries.set(dictionary.entries());
  });
}

export interface LevelExport {
  readonly columns: readonly number[];
  readonly tables: readonly (readonly LevelTable[])[];
}

/** How the codes of text columns become one numbering, whichever thread read the row. */
export interface Recoding {
  /** Element 0: the next part, element 1: their number. A part is some chunks of a column. */
  readonly cursor: Int32Array;
  readonly columns: readonly RecodedColumn[];
}

export interface RecodedColumn {
  readonly codes: Int32Array;
  /** The pass that read it. */
  readonly pass: 0 | 1;
  /** Per thread the code of its level − 1, which is missing, and of its levels. */
  readonly codeOf: readonly Int32Array[];
}

const CHUNKS_PER_PART = 32;

/** Parts of each column, for the cursor of a {@link Recoding}. */
export function partsOf({ chunkCount }: CsvPlan): number {
  return Math.ceil(chunkCount / CHUNKS_PER_PART);
}

export function recodeChunks(_self: TeamThread, { cursor, columns }: Recoding): void {
  const { plan } = session!;
  const parts = partsOf(plan);
  for (let part = take(cursor); part >= 0; part = take(cursor)) {
    const from = (part % parts) * CHUNKS_PER_PART;
    const column = columns[Math.floor(part / parts)]!;
    for (let k = from; k < Math.min(plan.chunkCount, from + CHUNKS_PER_PART); k++) recode(plan, k, column);
  }
}

function recode({ chunks }: CsvPlan, k: number, { codes, pass, codeOf }: RecodedColumn): void {
  const row = k * CHUNK_FIELDS;
  const table = codeOf[chunks[row + CHUNK.thread + pass]!]!;
  const base = chunks[row + CHUNK.base]!;
  const end = base + chunks[row + CHUNK.rows]!;
  for (let i = base; i < end; i++) codes[i] = table[codes[i]! + 1]!;
}
