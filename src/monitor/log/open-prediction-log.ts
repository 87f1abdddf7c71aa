import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { DataError, errorFromJson, FileError, JobError } from '../../core/errors.ts';
import { option, parseOptions } from '../../core/options.ts';
import { workerArguments } from '../../kernels/host/worker-arguments.ts';
import { cellsToText } from './cell-text.ts';
import type { FeedbackOutcome, FeedbackRow, LogReply, LogWriterData } from './log-messages.ts';
import { type QueuedPrediction, queuedPrediction, toBatch } from './log-queue.ts';
import type { Feedback, LoggedPrediction, PredictionLog } from './prediction-log.ts';

const optionsSchema = z.strictObject({
  maxQueued: option(
    z.number().int().min(1).default(50_000),
    'Predictions that may wait to be written; what comes beyond is counted in `dropped`.',
  ),
  maxQueuedBytes: option(
    z
      .number()
      .int()
      .min(1)
      .default(64 * 1024 * 1024),
    'Characters of rows that may wait to be written.',
  ),
  flushMs: option(
    z.number().nonnegative().max(60_000).default(100),
    'How long predictions are gathered before they are committed together.',
  ),
  maxRows: option(
    z.number().int().min(1).nullable().default(null),
    'Predictions to keep; the oldest go, with what was said of them. null keeps all.',
  ),
  maxAgeDays: option(
    z.number().positive().nullable().default(null),
    'Days to keep predictions for. null keeps all.',
  ),
  onError: option(
    z.custom<(error: Error) => void>((value) => typeof value === 'function').optional(),
    'Told when a batch could not be written; it is kept and tried again.',
  ),
});

export type PredictionLogOptions = z.input<typeof optionsSchema>;

/** So many are written in one transaction: a few milliseconds of one copy between threads. */
const BATCH = 2000;
/** Users' words that may wait; more than a disk takes in a second. */
const MOST_FEEDBACK = 10_000;
const RETRY_MS = 1000;

interface Waiting {
  /** Predictions appended before. */
  readonly after: number;
  readonly resolve: (outcome: FeedbackOutcome) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens a prediction log (an SQLite file in WAL mode), making it when it is absent. A thread of its own writes it, so that the
 * caller's event loop only encodes rows, about 2 µs each. Several processes may write and read one file at the same time.
 * A kill of the process loses at most the predictions that are still queued, and no feedback that was answered.
 * Close it with `await using` or `await log[Symbol.asyncDispose]()`, which writes what is queued.
 * @throws FileError when the file cannot be used or holds something else; OptionError.
 */
export async function openPredictionLog(
  path: string,
  options: PredictionLogOptions = {},
): Promise<PredictionLog> {
  const settings = parseOptions(optionsSchema, options, 'openPredictionLog');
  const { maxRows, maxAgeDays } = settings;
  const worker = startThread({ path, maxRows, maxAgeDays });
  await answerOf(worker, 'ready');
  return new ThreadedLog(path, settings, worker);
}

function startThread(workerData: LogWriterData): Worker {
  // Compiled, the file beside this one is called otherwise.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./log-thread.${extension}`, import.meta.url), {
    workerData,
    ...workerArguments(),
  });
}

async function answerOf(worker: Worker, kind: LogReply['kind']): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (reply: LogReply) => {
      worker.off('error', reject);
      if (reply.kind === kind) resolve();
      else if (reply.kind === 'failed') reject(errorFromJson(reply.error));
    });
  });
}

class ThreadedLog implements PredictionLog {
  readonly path: string;
  readonly #settings: z.output<typeof optionsSchema>;
  readonly #worker: Worker;
  #dropped = 0;
  /** Taken, and committed, since the log was opened. */
  #appended = 0;
  #committed = 0;
  #queuedBytes = 0;
  #queue: QueuedPrediction[] = [];
  #feedback: (FeedbackRow & { readonly waiting: Waiting })[] = [];
  #sent: { predictions: QueuedPrediction[]; feedback: Waiting[] } | undefined;
  #flushes: { upTo: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isRetrying = false;
  #closing: Promise<void> | undefined;
  #lost: Error | undefined;

