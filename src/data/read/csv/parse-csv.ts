/**
 * The job behind `readCsv`: heads → chunks → parse by the kinds guessed from a sample → parse again the columns whose kind
 * turned out different → merge levels.
 */
import { DataError } from '../../../core/errors.ts';
import type { Job } from '../../../jobs/job.ts';
import type { CsvFile } from './bytes.ts';
import type { Dialect } from './dialect.ts';
import { noRows } from './failures.ts';
import { type DialectRequest, readHead } from './head.ts';
import { type ColumnKind, SCAN } from './layout.ts';
import { checkSameNames, columnNames, placesOf } from './names.ts';
import { CHUNK_BYTES, planChunks, type Span } from './plan.ts';
import { type CsvInput, prepareFile } from './prepare.ts';
import { CsvReader, type ParsedTable } from './reader.ts';
import { threadsModule } from './threads.ts';
import { CsvWorld } from './world.ts';

/** Everything `readCsv` was asked for, as plain data. */
export interface CsvRequest {
  readonly inputs: readonly CsvInput[];
  readonly encoding: string;
  readonly dialect: DialectRequest;
  readonly header: boolean | readonly string[];
  readonly columns: readonly string[] | undefined;
  readonly types: Readonly<Record<string, ColumnKind>>;
  readonly skipRows: number;
  readonly maxRows: number | undefined;
  readonly chunkBytes: number | undefined;
}

const STEP_BYTES = 2 ** 18;

export async function parseCsv(request: CsvRequest, job: Job): Promise<ParsedTable> {
  const { dialect, names, spans } = readHeads(request, job);
  const places =
    request.columns === undefined
      ? names.map((_, j) => j)
      : placesOf(request.columns, names, spans[0]!.file.name);
  placesOf(Object.keys(request.types), names, spans[0]!.file.name);
  const limited = limitRows(dialect, spans, names.length, request.maxRows);
  const plan = planChunks(dialect, limited, names.length, request.chunkBytes ?? CHUNK_BYTES);
  if (plan.chunkCount === 0) throw noRows(spans[0]!.file);
  const { team } = job;
  await team.gang(threadsModule, 'openSession', plan);
  try {
    const reader = new CsvReader(plan, names, request.types, job);
    return await reader.read(places);
  } finally {
    // A team that failed cannot close the session; its threads end with it.
    await team.gang(threadsModule, 'closeSession', null).catch(() => {});
  }
}

/** The heads of all files; the first one decides dialect and names. */
function readHeads(request: CsvRequest, job: Job): { dialect: Dialect; names: string[]; spans: Span[] } {
  let dialect: Dialect | undefined;
  let names: string[] | undefined;
  const spans: Span[] = [];
  for (const input of request.inputs) {
    const file = prepareFile(input, request.encoding);
    const head = readHead(file, dialect ?? request.dialect, request.skipRows);
    dialect ??= head.dialect;
    const { header } = request;
    const warn = names === undefined ? job.warn : () => {};
    let own: string[];
    if (header === true) own = columnNames(head.cells, file.name, warn);
    else if (header === false) own = head.cells.map((_, j) => `column${j + 1}`);
    else own = givenNames(header, head.cells.length, file);
    if (names === undefined) names = own;
    else checkSameNames(names, own, file.name);
    spans.push({ file, from: header === true ? head.behindHeader : head.firstRecord, to: file.size });
  }
  return { dialect: dialect!, names: names!, spans };
}

function givenNames(header: readonly string[], fields: number, file: CsvFile): string[] {
  if (header.length !== fields) {
    throw new DataError(
      'data/length-mismatch',
      `${file.name} has ${fields} columns, but option 'header' names ${header.length}.`,
      { file: file.name, fields, names: header.length },
    );
  }
  return [...header];
}

/** The spans cut off behind `maxRows` records. */
function limitRows(
  dialect: Dialect,
  spans: readonly Span[],
  fields: number,
  maxRows = Number.POSITIVE_INFINITY,
): Span[] {
  if (maxRows === Number.POSITIVE_INFINITY) return spans.filter(({ from, to }) => from < to);
  const world = new CsvWorld(dialect, fields);
  const kept: Span[] = [];
  let left = maxRows;
  for (const { file, from, to } of spans) {
    let at = from;
    while (at < to && left > 0) {
      world.load(file, at, Math.min(file.size, at + 2 * STEP_BYTES));
      const found = world.scan(file, at, Math.min(to, at + STEP_BYTES), left);
      left -= found.rows;
      // The reader proper reports what cannot be scanned.
      at = found.outcome === SCAN.atLimit ? found.next : to;
    }
    if (at > from) kept.push({ file, from, to: Math.min(at, to) });
    if (left === 0) break;
  }
  world.reader.close();
  return kept;
}
