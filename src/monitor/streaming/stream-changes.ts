import { inSlices } from '../../core/slices.ts';
import { adwin } from './adwin.ts';
import { pageHinkley } from './page-hinkley.ts';

/** A place in a stream where its level changed. */
export interface StreamChange {
  readonly detector: 'adwin' | 'page-hinkley';
  /** The value (from 0) at which the detector alarmed. */
  readonly index: number;
  /** Where the change most likely began: the split of what the detector saw whose means differ most, in standard errors. */
  readonly since: number;
  /** Means before and after it, in the unit of the values. */
  readonly before: number;
  readonly after: number;
  /** |after − before| in standard deviations of the stream's first values. */
  readonly effect: number;
}

/** Changes by fewer standard deviations do not matter, by default. */
export const LEAST_CHANGE = 0.25;
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
/** Values on each side of a change at least, and values looked back on at most. */
const LEAST_SIDE = 5;
const LOOK_BACK = 100_000;

/**
 * Where the level of a stream (errors, predictions) changed, by ADWIN and Page–Hinkley: values are taken in standard deviations of the first
 * 100, and a change counts when it exceeds `threshold` of them (default 0.25), so that a long stream does not alarm by its length.
 * A detector starts afresh after each change.
 */
export async function streamChanges(
  values: ArrayLike<number>,
  threshold = LEAST_CHANGE,
): Promise<StreamChange[]> {
  if (values.length <= WARM_UP) return [];
  const { mean, deviation } = usual(values);
  if (deviation === 0) return [];
  const changes: StreamChange[] = [];
  const window = adwin({ delta: DELTA });
  const page = pageHinkley({ delta: TOLERATED, threshold: ACCUMULATED, alpha: 1 });
  const started = { adwin: 0, 'page-hinkley': 0 };
  const notice = (detector: StreamChange['detector'], index: number) => {
    const { at, before, after } = changePoint(
      values,
      Math.max(started[detector], index - LOOK_BACK),
      index + 1,
    );
    started[detector] = index + 1;
    const effect = Math.abs(after - before) / deviation;
    if (effect > threshold) changes.push({ detector, index, since: at, before, after, effect });
  };
  await inSlices(values.length, 2000, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = (values[i]! - mean) / deviation;
      if (window.update(value).drift) notice('adwin', i);
      if (page.update(value).drift) notice('page-hinkley', i);
    }
  });
  return changes.sort((a, b) => a.index - b.index);
}

/** The split with the largest k(n − k)/n · (x̄₁ − x̄₂)², k of n values before it. */
function changePoint(values: ArrayLike<number>, from: number, to: number) {
  const n = to - from;
  let total = 0;
  for (let i = from; i < to; i++) total += values[i]!;
  let best = { at: from, before: total / n, after: total / n, gain: -1 };
  let sum = 0;
  for (let i = from; i < to - 1; i++) {
    sum += values[i]!;
    const k = i + 1 - from;
    if (k < LEAST_SIDE || n - k < LEAST_SIDE) continue;
    const before = sum / k;
    const after = (total - sum) / (n - k);
    const gain = ((k * (n - k)) / n) * (before - after) ** 2;
    if (gain > best.gain) best = { at: i + 1, before, after, gain };
  }
  return best;
}

function usual(values: ArrayLike<number>): { mean: number; deviation: number } {
  let mean = 0;
  for (let i = 0; i < WARM_UP; i++) mean += values[i] / WARM_UP;
  let squares = 0;
  for (let i = 0; i < WARM_UP; i++) squares += (values[i] - mean) ** 2 / WARM_UP;
  return { mean, deviation: Math.sqrt(squares) };
}