  constructor(path: string, settings: z.output<typeof optionsSchema>, worker: Worker) {
    this.path = path;
    this.#settings = settings;
    this.#worker = worker;
    worker.on('message', (reply: LogReply) => this.#answered(reply));
    worker.on('error', (error: Error) => this.#lose(error));
    // A process that has nothing else to do may end while nothing waits to be written.
    worker.unref();
  }

  get dropped(): number {
    return this.#dropped;
  }

  get queued(): number {
    return this.#appended - this.#committed;
  }

  append(predictions: readonly LoggedPrediction[]): number {
    const { maxQueued, maxQueuedBytes } = this.#settings;
    let taken = 0;
    if (this.#closing === undefined && this.#lost === undefined) {
      for (const prediction of predictions) {
        if (this.queued >= maxQueued || this.#queuedBytes >= maxQueuedBytes) break;
        const queued = queuedPrediction(prediction);
        this.#queue.push(queued);
        this.#queuedBytes += queued.bytes;
        this.#appended++;
        taken++;
      }
    }
    this.#dropped += predictions.length - taken;
    if (this.#queue.length >= BATCH) this.#send();
    else if (taken > 0) this.#timer ??= setTimeout(() => this.#send(), this.#settings.flushMs);
    return taken;
  }

  async feedback(entry: Feedback): Promise<FeedbackOutcome> {
    const row = feedbackRow(entry);
    this.#requireOpen();
    if (this.#feedback.length >= MOST_FEEDBACK) {
      throw new JobError(
        'job/overloaded',
        `${MOST_FEEDBACK} entries of feedback wait to be written to '${this.path}': try again in a moment.`,
        { file: this.path },
      );
    }
    const outcome = new Promise<FeedbackOutcome>((resolve, reject) => {
      this.#feedback.push({ ...row, waiting: { after: this.#appended, resolve, reject } });
    });
    this.#send();
    return outcome;
  }

  async flush(): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.queued === 0) return;
    const done = new Promise<void>((resolve, reject) => {
      this.#flushes.push({ upTo: this.#appended, resolve, reject });
    });
    this.#send();
    return done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      while (this.#feedback.length > 0 || this.queued > 0) {
        // What cannot be written now is given up below, with its error.
        if (this.queued > 0) await this.flush();
        else await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      clearTimeout(this.#timer);
      this.#dropped += this.queued;
      this.#committed = this.#appended;
      this.#queue = [];
      if (this.#lost === undefined) {
        this.#worker.ref();
        const closed = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
        this.#worker.postMessage('close');
        await closed;
      }
    }
  }

  /** Hands the next batch to the thread unless one is there. */
  #send(): void {
    if (this.#sent !== undefined || this.#isRetrying || this.#lost !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const predictions = this.#queue.slice(0, BATCH);
    const upTo = this.#committed + predictions.length;
    const ready = this.#feedback.filter(({ waiting }) => waiting.after <= upTo);
    if (predictions.length === 0 && ready.length === 0) return;
    if (ready.length > 0) this.#feedback = this.#feedback.filter(({ waiting }) => waiting.after > upTo);
    this.#sent = { predictions, feedback: ready.map(({ waiting }) => waiting) };
    this.#worker.ref();
    this.#worker.postMessage(
      toBatch(
        predictions,
        ready.map(({ waiting: _, ...row }) => row),
      ),
    );
  }

  #answered(reply: LogReply): void {
    const sent = this.#sent;
    if (sent === undefined || reply.kind === 'ready' || reply.kind === 'closed') return;
    this.#sent = undefined;
    this.#worker.unref();
    if (reply.kind === 'failed') {
      this.#failed(errorFromJson(reply.error), sent.feedback);
      return;
    }
    this.#committed += sent.predictions.length;
    for (const { bytes } of sent.predictions) this.#queuedBytes -= bytes;
    this.#queue = this.#queue.slice(sent.predictions.length);
    for (const [i, { resolve }] of sent.feedback.entries()) resolve(reply.outcomes[i]);
    for (const { upTo, resolve } of this.#flushes) if (upTo <= this.#committed) resolve();
    this.#flushes = this.#flushes.filter(({ upTo }) => upTo > this.#committed);
    const isUrgent = this.#flushes.length > 0 || this.#feedback.length > 0 || this.#queue.length >= BATCH;
    if (isUrgent) this.#send();
    else if (this.#queue.length > 0) this.#timer ??= setTimeout(() => this.#send(), this.#settings.flushMs);
  }

  /** Predictions stay in the queue and are tried again; whoever waits is told. */
  #failed(error: Error, feedback: readonly Waiting[]): void {
    for (const { reject } of feedback) reject(error);
    const flushes = this.#flushes;
    this.#flushes = [];
    for (const { reject } of flushes) reject(error);
    this.#settings.onError?.(error);
    this.#isRetrying = true;
    setTimeout(() => {
      this.#isRetrying = false;
      this.#send();
    }, RETRY_MS);
  }

  /** The thread has ended by itself: nothing can be written any more. */
  #lose(error: Error): void {
    this.#lost = new FileError(
      'file/write-failed',
      `The thread that writes the prediction log '${this.path}' ended: ${error.message}. Open the log again.`,
      { file: this.path },
      error,
    );
    const waiting = [...(this.#sent?.feedback ?? []), ...this.#feedback.map(({ waiting }) => waiting)];
    this.#feedback = [];
    this.#failed(this.#lost, waiting);
  }

  #requireOpen(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#closing === undefined) return;
    throw new FileError('file/closed', `The prediction log '${this.path}' is closed: open it again.`, {
      file: this.path,
    });
  }
}

function feedbackRow({ predictionId, at, said, author, comment, key }: Feedback): FeedbackRow {
  if (said.kind === 'rating' && !(said.value >= 0 && said.value <= 1)) {
    throw new DataError('data/bad-rating', `A rating is between 0 and 1, but got ${said.value}.`, {
      prediction: predictionId,
    });
  }
  const value = said.kind === 'preference' ? said.over : said.value;
  return {
    predictionId,
    at,
    kind: said.kind,
    value: cellsToText([value]),
    // Keys that were given and those made here cannot meet.
    key: JSON.stringify(key === undefined ? [predictionId, said.kind, author ?? null] : [key]),
    author: author ?? null,
    comment: comment ?? null,
  };
}
