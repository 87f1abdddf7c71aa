import { RandomState } from '../../core/random.ts';
import type { Job, JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { type TestOutputs, weightedFigures } from './weighted-figures.ts';

export type Intervals = Readonly<Record<string, readonly [number, number] | null>>;

export interface BootstrapRequest {
  readonly outputs: TestOutputs;
  readonly sampleWeight: Float64Array | undefined;
  readonly seed: number;
  /** Default 1,000. */
  readonly resamples?: number | undefined;
}

const RESAMPLES = 1000;
/** Rows that are drawn from; of more, a random part. */
const MOST_ROWS = 5000;
const MOST_CELLS = 50_000;
/** Share of resamples that may be undefined (one without a class, say) before there is no interval. */
const UNDEFINED_SHARE = 0.1;

/**
 * 95% bootstrap intervals of test figures by the percentile method: the figures of 1,000 samples drawn from the rows with replacement
 * (Efron & Tibshirani, "An Introduction to the Bootstrap", 1993). Of n rows above 5,000 a random part of m is drawn from, and deviations are
 * shrunk by √(m / n), as those of means are. The largest error of all has no such interval.
 */
export function bootstrapIntervals(
  request: BootstrapRequest,
  { signal }: Pick<JobOptions, 'signal'> = {},
): Promise<Intervals> {
  return runJob<BootstrapRequest, Intervals>({
    module: import.meta.url,
    name: 'bootstrapTask' satisfies keyof typeof import('./bootstrap-intervals.ts'),
    payload: request,
    threads: 1,
    signal,
  });
}

/** {@link bootstrapIntervals} on a worker thread. */
export function bootstrapTask(request: BootstrapRequest, job: Job): Intervals {
  const { seed, resamples = RESAMPLES } = request;
  const random = new RandomState(seed);
  const { outputs, sampleWeight, isPart } = drawnFrom(request, random);
  const n = request.outputs.truth.length;
  const m = outputs.truth.length;
  const figures = weightedFigures(outputs);
  const even = Float64Array.from({ length: m }, (_, i) => sampleWeight?.[i] ?? 1);
  const center = figures(even);
  const names = Object.keys(center);
  const found = new Map(names.map((name) => [name, new Float64Array(resamples)]));
  const weights = new Float64Array(m);
  for (let r = 0; r < resamples; r++) {
    job.checkpoint();
    weights.fill(0);
    for (const row of random.randint(0, m, m)) weights[row]! += even[row]!;
    const drawn = figures(weights);
    for (const name of names) found.get(name)![r] = drawn[name]!;
  }
  const whole = isPart
    ? weightedFigures(request.outputs)(
        Float64Array.from({ length: n }, (_, i) => request.sampleWeight?.[i] ?? 1),
      )
    : center;
  const shrink = Math.sqrt(m / n);
  return Object.fromEntries(
    names.map((name) => {
      const interval = percentiles(found.get(name)!);
      return [name, interval && place(interval, center[name]!, whole[name]!, shrink)];
    }),
  );
}

function place(
  [low, high]: readonly [number, number],
  center: number,
  whole: number,
  shrink: number,
): readonly [number, number] {
  if (shrink === 1) return [low, high];
  return [whole + (low - center) * shrink, whole + (high - center) * shrink];
}

function percentiles(values: Float64Array): readonly [number, number] | null {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length < (1 - UNDEFINED_SHARE) * values.length) return null;
  const at = (level: number) => {
    const place = level * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
  };
  return [at(0.025), at(0.975)];
}

function drawnFrom({ outputs, sampleWeight }: BootstrapRequest, random: RandomState) {
  const n = outputs.truth.length;
  const width = outputs.kind === 'classification' ? outputs.modelClasses : 1;
  const most = Math.max(500, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / width)));
  if (n <= most) return { outputs, sampleWeight, isPart: false };
  const rows = random.permutation(n).slice(0, most).sort();
  return {
    outputs: takeOutputs(outputs, rows),
    sampleWeight: sampleWeight && pick(sampleWeight, rows),
    isPart: true,
  };
}

function takeOutputs(outputs: TestOutputs, rows: Int32Array): TestOutputs {
  if (outputs.kind === 'regression') {
    return { ...outputs, truth: pick(outputs.truth, rows), predicted: pick(outputs.predicted, rows) };
  }
  const { truth, predicted, probabilities, modelClasses: width } = outputs;
  const codes = (values: Int32Array) => rows.map((row) => values[row]!);
  return {
    ...outputs,
    truth: codes(truth),
    predicted: codes(predicted),
    probabilities:
      probabilities &&
      Float64Array.from({ length: rows.length * width }, (_, at) => {
        return probabilities[rows[Math.floor(at / width)]! * width + (at % width)]!;
      }),
  };
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}
