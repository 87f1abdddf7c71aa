import { columnCell } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { RandomState } from '../../core/random.ts';
import { getScorer, type Scorer } from '../../metrics/registry.ts';
import { labelsOf, numbersOf } from '../target-values.ts';
import type { TrainedTable } from '../train-table.ts';
import { bootstrapIntervals } from './bootstrap-intervals.ts';
import type { MetricRecord, TestRecord } from './run-record.ts';
import type { TestOutputs } from './weighted-figures.ts';

/** Test rows that a record holds; of more, a random sample. */
const MOST_ROWS = 5000;

/** What the model said of the test rows. */
export function testRecord({ evaluation, truth, testRows, classes }: TrainedTable, seed: number): TestRecord {
  const { predictions } = evaluation;
  const n = testRows.length;
  const rows =
    n <= MOST_ROWS
      ? Int32Array.from({ length: n }, (_, i) => i)
      : new RandomState(seed).permutation(n).slice(0, MOST_ROWS).sort();
  const probabilities = predictions.kind === 'classification' ? predictions.probabilities : undefined;
  return {
    rows: n,
    sampled: rows.length,
    tableRows: Array.from(rows, (i) => testRows[i]!),
    truth: Array.from(rows, (i) => columnCell(truth, i)),
    predictions: Array.from(rows, (i) => predictions.values[i]!),
    probabilities:
      probabilities === undefined ? null : Array.from(rows, (i) => Array.from(probabilities.row(i))),
    confusion:
      predictions.kind === 'classification'
        ? countConfusion(labelsOf(truth), predictions.values, classes!)
        : null,
  };
}

/** Rows of each true class by predicted class; those of a class that the model does not know are left out. */
function countConfusion(
  truth: readonly Label[],
  predicted: readonly Label[],
  classes: readonly Label[],
): number[][] {
  const places = new Map(classes.map((label, place) => [label, place]));
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (const [i, label] of truth.entries()) {
    const place = places.get(label);
    if (place !== undefined) counts[place]![places.get(predicted[i]!)!]!++;
  }
  return counts;
}

export interface MetricsRequest {
  readonly sampleWeight: Float64Array | undefined;
  /** One that is to be among them. */
  readonly deciding: Scorer;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** The figures on the test rows, each with its interval. */
export async function metricRecords(
  trained: TrainedTable,
  { sampleWeight, deciding, seed, signal }: MetricsRequest,
): Promise<MetricRecord[]> {
  const figures = figuresOf(trained);
  const intervals = await bootstrapIntervals({ outputs: outputsOf(trained), sampleWeight, seed }, { signal });
  const records = Object.entries(figures).map(([name, value]) => ({
    name,
    value: Number.isFinite(value) ? value : null,
    greaterIsBetter: getScorer(name).greaterIsBetter,
    interval: Number.isFinite(value) ? (intervals[name] ?? null) : null,
  }));
  const { name, greaterIsBetter } = deciding;
  if (Object.hasOwn(figures, name)) return records;
  const value = scoreOf(trained, deciding, sampleWeight);
  return [
    { name, greaterIsBetter, value: Number.isFinite(value) ? value : null, interval: null },
    ...records,
  ];
}

/** By the names of the metrics' registry: those of the positive class too. */
function figuresOf({ evaluation: { metrics } }: TrainedTable): Record<string, number> {
  if (!('accuracy' in metrics)) return { ...metrics };
  const { unknownClasses: _, positive, ...figures } = metrics;
  if (positive === undefined) return figures;
  const { precision, recall, f1, averagePrecision, brier } = positive;
  return {
    ...figures,
    ...{ precisionPositive: precision, recallPositive: recall, f1Positive: f1, averagePrecision, brier },
  };
}

function outputsOf({ evaluation: { predictions }, truth, positiveClass }: TrainedTable): TestOutputs {
  if (predictions.kind === 'regression') {
    return { kind: 'regression', truth: Float64Array.from(numbersOf(truth)), predicted: predictions.values };
  }
  const labels = labelsOf(truth);
  const all = [...new Set([...predictions.classes, ...labels])];
  const places = new Map(all.map((label, place) => [label, place]));
  const codes = (values: readonly Label[]) => Int32Array.from(values, (label) => places.get(label)!);
  return {
    kind: 'classification',
    ...{ truth: codes(labels), predicted: codes(predictions.values) },
    ...{ classes: all.length, modelClasses: predictions.classes.length },
    probabilities: predictions.probabilities?.data,
    positive: positiveClass === undefined ? undefined : places.get(positiveClass),
  };
}

function scoreOf(
  { evaluation: { predictions }, truth, positiveClass }: TrainedTable,
  scorer: Scorer,
  sampleWeight: Float64Array | undefined,
): number {
  try {
    if (scorer.problem === 'regression' || predictions.kind === 'regression') {
      return (scorer as Scorer & { problem: 'regression' }).compute(
        numbersOf(truth),
        predictions.values as Float64Array,
        { sampleWeight },
      );
    }
    const { classes, values, probabilities } = predictions;
    const context = { classes, positiveClass, sampleWeight };
    if (scorer.needs === 'prediction') return scorer.compute(labelsOf(truth), values, context);
    return probabilities === undefined ? Number.NaN : scorer.compute(labelsOf(truth), probabilities, context);
  } catch {
    // A metric may be undefined for these rows, e.g. a logarithm of a negative prediction.
    return Number.NaN;
  }
}
