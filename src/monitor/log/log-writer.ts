import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from '../../store/transaction.ts';
import type { FeedbackOutcome, FeedbackRow, LogBatch } from './log-messages.ts';

/** Rows that one step of pruning deletes at least; more when more came in, so that it keeps up. */
const PRUNE_ROWS = 2000;
const DAY_MS = 86_400_000;

export interface Retention {
  readonly maxRows: number | null;
  readonly maxAgeDays: number | null;
}

export interface LogWriter {
  /** Writes a batch in one transaction. @returns what became of each feedback. */
  commit(batch: LogBatch): FeedbackOutcome[];
  /** Deletes some of what is too old or too much. @returns whether there may be more. */
  prune(now: number): boolean;
}

/** Writes to an open log; all of it blocks, so it has a thread of its own. */
export function logWriter(database: DatabaseSync, { maxRows, maxAgeDays }: Retention): LogWriter {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO heddle_predictions (id, at, source, columns, cells, prediction, probabilities) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const lists = interned(
    database.prepare('INSERT OR IGNORE INTO heddle_log_columns (names) VALUES (?)'),
    database.prepare('SELECT id FROM heddle_log_columns WHERE names = ?'),
  );
  const sources = interned(
    database.prepare('INSERT OR IGNORE INTO heddle_log_sources (model, version) VALUES (?, ?)'),
    database.prepare('SELECT id FROM heddle_log_sources WHERE model = ? AND version IS ?'),
  );
  const keep = feedbackKeeper(database);
  const tooMany = database.prepare(
    `DELETE FROM heddle_predictions WHERE number IN (SELECT number FROM heddle_predictions
       WHERE number <= (SELECT max(number) FROM heddle_predictions) - ? ORDER BY number LIMIT ?)`,
  );
  const tooOld = database.prepare(
    'DELETE FROM heddle_predictions WHERE number IN (SELECT number FROM heddle_predictions WHERE at < ? ORDER BY at LIMIT ?)',
  );
  let step = PRUNE_ROWS;
  return {
    commit(batch) {
      // A user's word is rare and cannot be had again, so it is also flushed to the disk.
      const isPrecious = batch.feedback.length > 0;
      if (isPrecious) database.exec('PRAGMA synchronous = FULL');
      try {
        return inTransaction(database, () => {
          const listIds = batch.lists.map((names) => lists.id(names));
          const sourceIds = batch.sources.map(([model, version]) => sources.id(model, version));
          for (let i = 0; i < batch.ids.length; i++) {
            insert.run(
              batch.ids[i],
              batch.at[i],
              sourceIds[batch.source[i]],
              listIds[batch.list[i]],
              batch.rows[i],
              batch.predictions[i],
              batch.probabilities[i],
            );
          }
          step = Math.max(PRUNE_ROWS, 2 * batch.ids.length);
          return batch.feedback.map(keep);
        });
      } catch (error) {
        // Ids that were given in it went with the transaction.
        lists.forget();
        sources.forget();
        throw error;
      } finally {
        if (isPrecious) database.exec('PRAGMA synchronous = NORMAL');
      }
    },
    prune(now) {
      if (maxRows === null && maxAgeDays === null) return false;
      return inTransaction(database, () => {
        let deleted = 0;
        if (maxRows !== null) deleted += Number(tooMany.run(maxRows, step).changes);
        if (maxAgeDays !== null) deleted += Number(tooOld.run(now - maxAgeDays * DAY_MS, step).changes);
        return deleted >= step;
      });
    },
  };
}

/** Ids of texts that stand once in a table, remembered. */
function interned(insert: StatementSync, find: StatementSync) {
  const known = new Map<string, number>();
  return {
    id(...values: (string | number | null)[]): number {
      const key = JSON.stringify(values);
      const before = known.get(key);
      if (before !== undefined) return before;
      insert.run(...values);
      const id = find.get(...values)!.id as number;
      // Column lists are few in truth; whoever sends other names each time does not fill the memory.
      if (known.size > 10_000) known.clear();
      known.set(key, id);
      return id;
    },
    forget: () => known.clear(),
  };
}

function feedbackKeeper(database: DatabaseSync): (row: FeedbackRow) => FeedbackOutcome {
  const find = database.prepare('SELECT number FROM heddle_predictions WHERE id = ?');
  const former = database.prepare(
    'SELECT prediction, kind, value, author, comment FROM heddle_feedback WHERE key = ?',
  );
  const insert = database.prepare(
    'INSERT INTO heddle_feedback (key, prediction, at, kind, value, author, comment) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const replace = database.prepare(
    'UPDATE heddle_feedback SET prediction = ?, at = ?, kind = ?, value = ?, author = ?, comment = ? WHERE key = ?',
  );
  return ({ key, predictionId, at, kind, value, author, comment }) => {
    const prediction = find.get(predictionId)?.number as number | undefined;
    if (prediction === undefined) return 'unknown-prediction';
    const before = former.get(key);
    if (before === undefined) {
      insert.run(key, prediction, at, kind, value, author, comment);
      return 'stored';
    }
    const now = { prediction, kind, value, author, comment };
    if ((Object.keys(now) as (keyof typeof now)[]).every((part) => before[part] === now[part]))
      return 'duplicate';
    replace.run(prediction, at, kind, value, author, comment, key);
    return 'replaced';
  };
}
