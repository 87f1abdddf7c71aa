import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { FileError } from '../../core/errors.ts';
import { endTransaction, inTransaction } from '../transaction.ts';

/** What may be done with a registry. */
export type RegistryAccess = 'read' | 'write';

/** The database of a registry: statements and transactions whose errors name the file. */
export interface RegistryDatabase extends Disposable {
  readonly path: string;
  all(sql: string, ...values: Value[]): Row[];
  get(sql: string, ...values: Value[]): Row | undefined;
  run(sql: string, ...values: Value[]): void;
  /** Runs `work` alone among writers, all of it or nothing; waits for others, seconds at most, blocking the thread. */
  write<T>(work: () => T): T;
  /** As {@link write}, but the event loop runs while it waits. */
  writeWhenFree<T>(work: () => T): Promise<T>;
}

export type Value = string | number | null;
export type Row = Readonly<Record<string, string | number | null>>;

export const DATABASE = 'registry.db';
const SCHEMA = 1;
/** How long to wait for other processes that write. */
const BUSY_MS = 10_000;

// Results of SQLite, https://www.sqlite.org/rescode.html
const BUSY = 5;
const READ_ONLY = 8;
const FULL = 13;
const CANNOT_OPEN = 14;

// Numbers of versions go on after the last one ever given: a removed version never comes back as another model.
const tables = `
  CREATE TABLE heddle_models (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE heddle_versions (
    name TEXT NOT NULL REFERENCES heddle_models (name), version INTEGER NOT NULL, created TEXT NOT NULL,
    digest TEXT NOT NULL, bytes INTEGER NOT NULL, model TEXT NOT NULL,
    tags TEXT NOT NULL, metrics TEXT NOT NULL, lineage TEXT NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (name, version)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX heddle_versions_digest ON heddle_versions (digest);
  CREATE TABLE heddle_aliases (
    name TEXT NOT NULL, alias TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (name, alias), FOREIGN KEY (name, version) REFERENCES heddle_versions (name, version)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE heddle_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
    version INTEGER NOT NULL, alias TEXT, previous INTEGER, reason TEXT NOT NULL
  ) STRICT;
  CREATE INDEX heddle_events_name ON heddle_events (name, id);
  PRAGMA user_version = ${SCHEMA};
`;

/** Opens the database in a folder; `write` makes it where it is absent. @throws FileError */
export async function openDatabase(folder: string, access: RegistryAccess): Promise<RegistryDatabase> {
  const path = join(folder, DATABASE);
  // Loaded only where a registry is used: Node 24 warns that the module is new.
  const { DatabaseSync } = await import('node:sqlite');
  const attempt = <T>(work: () => T): T => guard(path, work);
  const database = attempt(() => {
    const opened = openFor(access, DatabaseSync, path);
    try {
      prepareSchema(opened, access, path);
      return opened;
    } catch (error) {
      opened.close();
      throw error;
    }
  });
  return {
    path,
    all: (sql, ...values) => attempt(() => database.prepare(sql).all(...values) as Row[]),
    get: (sql, ...values) => attempt(() => database.prepare(sql).get(...values) as Row | undefined),
    run: (sql, ...values) => {
      attempt(() => database.prepare(sql).run(...values));
    },
    write: (work) => attempt(() => inTransaction(database, work)),
    async writeWhenFree(work) {
      const deadline = performance.now() + BUSY_MS;
      while (!attempt(() => beginAtOnce(database, performance.now() < deadline))) {
        await sleep(1 + Math.random() * 20);
      }
      return attempt(() => endTransaction(database, work));
    },
    [Symbol.dispose]: () => {
      if (database.isOpen) database.close();
    },
  };
}

type DatabaseClass = new (
  path: string | URL,
  options: { readonly timeout: number; readonly readOnly?: boolean },
) => DatabaseSync;

