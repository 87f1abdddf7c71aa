import type { TrainingBatch, TrainingPass, TrainingSource } from './training-source.ts';

/** Takes the parts of a source one after another, ahead of whoever uses their rows. */
export interface RowReader {
  /** Up to `count` rows, in pieces of the source's parts; fewer only when it ends. @throws what the source throws */
  take(count: number): Promise<readonly RowPiece[]>;
  /** Tells the source to end. Call it in any case. */
  close(): Promise<void>;
}

/** Some rows of a part. */
export interface RowPiece {
  readonly batch: TrainingBatch;
  readonly from: number;
  readonly count: number;
}

/** @param ahead Rows that are asked for before they are needed. */
export function readAhead(source: TrainingSource, pass: TrainingPass, ahead: number): RowReader {
  const batches = source.batches(pass);
  const iterator =
    Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  const parts: TrainingBatch[] = [];
  /** Rows of the first part that were taken, and rows that are there. */
  let [taken, waiting, hasEnded] = [0, 0, false];
  let failure: { readonly error: unknown } | undefined;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    try {
      while (waiting < ahead && !hasEnded) {
        const next = await iterator.next();
        if (next.done === true) hasEnded = true;
        else if (next.value.rows > 0) {
          parts.push(next.value);
          waiting += next.value.rows;
        }
      }
    } catch (error) {
      failure = { error };
      hasEnded = true;
    }
    reading = undefined;
  }
  const begin = () => {
    if (!hasEnded && waiting < ahead) reading ??= read();
  };
  begin();

  return {
    async take(count) {
      const pieces: RowPiece[] = [];
      let missing = count;
      while (missing > 0) {
        const [batch] = parts;
        if (batch === undefined) {
          if (failure !== undefined) throw failure.error;
          if (hasEnded) break;
          begin();
          await reading;
          continue;
        }
        const own = Math.min(missing, batch.rows - taken);
        pieces.push({ batch, from: taken, count: own });
        [missing, taken, waiting] = [missing - own, taken + own, waiting - own];
        if (taken < batch.rows) continue;
        parts.shift();
        taken = 0;
      }
      begin();
      return pieces;
    },
    async close() {
      hasEnded = true;
      await iterator.return?.();
    },
  };
}
