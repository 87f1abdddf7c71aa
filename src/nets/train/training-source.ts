/** Some rows with what is to be learned of them. */
export interface TrainingBatch {
  readonly rows: number;
  /** Row-major, rows × inputs; inputs of several dimensions in row-major order. Converted to float32 as they are. */
  readonly x: Float32Array | Float64Array | Uint8Array;
  /** Row-major targets [rows, outputs], or class numbers [rows], as the loss says. */
  readonly target: Float32Array | Float64Array | Int32Array;
  /** Weights of the rows; default 1. */
  readonly weight?: Float32Array | Float64Array | undefined;
}

/** Which pass over the rows is asked for. */
export interface TrainingPass {
  /** From 0. */
  readonly epoch: number;
  /** For all that a source draws in this pass, such as an order or distortions; another one for each pass, the same when a training is resumed. */
  readonly seed: number;
}

/**
 * Rows for training that need not fit into memory. They may come in parts of any size, whatever the size of a batch; training asks for the
 * next part while it works on the last, so a source that waits (for files, other threads, the network) costs no time as long as it keeps up.
 *
 *     const source: TrainingSource = {
 *       rows: 1000,
 *       async *batches({ epoch, seed }) {
 *         for (const file of files) yield await readRows(file);
 *       },
 *     };
 */
export interface TrainingSource {
  /** Rows of a pass, where they are known: for the time left. */
  readonly rows?: number | undefined;
  /** All rows once. Passes with the same `epoch` and `seed` must give the same rows in the same order. It is told to end by `return`. */
  batches(pass: TrainingPass): AsyncIterable<TrainingBatch> | Iterable<TrainingBatch>;
}
