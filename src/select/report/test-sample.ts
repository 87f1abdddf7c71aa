import type { RunRecord } from '../run/run-record.ts';
import { counted, countText } from './number-words.ts';

/** Test rows of a regression that have two numbers. */
export interface NumberSample {
  /** Places in the record's sample. */
  readonly rows: readonly number[];
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  /** truth − prediction. */
  readonly residuals: readonly number[];
}

export function numberSample({ test }: RunRecord): NumberSample {
  const number = (value: unknown) =>
    typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN;
  const rows = Array.from(test.predictions.keys()).filter(
    (i) => Number.isFinite(number(test.truth[i])) && Number.isFinite(number(test.predictions[i])),
  );
  const truth = rows.map((i) => number(test.truth[i]));
  const predicted = rows.map((i) => number(test.predictions[i]));
  return { rows, truth, predicted, residuals: truth.map((value, k) => value - predicted[k]!) };
}

/** What the pictures are of, where that is not every test row. */
export function sampleNote({ test }: RunRecord): string | undefined {
  return test.sampled >= test.rows
    ? undefined
    : `A random sample of ${countText(test.sampled)} of ${counted(test.rows, 'test row')}.`;
}
