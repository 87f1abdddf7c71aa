/**
 * The job behind `readParquet` for what most files are: flat columns in the usual encodings. Footers → a plan of all column chunks → the
 * threads read them → texts of several chunks get one numbering. What it leaves is named in the result.
 */
import { statSync } from 'node:fs';
import { DataError, FileError, HeddleError } from '../../../core/errors.ts';
import { fileErrorFrom } from '../../../core/file-error.ts';
import { sharedArray } from '../../../core/shared.ts';
import type { Job } from '../../../jobs/job.ts';
import { itemsTaken, queueOf } from '../../../kernels/host/queue.ts';
import { ByteReader, type CsvFile } from '../csv/bytes.ts';
import type { PackedLevels } from '../csv/levels.ts';
import { placesOf } from '../csv/names.ts';
import type { ParsedColumn } from '../csv/reader.ts';
import type { LocalSource } from '../source.ts';
import { chunksModule, readChunk } from './chunks.ts';
import { PHYSICAL, sameColumns } from './columns.ts';
import { type JoinedColumn, joinModule, type TextJoin } from './join-texts.ts';
import { type Chunk, type ParquetFile, readMetadata } from './metadata.ts';
import { type ChunkTexts, isColumnReadable, OUTCOME, type ParquetPlan, planParquet } from './plan.ts';
import { Malformed } from './thrift.ts';

export interface ParquetRequest {
  readonly inputs: readonly LocalSource[];
  readonly columns: readonly string[] | undefined;
  readonly maxRows: number | undefined;
  /** Nothing is read when that would make more bytes. */
  readonly mostBytes: number;
}

/** Some columns of a table, and the names of those that are to be read otherwise; nothing when that is all of them. */
export interface ParquetPart {
  readonly rows: number;
  /** Names of all columns in order, a repeated one as often as it was asked for. */
  readonly names: readonly string[];
  readonly columns: readonly ParsedColumn[];
  readonly rest: readonly string[];
}

/** @returns undefined when nothing can be read here, 'large' when it is more than was asked for. */
export async function parseParquet(
  request: ParquetRequest,
  job: Job,
): Promise<ParquetPart | 'large' | undefined> {
  // A path with 'key=value' may stand for a column more.
  if (request.inputs.some(({ path }) => path?.includes('='))) return undefined;
  const files = readFooters(request.inputs);
  if (files === undefined) return undefined;
  const [{ columns: all, file }] = files as [ParquetFile];
  const total = files.reduce((sum, { rows }) => sum + rows, 0);
  const rows = Math.min(total, request.maxRows ?? total);
  const known = new Set(all.map(({ name }) => name.toLowerCase()));
  if (rows === 0 || known.size < all.length) return undefined;
  const names = request.columns ?? all.map(({ name }) => name);
  const places = [
    ...new Set(
      placesOf(
        names,
        all.map(({ name }) => name),
        file.name,
      ),
    ),
  ];
  // Lists, structs and bytes are refused elsewhere; nothing is read before.
  const isRefused = places.some((j) => all[j]!.nested || isBytes(all[j]!));
  if (isRefused) return undefined;
  const own = places.filter((j) => isColumnReadable(all[j]!.storage, chunksOf(files, j), rows));
  if (own.length === 0) return undefined;
  const bytes = sum(own.flatMap((j) => chunksOf(files, j).map((chunk) => chunk.bytes)));
  if (bytes + 8 * rows * own.length > request.mostBytes) return 'large';
  const plan = planParquet(files, own, rows);
  await job.team.gang(chunksModule, 'readChunks', plan, () => {
    job.checkpoint();
    job.progress((0.95 * itemsTaken(plan.queue)) / (plan.items.length + job.threads), 'reading');
  });
  job.checkpoint();
  const left = outcomes(plan);
  const kept = own.map((_, c) => c).filter((c) => !left.has(c));
  const levels = await joinChunks(plan, kept, job);
  const columns = kept.map((c) => columnOf(plan, c, levels.get(c)));
  const isRead = new Set(columns.map(({ name }) => name));
  const rest = places.map((j) => all[j]!.name).filter((name) => !isRead.has(name));
  return { rows, names, columns, rest };
}

function isBytes({ physical, storage }: ParquetFile['columns'][number]): boolean {
  return physical === PHYSICAL.bytes && storage === undefined;
}

function chunksOf(files: readonly ParquetFile[], place: number): Chunk[] {
  return files.flatMap(({ groups }) => groups.map(({ chunks }) => chunks[place]!));
}

