/**
 * A relation read by all threads of a team, each with a share of its columns and a DuckDB of its own. One DuckDB would scan a row
 * group with one thread while another one copies the rows out; by columns, all threads do both whatever the file's row groups are.
 */
import { randomUUID } from 'node:crypto';
import { BroadcastChannel, receiveMessageOnPort } from 'node:worker_threads';
import { DataError, type ErrorJson, errorFromJson, errorToJson, HeddleError } from '../../../core/errors.ts';
import { sharedArray } from '../../../core/shared.ts';
import type { Job, JobWarning } from '../../../jobs/job.ts';
import type { TeamThread } from '../../../kernels/host/thread.ts';
import type { ParsedColumn, ParsedTable } from '../csv/reader.ts';
import { failing, sqlName, withDuckdb } from './bindings.ts';
import { distinctNames, fetchTable } from './fetch-table.ts';

/** A column of a relation. */
export interface SelectedColumn {
  readonly name: string;
  /** Whether its values are read as text, having no kind of their own. */
  readonly asText: boolean;
  /** Whether it becomes a text column. */
  readonly isText: boolean;
}

/** What is read. */
export interface SharedRead {
  readonly relation: string;
  readonly columns: readonly SelectedColumn[];
  readonly rows: number;
  /** For messages: `Cannot read 'x.parquet'`. */
  readonly what: string;
}

/** The work of a team's threads, as plain data. */
interface Shares {
  readonly what: string;
  readonly rows: number;
  /** Per thread its query; threads behind them have nothing to do. */
  readonly queries: readonly string[];
  /** Names the channel on which the threads report. */
  readonly channel: string;
  /** Threads of each DuckDB. */
  readonly duckdbThreads: number;
  /** Words {@link FINISHED} and {@link STOP}. */
  readonly control: Int32Array;
}

/** What a thread reports: a table or an error, or neither when it was told to stop. */
interface Report {
  readonly thread: number;
  readonly table?: ParsedTable | undefined;
  readonly error?: ErrorJson | undefined;
  readonly warnings: readonly JobWarning[];
}

/** Cells below which starting a thread and another DuckDB costs more than it saves. */
const SMALL_CELLS = 1_000_000;
/** A text column takes about as long as this many columns of numbers. */
const TEXT_WEIGHT = 2.5;
/** Milliseconds between two looks at the abort flag while others finish. */
const LOOK_MS = 10;
const FINISHED = 0;
const STOP = 1;

/** Thrown where a thread finds that another one failed. */
class Stopped extends Error {}

/** The job of the thread that leads; the others only look at the stop flag. */
let leading: Job | undefined;

export function worthSharing(rows: number, columns: number, threads: number): boolean {
  return threads > 1 && columns > 1 && rows * columns >= SMALL_CELLS;
}

export function selectSql(relation: string, columns: readonly SelectedColumn[]): string {
  const parts = columns.map(({ name, asText }) => {
    const quoted = sqlName(name);
    return asText ? `CAST(${quoted} AS VARCHAR) AS ${quoted}` : quoted;
  });
  return `SELECT ${parts.join(', ')} FROM ${relation}`;
}

/** Reads all columns. @throws what DuckDB reports, first for the foremost column. */
export async function readInShares(
  { relation, columns, rows, what }: SharedRead,
  job: Job,
): Promise<ParsedTable> {
  const shares = sharesOf(columns, job.threads);
  const name = `heddle-${randomUUID()}`;
  const channel = new BroadcastChannel(name);
  const reports: Report[] = [];
  channel.onmessage = (event) => void reports.push((event as unknown as { data: Report }).data);
  leading = job;
  try {
    await job.team.gang(import.meta.url, 'readShare', {
      what,
      rows,
      queries: shares.map((places) =>
        selectSql(
          relation,
          places.map((j) => columns[j]!),
        ),
      ),
      channel: name,
      duckdbThreads: Math.max(1, Math.floor(job.threads / shares.length)),
      control: sharedArray(Int32Array, 2),
    } satisfies Shares);
    drain(channel, reports);
    for (const { warnings } of reports) for (const { code, message } of warnings) job.warn(code, message);
    job.checkpoint();
    throwFirst(reports, columns);
    return join(reports, shares, columns, what);
  } finally {
    leading = undefined;
    channel.close();
  }
}

