import { parentPort, workerData } from 'node:worker_threads';
import { errorToJson } from '../../core/errors.ts';
import { attempt, openLogToWrite } from './log-database.ts';
import type { LogBatch, LogReply, LogWriterData } from './log-messages.ts';
import { logWriter } from './log-writer.ts';

/** The thread that writes one log: one batch at a time, each answered; pruning in between. */

const PRUNE_EVERY_MS = 60_000;

const { path, ...retention } = workerData as LogWriterData;
const port = parentPort!;
const reply = (message: LogReply): void => port.postMessage(message);

try {
  const database = await openLogToWrite(path);
  const writer = logWriter(database, retention);
  let pruning: NodeJS.Immediate | undefined;
  const prune = (): void => {
    clearImmediate(pruning);
    pruning = undefined;
    try {
      // Waiting batches come first.
      if (writer.prune(Date.now())) pruning = setImmediate(prune);
    } catch {
      // Another process writes for long, or the disk is full: the next time will do.
    }
  };
  setInterval(prune, PRUNE_EVERY_MS).unref();
  port.on('message', (batch: LogBatch | 'close') => {
    if (batch === 'close') {
      clearImmediate(pruning);
      database.close();
      reply({ kind: 'closed' });
      port.close();
      return;
    }
    try {
      const outcomes = attempt(path, 'write', () => writer.commit(batch));
      reply({ kind: 'committed', outcomes });
      pruning ??= setImmediate(prune);
    } catch (error) {
      reply({ kind: 'failed', error: errorToJson(error) });
    }
  });
  reply({ kind: 'ready' });
} catch (error) {
  reply({ kind: 'failed', error: errorToJson(error) });
  port.close();
}
