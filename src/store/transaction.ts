import type { DatabaseSync } from 'node:sqlite';

/** Ends a transaction that has begun: commits what `work` did, or undoes it when it throws. */
export function endTransaction<R>(database: DatabaseSync, work: () => R): R {
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has ended the transaction already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Does `work` in one transaction that may write. */
export function inTransaction<R>(database: DatabaseSync, work: () => R): R {
  database.exec('BEGIN IMMEDIATE');
  return endTransaction(database, work);
}
