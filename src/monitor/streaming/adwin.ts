import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { option, parseOptions } from '../../core/options.ts';
import { addValue, type BucketWindow, dropOldest, emptyWindow, oldestFirst } from './bucket-window.ts';

const optionsSchema = z.strictObject({
  delta: option(z.number().gt(0).lt(1).default(0.002), 'Confidence: smaller values alarm less often.'),
  clock: option(z.number().int().min(1).default(32), 'Values between two looks for a cut.'),
  maxBuckets: option(z.number().int().min(1).default(5), 'Buckets of one size before two are merged.'),
  minWindowLength: option(
    z.number().int().min(1).default(5),
    'Least number of values on each side of a cut.',
  ),
  gracePeriod: option(
    z.number().int().nonnegative().default(10),
    'Values to see before an alarm is possible.',
  ),
});

export type AdwinOptions = z.input<typeof optionsSchema>;

/** Everything a detector knows, as plain JSON data of O(log width) numbers. */
export interface AdwinState {
  /** Values seen since the last alarm. */
  readonly seen: number;
  readonly window: BucketWindow;
  /** Whether the last value alarmed; the next one starts afresh. */
  readonly drift: boolean;
}

export interface AdwinUpdate {
  readonly drift: boolean;
  /** Number of values in the window. */
  readonly width: number;
  /** Their mean. */
  readonly mean: number;
  /** Their variance (÷ width). */
  readonly variance: number;
}

export interface Adwin {
  /** Takes the next value of the stream. @throws DataError when it is not finite. */
  update(value: number): AdwinUpdate;
  /** A copy; `adwin(options, state)` goes on from it. */
  state(): AdwinState;
}

/**
 * ADWIN, adaptive windowing: keeps as many of the last values as agree on one mean. Every `clock` values each split of the window
 * into an older and a newer part is tried at the ends of its buckets; where their means differ by more than
 *   ε = √(2σ²·ln(2 ln(W)/δ)/h) + ⅔·ln(2 ln(W)/δ)/h,  1/h = 1/(W₀ − l + 1) + 1/(W₁ − l + 1),
 * (W values in all, l = `minWindowLength`) the oldest bucket goes, and it is tried again. The first value after an alarm
 * starts a new window. O(log W) memory and amortised time.
 * Source: A. Bifet, R. Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007. Alarm positions
 * are those of river's detector.
 * @throws OptionError for an option out of range.
 */
export function adwin(options: AdwinOptions = {}, from?: AdwinState): Adwin {
  const settings = parseOptions(optionsSchema, options, 'adwin');
  let seen = from?.seen ?? 0;
  let drift = from?.drift ?? false;
  let window = structuredClone(from?.window) ?? emptyWindow();
  return {
    update(value) {
      if (!Number.isFinite(value)) throw notFinite(value);
      if (drift) {
        window = emptyWindow();
        seen = 0;
      }
      seen++;
      addValue(window, value, settings.maxBuckets);
      drift = seen % settings.clock === 0 && window.width > settings.gracePeriod && shrink(window, settings);
      const { width, total, deviations } = window;
      return { drift, width, mean: total / width, variance: deviations / width };
    },
    state: () => ({ seen, window: structuredClone(window), drift }),
  };
}

type Settings = z.output<typeof optionsSchema>;

/** Drops old buckets while a cut is found; whether there was any. */
function shrink(window: BucketWindow, settings: Settings): boolean {
  let shrunk = false;
  while (hasCut(window, settings)) {
    dropOldest(window);
    shrunk = true;
  }
  return shrunk;
}

function hasCut(window: BucketWindow, { delta, minWindowLength }: Settings): boolean {
  const { width, total, deviations } = window;
  const confidence = Math.log((2 * Math.log(width)) / delta);
  let older = 0;
  let sum = 0;
  for (const { size, total: part } of oldestFirst(window)) {
    older += size;
    sum += part;
    const newer = width - older;
    if (newer < minWindowLength) return false;
    if (older < minWindowLength) continue;
    const inverse = 1 / (older - minWindowLength + 1) + 1 / (newer - minWindowLength + 1);
    const bound = Math.sqrt(2 * inverse * (deviations / width) * confidence) + (2 / 3) * confidence * inverse;
    if (Math.abs(sum / older - (total - sum) / newer) > bound) return true;
  }
  return false;
}

function notFinite(value: number): DataError {
  return new DataError(
    'data/not-finite',
    `adwin got ${value}: it takes finite numbers, so leave missing values out.`,
  );
}
