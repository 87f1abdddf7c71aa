import { attempt, openLogToRead } from './log-database.ts';

/** A model whose predictions a log holds. */
export interface LogSource {
  readonly model: string;
  readonly version: number | null;
  readonly predictions: number;
}

/** The models in a log, with the number of their predictions. @throws FileError when the file is absent or no log. */
export async function logSources(path: string): Promise<LogSource[]> {
  const database = await openLogToRead(path);
  try {
    const rows = attempt(path, 'read', () =>
      database
        .prepare(
          `SELECT s.model, s.version, (SELECT count(*) FROM heddle_predictions p WHERE p.source = s.id) AS predictions
           FROM heddle_log_sources s ORDER BY s.model, s.version`,
        )
        .all(),
    );
    return rows as unknown as LogSource[];
  } finally {
    database.close();
  }
}