/** The footers of files with the same columns; nothing when they are not all of that sort. */
function readFooters(inputs: readonly LocalSource[]): ParquetFile[] | undefined {
  const files: ParquetFile[] = [];
  const reader = new ByteReader();
  try {
    for (const input of inputs) {
      const file = fileOf(input);
      if (file === undefined) return undefined;
      const read = damaging(file, undefined, () => readMetadata(file, reader));
      if (read === undefined || !sameColumns(files[0]?.columns ?? read.columns, read.columns))
        return undefined;
      files.push(read);
    }
    return files;
  } finally {
    reader.close();
  }
}

/** Nothing for what is no ordinary file. */
function fileOf({ name, path, bytes }: LocalSource): CsvFile | undefined {
  if (bytes !== undefined) return { name, bytes, size: bytes.length, textStart: 0 };
  try {
    const stats = statSync(path!);
    return stats.isFile() ? { name, path, size: stats.size, textStart: 0 } : undefined;
  } catch (error) {
    throw fileErrorFrom(error, path!, 'read');
  }
}

/** Columns, as places in the plan, that must be read otherwise. @throws FileError for the first chunk that is damaged. */
function outcomes({ items, outcomes, columns, files, ...plan }: ParquetPlan): Set<number> {
  const failed = [...items.keys()].filter(
    (k) => outcomes[k] === OUTCOME.failed || outcomes[k] === OUTCOME.open,
  );
  failed.sort((a, b) => items[a]!.column - items[b]!.column || items[a]!.base - items[b]!.base);
  for (const k of failed) {
    const { file, column } = items[k]!;
    damaging(files[file]!, columns[column]!.name, () =>
      readChunk({ items, outcomes, columns, files, ...plan }, k),
    );
  }
  const left = items.filter((_, k) => outcomes[k] === OUTCOME.unsupported || outcomes[k] === OUTCOME.beyond);
  return new Set(left.map(({ column }) => column));
}

/** Does `work`, its errors as those of a file. */
function damaging<T>(file: CsvFile, column: string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof HeddleError) throw error;
    const system = (error as NodeJS.ErrnoException).code;
    if (typeof system === 'string' && /^[A-Z]+$/.test(system))
      throw fileErrorFrom(error, file.path ?? file.name, 'read');
    const where = column === undefined ? '' : `, column '${column}'`;
    const reason =
      error instanceof Malformed ? error.message : `it cannot be read (${(error as Error).message})`;
    throw new FileError(
      'file/damaged',
      `${file.name}${where} is damaged: ${reason}. Write the file again, or take another copy of it.`,
      { file: file.name, ...(column === undefined ? {} : { column }) },
      error,
    );
  }
}

/** The levels of the text columns among `kept`. */
async function joinChunks(
  plan: ParquetPlan,
  kept: readonly number[],
  job: Job,
): Promise<Map<number, ChunkTexts>> {
  const joined = new Map<number, ChunkTexts>();
  const columns: JoinedColumn[] = [];
  for (const c of kept) {
    const items = plan.items.filter(({ column }) => column === c).sort((a, b) => a.base - b.base);
    const [first] = items;
    if (first?.texts === undefined) continue;
    if (items.length === 1) joined.set(c, first.texts);
    else {
      const all = items.map(({ texts }) => texts!);
      const texts: ChunkTexts = {
        bytes: sharedArray(Uint8Array, sum(all.map(({ offsets, counts }) => offsets[counts[0]!]!))),
        offsets: sharedArray(Uint32Array, sum(all.map(({ counts }) => counts[0]!)) + 1),
        counts: sharedArray(Int32Array, 2),
      };
      joined.set(c, texts);
      const codes = plan.columns[c]!.values as Int32Array;
      columns.push({
        codes,
        items: items.map(({ base, rows, texts }) => ({ base, rows, texts })),
        joined: texts,
      });
    }
  }
  if (columns.length > 0) {
    const join: TextJoin = { queue: queueOf(), columns };
    await job.team.gang(joinModule, 'joinTexts', join, () => job.checkpoint());
    job.checkpoint();
  }
  return joined;
}

function columnOf(plan: ParquetPlan, c: number, texts: ChunkTexts | undefined): ParsedColumn {
  const { name, storage, values, missing } = plan.columns[c]!;
  const isMissing = plan.items.some(({ column }, k) => column === c && plan.missing[k] === 1);
  return {
    name,
    kind: storage.kind,
    values,
    missing: isMissing && missing.length > 0 ? missing : undefined,
    levels: texts === undefined ? undefined : packedOf(texts),
  };
}

function packedOf({ bytes, offsets, counts }: ChunkTexts): PackedLevels {
  const count = counts[0]!;
  if (offsets[count]! > bytes.length)
    throw new DataError('data/too-large', 'The texts of a column exceed 4 GiB.');
  return {
    bytes: bytes.slice(0, offsets[count]!),
    offsets: offsets.slice(0, count + 1),
    ascii: counts[1] === 1,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
