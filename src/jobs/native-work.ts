/**
 * A thread that is ended while it runs native code, such as a graph of ONNX Runtime or a query of DuckDB, takes the whole process with it. So a job that does says
 * so, and is then left to end by itself when its caller wants it to stop.
 */

/** Place among the words that a job shares with its caller, beside the one that asks it to stop. */
export const NATIVE = 1;

let words: Int32Array | undefined;

/** Of the job that this thread runs from now on. */
export function setJobWords(ofJob: Int32Array): void {
  words = ofJob;
}

/** Says that the job of this thread runs native code, from now to its end. */
export function markNative(): void {
  if (words !== undefined) Atomics.store(words, NATIVE, 1);
}
