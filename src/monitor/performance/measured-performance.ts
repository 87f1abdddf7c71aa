import type { Label } from '../../core/labels.ts';
import { RandomState } from '../../core/random.ts';
import { inSlices } from '../../core/slices.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { evaluateClassification, evaluateRegression } from '../../metrics/evaluate.ts';
import { exceeds } from '../drift/missing-drift.ts';
import { type PackedRows, packRows, unpackRows } from './pack-rows.ts';
import { upperNormal } from './upper-normal.ts';

/** How a window does by the labels that have come, beside the test rows of the training. */
export interface MeasuredPerformance {
  /** Rows with a label. */
  readonly rows: number;
  /** Share of the window's rows that have one. */
  readonly labelled: number;
  readonly metrics: readonly MeasuredMetric[];
  readonly drifted: boolean;
}

export interface MeasuredMetric {
  readonly name: string;
  readonly value: number;
  /** 95%, from a bootstrap over the rows; null where it cannot be had. */
  readonly interval: readonly [number, number] | null;
  /** On the test rows of the training; null where the model does not say. */
  readonly training: number | null;
  /** Judged metrics: by how much it got worse; of errors, relative to the training's. */
  readonly judged: {
    readonly effect: number;
    readonly nullQuantile: number;
    readonly threshold: number;
    readonly drifted: boolean;
  } | null;
}

export type LabelledRows =
  | { readonly kind: 'regression'; readonly truth: Float64Array; readonly predictions: Float64Array }
  | {
      readonly kind: 'classification';
      readonly truth: readonly Label[];
      readonly predictions: readonly Label[];
      readonly probabilities: readonly (readonly number[])[] | undefined;
      readonly classes: readonly Label[];
      readonly positiveClass: Label | undefined;
    };

export interface TrainingScores {
  readonly metrics: Readonly<Record<string, unknown>>;
  /** Test rows that they are from. */
  readonly rows: number;
}

const DRAWS = 200;
/** Rows of one bootstrap draw; the error of more follows by 1/√n. */
const MOST_ROWS = 2000;
const Z95 = 1.96;

/**
 * Metrics that alarm, and whether their change counts relative to the training's value: errors have units, shares do not.
 * The others are reported.
 */
const judgedMetrics = {
  regression: { mae: 'relative', rmse: 'relative' },
  classification: { accuracy: 'absolute', balancedAccuracy: 'absolute', rocAuc: 'absolute' },
} as const;
const lowerIsBetter = new Set(['mae', 'rmse', 'medianAbsoluteError', 'mape', 'maxError', 'logLoss']);

/**
 * The metrics of the labelled rows of a window, as `evaluate` gives them, against those of the training. A metric alarms when it is
 * worse by more than a threshold and by more than chance gives, both samples being finite: z·√(se² + se² · n / test rows).
 * @param share Labelled rows among the rows of the window.
 * @param tail Probability that any metric alarms without change.
 */
export async function measurePerformance(
  rows: LabelledRows,
  share: number,
  training: TrainingScores | undefined,
  thresholds: MetricThresholds,
  tail: number,
  { signal }: Pick<JobOptions, 'signal'> = {},
): Promise<MeasuredPerformance> {
  if (rows.truth.length <= INLINE_ROWS) return measureRows(rows, share, training, thresholds, tail);
  const payload: MeasurePayload = { rows: await packRows(rows), share, training, thresholds, tail };
  return runJob({ signal, threads: 1, module: import.meta.url, name: 'measureTask', payload });
}

/** More rows are measured on a worker thread: sorting their scores takes long. */
const INLINE_ROWS = 5000;

interface MeasurePayload {
  readonly rows: PackedRows;
  readonly share: number;
  readonly training: TrainingScores | undefined;
  readonly thresholds: MetricThresholds;
  readonly tail: number;
}

/** What the worker thread runs. */
export function measureTask({ rows, share, training, thresholds, tail }: MeasurePayload) {
  return measureRows(unpackRows(rows), share, training, thresholds, tail);
}

export interface MetricThresholds {
  readonly relative: number;
  readonly absolute: number;
}

async function measureRows(
  rows: LabelledRows,
  share: number,
  training: TrainingScores | undefined,
  thresholds: MetricThresholds,
  tail: number,
): Promise<MeasuredPerformance> {
  const n = rows.truth.length;
  const values = figuresOf(rows);
  const errors = await standardErrors(rows);
  const judged: Readonly<Record<string, 'relative' | 'absolute'>> = judgedMetrics[rows.kind];
  const z = upperNormal(tail / Object.keys(judged).length);
  const metrics = Object.entries(values).map(([name, value]): MeasuredMetric => {
    const error = errors[name];
    const before = training?.metrics[name];
    const then = typeof before === 'number' && Number.isFinite(before) ? before : null;
    const bounded = Number.isFinite(value) && Number.isFinite(error);
    const scale = judged[name];
    const canJudge = scale !== undefined && then !== null && bounded;
    const unit = scale === 'relative' ? Math.abs(then ?? 1) || Number.MIN_VALUE : 1;
    const worse = lowerIsBetter.has(name) ? value - (then ?? 0) : (then ?? 0) - value;
    const effect = worse / unit;
    const nullQuantile = (z * error * Math.sqrt(1 + n / Math.max(1, training?.rows ?? 1))) / unit;
    const threshold = thresholds[scale ?? 'absolute'];
    return {
      name,
      value,
      interval: bounded ? [value - Z95 * error, value + Z95 * error] : null,
      training: then,
      judged: canJudge
        ? { effect, nullQuantile, threshold, drifted: exceeds(effect, nullQuantile, threshold) }
        : null,
    };
  });
  const drifted = metrics.some((metric) => metric.judged?.drifted === true);
  return { rows: n, labelled: share, metrics, drifted };
}

/** Figures by name, without those of the positive class. */
function figuresOf(rows: LabelledRows, picks?: Int32Array): Record<string, number> {
  const pick = <T>(values: ArrayLike<T>): T[] =>
    picks === undefined ? Array.from(values) : Array.from(picks, (row) => values[row]);
  const figures =
    rows.kind === 'regression'
      ? evaluateRegression(Float64Array.from(pick(rows.truth)), Float64Array.from(pick(rows.predictions)))
      : evaluateClassification<Label>(pick(rows.truth), {
          predicted: pick(rows.predictions),
          probabilities: rows.probabilities && pick(rows.probabilities),
          classes: rows.classes,
          positiveClass: rows.positiveClass,
        });
  return Object.fromEntries(
    Object.entries(figures).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** Of each figure, from draws with replacement. */
async function standardErrors(rows: LabelledRows): Promise<Record<string, number>> {
  const n = rows.truth.length;
  const size = Math.min(n, MOST_ROWS);
  const random = new RandomState(0);
  const draws: Record<string, number>[] = [];
  await inSlices(DRAWS, 1, () => {
    draws.push(figuresOf(rows, Int32Array.from(random.randint(0, n, size))));
  });
  const deviation = (name: string): number => {
    const drawn = draws.map((draw) => draw[name]).filter(Number.isFinite);
    // A figure that half of the draws do not have is not known well enough.
    if (drawn.length < DRAWS / 2) return Number.NaN;
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    return Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (drawn.length - 1));
  };
  return Object.fromEntries(
    Object.keys(draws[0]).map((name) => [name, deviation(name) * Math.sqrt(size / n)]),
  );
}
