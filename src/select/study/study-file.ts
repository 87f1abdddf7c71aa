import { FileError, OptionError } from '../../core/errors.ts';
import type { Trial } from '../search/trial.ts';
import { type Fingerprint, partNames } from './fingerprint.ts';
import { trialFromText, trialToText } from './trial-json.ts';

/** Where a search keeps its trials, so that it can go on after it was stopped or killed. */
export interface StudyPlace {
  /** An SQLite file; it is made when absent and may hold several studies. */
  readonly path: string;
  readonly name: string;
}

/** An open study. */
export interface StudyFile extends Disposable {
  /** Trials that have ended, by number. */
  readonly known: ReadonlyMap<number, Trial>;
  /** Keeps a trial: once it returns, a kill of the process does not lose it. */
  save(trial: Trial): void;
}

/** How long to wait for another process that is writing. */
const BUSY_MS = 10_000;

// A write-ahead log keeps what a killed process committed; a power failure may take the last trials, which are then run again.
const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA busy_timeout = ${BUSY_MS};
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS heddle_studies (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, created TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS heddle_trials (
    study INTEGER NOT NULL REFERENCES heddle_studies (id), number INTEGER NOT NULL, trial TEXT NOT NULL,
    PRIMARY KEY (study, number)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Opens a study, or begins it.
 * @throws FileError when the file cannot be used; OptionError when the study was made with other data, options or settings.
 */
export async function openStudy({ path, name }: StudyPlace, fingerprint: Fingerprint): Promise<StudyFile> {
  if (typeof path !== 'string' || path === '' || typeof name !== 'string' || name === '') {
    throw new OptionError(
      'option/invalid',
      'A study has a path and a name: { path: "studies.db", name: "ridge" }.',
      {
        option: 'study',
      },
    );
  }
  // Loaded only where a study is kept: Node 24 warns that the module is new.
  const { DatabaseSync } = await import('node:sqlite');
  const database = attempt(path, () => new DatabaseSync(path, { timeout: BUSY_MS }));
  try {
    return attempt(path, () => {
      database.exec(schema);
      database
        .prepare('INSERT OR IGNORE INTO heddle_studies (name, fingerprint, created) VALUES (?, ?, ?)')
        .run(name, JSON.stringify(fingerprint), new Date().toISOString());
      const row = database.prepare('SELECT id, fingerprint FROM heddle_studies WHERE name = ?').get(name)!;
      requireSame(name, path, JSON.parse(row.fingerprint as string) as Fingerprint, fingerprint);
      const id = row.id as number;
      const trials = database.prepare('SELECT trial FROM heddle_trials WHERE study = ?').all(id);
      const insert = database.prepare(
        'INSERT OR IGNORE INTO heddle_trials (study, number, trial) VALUES (?, ?, ?)',
      );
      return {
        known: new Map(
          trials.map(({ trial }) => trialFromText(trial as string)).map((trial) => [trial.number, trial]),
        ),
        save: (trial: Trial) =>
          attempt(path, () => {
            insert.run(id, trial.number, trialToText(trial));
          }),
        [Symbol.dispose]: () => database.close(),
      };
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

function attempt<R>(path: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (error instanceof OptionError || error instanceof FileError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(
      'file/no-study',
      `Cannot keep a study in '${path}': ${reason}.`,
      { file: path },
      error,
    );
  }
}

function requireSame(name: string, path: string, kept: Fingerprint, now: Fingerprint): void {
  const differing = (Object.keys(partNames) as (keyof Fingerprint)[]).filter(
    (part) => kept[part] !== now[part],
  );
  if (differing.length === 0) return;
  throw new OptionError(
    'study/mismatch',
    `The study '${name}' in '${path}' was begun with other settings: ${differing.map((part) => partNames[part]).join(', ')} ` +
      'differ. Go on with the same ones, or take another name.',
    { option: 'study', study: name, differing },
  );
}