/** Reads this thread's share; a gang function. */
export async function readShare({ thread }: TeamThread, shares: Shares): Promise<void> {
  const { what, rows, queries, control } = shares;
  const query = queries[thread];
  if (query === undefined) return;
  const job = thread === 0 ? leading : undefined;
  const warnings: JobWarning[] = [];
  const watch = {
    checkpoint() {
      if (Atomics.load(control, STOP) === 1) throw new Stopped();
      job?.checkpoint();
    },
    progress: (fraction: number, message?: string) => job?.progress(fraction, message),
    warn: (code: string, message: string) => void warnings.push({ code, message }),
  };
  let report: Report = { thread, warnings };
  try {
    const table = await withDuckdb({ threads: shares.duckdbThreads }, (session) =>
      failing(what, async () => {
        const { duckdb, connection } = session;
        const prepared = await duckdb.prepare(connection, query);
        return fetchTable(session, await duckdb.execute_prepared_streaming(prepared), rows, what, watch);
      }),
    );
    report = { thread, table, warnings };
  } catch (error) {
    if (!isStopped(error)) report = { thread, error: errorToJson(error), warnings };
    Atomics.store(control, STOP, 1);
  }
  const channel = new BroadcastChannel(shares.channel);
  channel.postMessage(report);
  channel.close();
  Atomics.add(control, FINISHED, 1);
  Atomics.notify(control, FINISHED);
  if (job !== undefined) waitForOthers(job, shares);
}

/** Until all have finished; an abort stops them. */
function waitForOthers(job: Job, { control, queries }: Shares): void {
  for (;;) {
    const finished = Atomics.load(control, FINISHED);
    if (finished === queries.length) return;
    try {
      job.checkpoint();
    } catch {
      // The caller looks again when all have stopped.
      Atomics.store(control, STOP, 1);
    }
    Atomics.wait(control, FINISHED, finished, LOOK_MS);
  }
}

function isStopped(error: unknown): boolean {
  return error instanceof Stopped || (error instanceof HeddleError && error.cause instanceof Stopped);
}

/** Places of columns per thread, of about equal weight, each in order. */
function sharesOf(columns: readonly SelectedColumn[], threads: number): number[][] {
  const weights = columns.map(({ isText }) => (isText ? TEXT_WEIGHT : 1));
  const shares = Array.from({ length: Math.min(threads, columns.length) }, () => ({
    places: [] as number[],
    weight: 0,
  }));
  for (const j of [...columns.keys()].sort((a, b) => weights[b]! - weights[a]! || a - b)) {
    const lightest = shares.reduce((best, share) => (share.weight < best.weight ? share : best));
    lightest.places.push(j);
    lightest.weight += weights[j]!;
  }
  return shares.map(({ places }) => places.sort((a, b) => a - b));
}

/** Takes over the reports that no event has brought yet, and puts all in order. */
function drain(channel: BroadcastChannel, reports: Report[]): void {
  for (;;) {
    const received = receiveMessageOnPort(channel as never) as { message: Report } | undefined;
    if (received === undefined) break;
    reports.push(received.message);
  }
  reports.sort((a, b) => a.thread - b.thread);
}

function throwFirst(reports: readonly Report[], columns: readonly SelectedColumn[]): void {
  const placeOf = ({ details }: ErrorJson) => columns.findIndex(({ name }) => name === details.column);
  const errors = reports.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (errors.length === 0) return;
  throw errorFromJson(errors.sort((a, b) => placeOf(a) - placeOf(b))[0]!);
}

function join(
  reports: readonly Report[],
  shares: readonly (readonly number[])[],
  columns: readonly SelectedColumn[],
  what: string,
): ParsedTable {
  const parsed: ParsedColumn[] = [];
  const rows = reports[0]!.table!.rows;
  for (const { thread, table } of reports) {
    if (table!.rows !== rows) {
      throw new DataError('data/query-failed', `${what}: the file changed while it was read. Read it again.`);
    }
    shares[thread]!.forEach((place, i) => {
      parsed[place] = table!.columns[i]!;
    });
  }
  const names = distinctNames(columns.map(({ name }) => name));
  return { rows, columns: parsed.map((column, j) => ({ ...column, name: names[j]! })) };
}
