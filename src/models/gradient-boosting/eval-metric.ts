import { DataError } from '../../core/errors.ts';
import type { Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { compactScores, type HeldOutMetric, type HeldOutRows } from '../../math/trees/held-out.ts';
import { rocAucScore } from '../../metrics/areas.ts';

/** Held-out rows as a metric sees them, on shared memory. */
export interface MetricRows {
  /** Values, or 0, 1, … for the classes in their order. */
  readonly y: Float64Array;
  /** Predicted values, or the probabilities of all classes, row by row. */
  readonly prediction: Float64Array;
  readonly sampleWeight: Float64Array | undefined;
}

/** A metric of the user's for early stopping. Called once an iteration, on the thread of the caller. */
export type MetricFunction = (rows: MetricRows) => Eventually<number>;

export interface CustomMetric {
  readonly evaluate: MetricFunction;
  readonly greaterIsBetter: boolean;
}

export type NamedMetric = 'loss' | 'rootMeanSquaredError' | 'meanAbsoluteError' | 'accuracy' | 'rocAuc';
export type EvalMetric = NamedMetric | MetricFunction | CustomMetric;

type Reading = 'identity' | 'log' | 'probabilities';

/** What held-out rows are judged by, smaller is better; undefined for the loss. */
export function heldOutMetricOf(metric: EvalMetric, reading: Reading): HeldOutMetric | undefined {
  if (metric === 'loss') return undefined;
  if (typeof metric === 'string') return (held) => named[metric](rowsOf(held, reading));
  const { evaluate, greaterIsBetter } =
    typeof metric === 'function' ? { evaluate: metric, greaterIsBetter: false } : metric;
  return async (held) => {
    const value = await evaluate(rowsOf(held, reading));
    if (typeof value === 'number' && !Number.isNaN(value)) return greaterIsBetter ? -value : value;
    throw new DataError(
      'data/bad-metric',
      `The function evalMetric gave ${String(value)}; it must give a number.`,
      {},
    );
  };
}

function rowsOf(held: HeldOutRows, reading: Reading): MetricRows {
  const { rows, outputs, y, weights } = held;
  const raw = new Float64Array(rows * outputs);
  compactScores(held.scores, held, raw);
  const read =
    reading === 'identity' ? raw : reading === 'log' ? raw.map(Math.exp) : probabilitiesOf(raw, outputs);
  const prediction = sharedArray(Float64Array, read.length);
  prediction.set(read);
  return { y, prediction, sampleWeight: weights };
}

const named: Readonly<Record<Exclude<NamedMetric, 'loss'>, (rows: MetricRows) => number>> = {
  rootMeanSquaredError: (rows) => Math.sqrt(meanOf(rows, (i) => (rows.prediction[i]! - rows.y[i]!) ** 2)),
  meanAbsoluteError: (rows) => meanOf(rows, (i) => Math.abs(rows.prediction[i]! - rows.y[i]!)),
  accuracy(rows) {
    const classes = rows.prediction.length / rows.y.length;
    return -meanOf(rows, (i) => {
      const row = rows.prediction.subarray(i * classes, (i + 1) * classes);
      return row.indexOf(Math.max(...row)) === rows.y[i] ? 1 : 0;
    });
  },
  rocAuc({ y, prediction, sampleWeight }) {
    const positive = Float64Array.from(y, (_, i) => prediction[2 * i + 1]!);
    return -rocAucScore(Array.from(y), positive, { sampleWeight });
  },
};

function meanOf({ y, sampleWeight }: MetricRows, of: (row: number) => number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const weight = sampleWeight?.[i] ?? 1;
    sum += weight * of(i);
    total += weight;
  }
  return sum / total;
}
