import { DataError } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import type { QuickPrediction } from '../../define/quick-predictor.ts';

/** Told of one row: its prediction is number `row` of `predictions`, made from row `row` of `x`. */
export type RowDone = (error: unknown, predictions?: QuickPrediction, x?: Frame, row?: number) => void;

interface WaitingRow {
  readonly row: unknown;
  readonly done: RowDone;
}

export interface RowBatcherParts {
  /** @throws DataError for a row that does not fit. */
  readonly toFrame: (rows: readonly unknown[]) => Frame;
  readonly predict: (x: Frame) => QuickPrediction | Promise<QuickPrediction>;
  readonly onBatch?: ((rows: number) => void) | undefined;
}

/** Rows predicted together at most: a fraction of a millisecond. */
const MOST_ROWS = 256;

/**
 * Predicts the single rows of different requests together: those that arrive in one turn of the event loop, or while the model works
 * on others. One call of the model costs about the same for ten rows as for one. Nobody waits for rows that may come.
 */
export class RowBatcher {
  readonly #parts: RowBatcherParts;
  #waiting: WaitingRow[] = [];
  #isScheduled = false;

  constructor(parts: RowBatcherParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(row: unknown, done: RowDone): void {
    this.#waiting.push({ row, done });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // After all sockets that are readable now have been read.
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const batch = this.#waiting.splice(0, MOST_ROWS);
    const work = this.#predict(batch);
    if (work === undefined) this.#next();
    else work.then(this.#next);
  };

  readonly #next = (): void => {
    if (this.#waiting.length > 0) setImmediate(this.#flush);
    else this.#isScheduled = false;
  };

  /** @returns a promise, which does not reject, only when the model has to be waited for. */
  #predict(batch: readonly WaitingRow[]): Promise<void> | undefined {
    const { toFrame, predict, onBatch } = this.#parts;
    onBatch?.(batch.length);
    try {
      const x = toFrame(batch.map(({ row }) => row));
      const predictions = predict(x);
      if (!(predictions instanceof Promise)) {
        this.#answer(batch, predictions, x);
        return undefined;
      }
      return predictions.then(
        (made) => this.#answer(batch, made, x),
        (error) => this.#failed(batch, error),
      );
    } catch (error) {
      return this.#failed(batch, error);
    }
  }

  #answer(batch: readonly WaitingRow[], predictions: QuickPrediction, x: Frame): void {
    for (let i = 0; i < batch.length; i++) batch[i]!.done(undefined, predictions, x, i);
  }

  /** One bad row is no fault of the others: each is tried alone. Another failure is that of all. */
  #failed(batch: readonly WaitingRow[], error: unknown): Promise<void> | undefined {
    if (batch.length === 1 || !(error instanceof DataError)) {
      for (const { done } of batch) done(error);
      return undefined;
    }
    return batch.reduce<Promise<void>>(
      (before, one) => before.then(() => this.#predict([one])),
      Promise.resolve(),
    );
  }
}
