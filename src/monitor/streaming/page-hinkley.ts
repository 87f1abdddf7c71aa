import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { option, parseOptions } from '../../core/options.ts';

const optionsSchema = z.strictObject({
  minInstances: option(z.number().int().min(1).default(30), 'Values to see before an alarm is possible.'),
  delta: option(z.number().nonnegative().default(0.005), 'Change of the mean that is tolerated.'),
  threshold: option(z.number().positive().default(50), 'Accumulated deviation that alarms (lambda).'),
  alpha: option(
    z.number().gt(0).max(1).default(0.9999),
    'Factor by which past deviations fade at each value.',
  ),
  mode: option(z.enum(['up', 'down', 'both']).default('both'), 'Direction of the changes that alarm.'),
});

export type PageHinkleyOptions = z.input<typeof optionsSchema>;

/** Everything a detector knows, as plain JSON data. */
export interface PageHinkleyState {
  readonly count: number;
  readonly mean: number;
  /** Faded sums of xₜ − x̄ₜ − δ and of xₜ − x̄ₜ + δ. */
  readonly rise: number;
  readonly fall: number;
  /** The least rise and the greatest fall so far; `null` before the first value. */
  readonly leastRise: number | null;
  readonly greatestFall: number | null;
  /** Whether the last value alarmed; the next one starts afresh. */
  readonly drift: boolean;
}

export interface PageHinkleyUpdate {
  readonly drift: boolean;
  /** The greater one of the accumulated deviations that `mode` looks at. */
  readonly deviation: number;
  /** Mean of the values since the last alarm. */
  readonly mean: number;
}

export interface PageHinkley {
  /** Takes the next value of the stream. After an alarm the detector starts afresh. @throws DataError when not finite. */
  update(value: number): PageHinkleyUpdate;
  /** A copy; `pageHinkley(options, state)` goes on from it. */
  state(): PageHinkleyState;
}

const start: PageHinkleyState = {
  count: 0,
  mean: 0,
  rise: 0,
  fall: 0,
  leastRise: null,
  greatestFall: null,
  drift: false,
};

/**
 * The Page–Hinkley test for a change of the mean of a stream, with fading: mₜ = α·mₜ₋₁ + (xₜ − x̄ₜ − δ) alarms when
 * mₜ − min m exceeds the threshold, and the mirror image for a fall. O(1) per value.
 * Source: E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); fading by J. Gama et al., "On evaluating stream learning
 * algorithms" (2013). The greatest fall starts at −1, as in river's detector, whose alarm positions these are.
 * @throws OptionError for an option out of range.
 */
export function pageHinkley(options: PageHinkleyOptions = {}, from: PageHinkleyState = start): PageHinkley {
  const settings = parseOptions(optionsSchema, options, 'pageHinkley');
  let state = from;
  return {
    update(value) {
      if (!Number.isFinite(value)) throw notFinite(value);
      state = advance(state.drift ? start : state, value, settings);
      return { drift: state.drift, deviation: deviation(state, settings.mode), mean: state.mean };
    },
    state: () => ({ ...state }),
  };
}

function advance(
  { count: before, mean: oldMean, ...state }: PageHinkleyState,
  value: number,
  { minInstances, delta, threshold, alpha, mode }: z.output<typeof optionsSchema>,
): PageHinkleyState {
  const count = before + 1;
  const mean = oldMean + (value - oldMean) / count;
  const rise = alpha * state.rise + (value - mean) - delta;
  const fall = alpha * state.fall + (value - mean) + delta;
  const leastRise = Math.min(state.leastRise ?? Infinity, rise);
  const greatestFall = Math.max(state.greatestFall ?? -1, fall);
  const next = { count, mean, rise, fall, leastRise, greatestFall, drift: false };
  return { ...next, drift: count >= minInstances && deviation(next, mode) > threshold };
}

function deviation({ rise, fall, leastRise, greatestFall }: PageHinkleyState, mode: 'up' | 'down' | 'both') {
  const up = leastRise === null ? 0 : rise - leastRise;
  const down = greatestFall === null ? 0 : greatestFall - fall;
  return mode === 'up' ? up : mode === 'down' ? down : Math.max(up, down);
}

function notFinite(value: number): DataError {
  return new DataError(
    'data/not-finite',
    `pageHinkley got ${value}: it takes finite numbers, so leave missing values out.`,
  );
}
