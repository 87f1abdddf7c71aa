import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { FileError, HeddleError } from '../../core/errors.ts';
import { fileErrorFrom, folderInsteadOfFile } from '../../core/file-error.ts';

/** How long to wait for another process that is writing. */
const BUSY_MS = 10_000;
/** Raised when older versions of heddle could misread a file. */
const FORMAT = 1;

/**
 * Predictions go up in `number`, so that the oldest are at one end. Names of columns and models stand once in tables of
 * their own; a row's cells are one JSON array, values of labels one JSON array of one cell.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS heddle_log_format (format INTEGER NOT NULL) STRICT;
  INSERT INTO heddle_log_format SELECT ${FORMAT} WHERE NOT EXISTS (SELECT 1 FROM heddle_log_format);
  CREATE TABLE IF NOT EXISTS heddle_log_sources (
    id INTEGER PRIMARY KEY, model TEXT NOT NULL, version INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS heddle_log_source ON heddle_log_sources (model, ifnull(version, -1));
  CREATE TABLE IF NOT EXISTS heddle_log_columns (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS heddle_predictions (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at REAL NOT NULL,
    source INTEGER NOT NULL REFERENCES heddle_log_sources (id),
    columns INTEGER NOT NULL REFERENCES heddle_log_columns (id),
    cells TEXT NOT NULL, prediction TEXT NOT NULL, probabilities TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS heddle_predictions_at ON heddle_predictions (at);
  CREATE TABLE IF NOT EXISTS heddle_feedback (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
    prediction INTEGER NOT NULL REFERENCES heddle_predictions (number) ON DELETE CASCADE,
    at REAL NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, author TEXT, comment TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS heddle_feedback_prediction ON heddle_feedback (prediction);
`;

/** Opens a log to write, making the file when it is absent. @throws FileError */
export async function openLogToWrite(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  return attempt(path, 'write', () => {
    const database = new DatabaseSync(path, { timeout: BUSY_MS });
    return closingOnError(database, () => {
      // A write-ahead log: readers and one writer do not wait for each other, and a kill loses no commit.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000;');
      database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
      requireFormat(database, path);
      return database;
    });
  });
}

/** Opens a log that exists, to read. @throws FileError */
export async function openLogToRead(path: string): Promise<DatabaseSync> {
  if (!existsSync(path)) throw fileErrorFrom({ code: 'ENOENT' }, path, 'read');
  if (statSync(path).isDirectory()) throw folderInsteadOfFile(path, 'read');
  const { DatabaseSync } = await import('node:sqlite');
  return attempt(path, 'read', () => {
    const database = new DatabaseSync(path, { timeout: BUSY_MS, readOnly: true });
    return closingOnError(database, () => {
      requireFormat(database, path);
      return database;
    });
  });
}

/** Does `work`; what SQLite throws becomes a FileError that names the log. */
export function attempt<R>(path: string, action: 'read' | 'write', work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (error instanceof HeddleError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const isOther = /not a database|no such table/.test(reason);
    throw new FileError(
      isOther ? 'file/no-prediction-log' : `file/${action}-failed`,
      isOther
        ? `'${path}' is no prediction log (${reason}). Give the file that the server writes.`
        : `Cannot ${action} the prediction log '${path}': ${reason}.`,
      { file: path },
      error,
    );
  }
}

function closingOnError<R>(database: DatabaseSync, work: () => R): R {
  try {
    return work();
  } catch (error) {
    database.close();
    throw error;
  }
}

function requireFormat(database: DatabaseSync, path: string): void {
  const format = database.prepare('SELECT format FROM heddle_log_format').get()?.format as number;
  if (format <= FORMAT) return;
  throw new FileError(
    'file/newer-format',
    `The prediction log '${path}' has format ${format}; this heddle knows up to ${FORMAT}. Upgrade heddle: npm install heddle@latest.`,
    { file: path },
  );
}