function openFor(access: RegistryAccess, Database: DatabaseClass, path: string): DatabaseSync {
  // Only now: the folder may be made between a test and the opening, but a file must not be made by a reader.
  if (access === 'read' && !existsSync(path)) throw noRegistry(path);
  const database = new Database(path, { timeout: BUSY_MS });
  if (access === 'write') return database;
  try {
    // Opened for writing where that is allowed, so that closing tidies up the write-ahead log.
    database.exec('PRAGMA query_only = ON; SELECT count(*) FROM sqlite_schema');
    return database;
  } catch (error) {
    database.close();
    // The log's index cannot be made in a folder that is not writable. Without a log, the file alone is all there is.
    const isLocked = [READ_ONLY, CANNOT_OPEN].includes(resultOf(error) ?? 0);
    if (!isLocked || existsSync(`${path}-wal`)) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return new Database(url, { timeout: BUSY_MS, readOnly: true });
  }
}

function prepareSchema(database: DatabaseSync, access: RegistryAccess, path: string): void {
  if (access === 'write') {
    // Two processes that turn the log on at once may refuse each other without waiting.
    retryBusy(() => database.exec('PRAGMA journal_mode = WAL'));
    // FULL: what was acknowledged outlives a power failure too. Registrations are rare, so its price does not matter.
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    if (versionOf(database) === 0) {
      database.exec('BEGIN IMMEDIATE');
      // Another process may have been first.
      if (versionOf(database) === 0) {
        if (database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) throw noRegistry(path);
        database.exec(tables);
      }
      database.exec('COMMIT');
    }
  }
  const version = versionOf(database);
  if (version === 0) throw noRegistry(path);
  if (version > SCHEMA) {
    throw new FileError(
      'registry/newer',
      `'${path}' was made by a newer heddle (its form ${version}; this one knows ${SCHEMA}). Upgrade heddle: npm install heddle@latest.`,
      { file: path, version },
    );
  }
}

function versionOf(database: DatabaseSync): number {
  return database.prepare('PRAGMA user_version').get()!.user_version as number;
}

function noRegistry(path: string): FileError {
  const isThere = existsSync(path);
  return new FileError(
    isThere ? 'registry/not-a-registry' : 'registry/not-found',
    isThere
      ? `'${path}' is a database, but not that of a registry. Choose another folder.`
      : `There is no registry here: '${path}' does not exist. Registering a model makes one; --registry DIR or HEDDLE_REGISTRY names another folder.`,
    { file: path },
  );
}

function retryBusy(work: () => void): void {
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (resultOf(error) !== BUSY || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * 10);
    }
  }
}

/** @returns false when another process is writing. */
function beginAtOnce(database: DatabaseSync, mayTryAgain: boolean): boolean {
  database.exec('PRAGMA busy_timeout = 0');
  try {
    database.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (resultOf(error) === BUSY && mayTryAgain) return false;
    throw error;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }
}

/** Primary result code of SQLite; undefined for other errors. */
function resultOf(error: unknown): number | undefined {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : undefined;
}

function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw resultOf(error) === undefined ? error : databaseError(error, path);
  }
}

function databaseError(error: unknown, path: string): FileError {
  const message = error instanceof Error ? error.message : String(error);
  const [code, what] = ((): [string, string] => {
    switch (resultOf(error)) {
      case BUSY:
        return [
          'registry/busy',
          `another process has been writing to it for ${BUSY_MS / 1000} s. Try again.`,
        ];
      case READ_ONLY:
        return [
          'file/not-writable',
          'it was opened for reading only, or it or its folder is not writable. Change the permissions.',
        ];
      case FULL:
        return ['file/disk-full', 'the disk (or quota) is full. Free some space.'];
      case CANNOT_OPEN:
        return [
          'registry/cannot-open',
          'it or its folder cannot be opened. Check that the folder exists and its permissions.',
        ];
      default:
        return ['registry/failed', `${message}. If it is damaged, restore the folder from a backup.`];
    }
  })();
  return new FileError(code, `Cannot use the registry '${path}': ${what}`, { file: path }, error);
}
