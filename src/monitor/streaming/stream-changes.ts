import { inSlices } from '../../core/slices.ts';
import { adwin } from './adwin.ts';
import { pageHinkley } from './page-hinkley.ts';

/** A place in a stream where its level changed. */
export interface StreamChange {
  readonly detector: 'adwin' | 'page-hinkley';
  /** The value (from 0) at which the detector alarmed: the change came before. */
  readonly index: number;
  /** Means before and after, in the unit of the values. */
  readonly before: number;
  readonly after: number;
  /** |after − before| in standard deviations of the stream's first values. */
  readonly effect: number;
}

/** Values that say what is usual; nothing alarms among them. */
const WARM_UP = 100;
/** Confidence of ADWIN, below river's: a log is looked at for months. */
const DELTA = 1e-4;
/**
 * Page–Hinkley in standard deviations: drifts of the mean below 0.25 are tolerated. A run without change passes 50 with probability of
 * about exp(−2 · 0.25 · 50) = 1e-11 a value.
 */
const TOLERATED = 0.25;
const ACCUMULATED = 50;

/**
 * Where the level of a stream (errors, predictions) changed, by ADWIN and Page–Hinkley: values are taken in standard deviations of the first
 * 100, and a change counts when it exceeds `threshold` of them (default 0.25), so that a long stream does not alarm by its length.
 * A detector starts afresh after each change.
 */
export async function streamChanges(values: ArrayLike<number>, threshold = 0.25): Promise<StreamChange[]> {
  if (values.length <= WARM_UP) return [];
  const { mean, deviation } = usual(values);
  if (deviation === 0) return [];
  const changes: StreamChange[] = [];
  const window = adwin({ delta: DELTA });
  const page = pageHinkley({ delta: TOLERATED, threshold: ACCUMULATED, alpha: 1 });
  let level = 0;
  let width = 0;
  let pageMean = 0;
  let pageFrom = 0;
  const add = (detector: StreamChange['detector'], index: number, before: number, after: number) => {
    const effect = Math.abs(after - before);
    if (effect <= threshold) return;
    const unit = (value: number) => mean + deviation * value;
    changes.push({ detector, index, before: unit(before), after: unit(after), effect });
  };
  await inSlices(values.length, 2000, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = (values[i] - mean) / deviation;
      const seen = window.update(value);
      if (seen.drift && width > 0) add('adwin', i, level, seen.mean);
      level = seen.mean;
      width = seen.width;
      const paged = page.update(value);
      if (paged.drift) {
        // The newest tenth of what it saw lies after the change, or nearly.
        const tail = Math.max(10, Math.floor((i + 1 - pageFrom) / 10));
        add('page-hinkley', i, pageMean, meanOfLast(values, i, tail, mean, deviation));
        pageFrom = i + 1;
      }
      pageMean = paged.mean;
    }
  });
  return changes.sort((a, b) => a.index - b.index);
}

function usual(values: ArrayLike<number>): { mean: number; deviation: number } {
  let mean = 0;
  for (let i = 0; i < WARM_UP; i++) mean += values[i] / WARM_UP;
  let squares = 0;
  for (let i = 0; i < WARM_UP; i++) squares += (values[i] - mean) ** 2 / WARM_UP;
  return { mean, deviation: Math.sqrt(squares) };
}

function meanOfLast(
  values: ArrayLike<number>,
  last: number,
  count: number,
  mean: number,
  deviation: number,
): number {
  let sum = 0;
  for (let i = last - count + 1; i <= last; i++) sum += (values[i] - mean) / deviation / count;
  return sum;
}
