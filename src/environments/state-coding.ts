import { DataError, OptionError } from '../core/errors.ts';
import type { Environment, Observation } from './environment.ts';
import { episodeSeed, SeedStream } from './episode-seed.ts';
import { SeededSource } from './random-source.ts';
import { sampleSpace, spaceWidth } from './space.ts';

/**
 * How observations become the numbers 0 … of a table's states; plain data. Number `j` of an observation has `sizes[j]` values: itself
 * where it is whole, the bin ⌊(value − low) × scale⌋, cut to the range, where it is binned. The state is their mixed-radix number.
 */
export interface StateCoding {
  readonly sizes: Int32Array;
  /** Lower end of the first bin of each number; empty where numbers are whole. */
  readonly low: Float64Array;
  /** Bins per unit. */
  readonly scale: Float64Array;
}

export interface BinOptions {
  /** Bins of each number of a continuous observation, or of all alike. */
  readonly bins: number | readonly number[];
  /** Ends of the range that is divided; default: the space's bounds, or what a random policy meets where they are infinite. */
  readonly low?: readonly number[] | undefined;
  readonly high?: readonly number[] | undefined;
}

/** States a table may have: 4 million with 6 actions take some 500 MB while they are learned. */
const MOST_STATES = 2 ** 22;
/** Steps of a random policy that show the range of an unbounded number. */
const PROBE_STEPS = 2000;

/** @throws OptionError for bins that do not fit the observations or make too many states. */
export function stateCoding(environment: Environment, options: BinOptions, seed: number): StateCoding {
  const { observationSpace: space } = environment;
  const width = spaceWidth(space);
  const none = new Float64Array(0);
  if (space.kind === 'discrete') return checked({ sizes: Int32Array.of(space.n), low: none, scale: none });
  if (space.kind === 'multi-discrete')
    return checked({ sizes: Int32Array.from(space.sizes), low: none, scale: none });
  const { bins } = options;
  const sizes = typeof bins === 'number' ? new Int32Array(width).fill(bins) : Int32Array.from(bins);
  requireLength('bins', sizes.length, width);
  const low = Float64Array.from(options.low ?? space.low);
  const high = Float64Array.from(options.high ?? space.high);
  requireLength('low', low.length, width);
  requireLength('high', high.length, width);
  if (![...low, ...high].every(Number.isFinite)) widen(environment, low, high, seed);
  for (let j = 0; j < width; j++) {
    if (high[j]! > low[j]!) continue;
    throw new OptionError(
      'option/invalid',
      `The range of observation ${j} is ${low[j]} … ${high[j]}; low must be less than high.`,
      { option: 'low' },
    );
  }
  return checked({ sizes, low, scale: Float64Array.from(sizes, (size, j) => size / (high[j]! - low[j]!)) });
}

function requireLength(option: string, given: number, width: number): void {
  if (given === width) return;
  throw new OptionError(
    'option/invalid',
    `Option '${option}' has ${given} numbers, but an observation has ${width}.`,
    { option },
  );
}

function checked(coding: StateCoding): StateCoding {
  const states = stateCount(coding);
  if (states <= MOST_STATES) return coding;
  throw new OptionError(
    'model/too-many-states',
    `The observations make ${states.toPrecision(3)} states, more than a table holds (${MOST_STATES}). Use fewer bins.`,
    { option: 'bins' },
  );
}

/** Puts, for infinite ends, the range of what a random policy meets, and a quarter more to either side. */
function widen(environment: Environment, low: Float64Array, high: Float64Array, seed: number): void {
  const random = new SeededSource(seed, SeedStream.probe);
  const least = low.map(() => Number.POSITIVE_INFINITY);
  const most = low.map(() => Number.NEGATIVE_INFINITY);
  const see = (observation: Observation) => {
    for (let j = 0; j < low.length; j++) {
      const value = (observation as ArrayLike<number>)[j]!;
      least[j] = Math.min(least[j]!, value);
      most[j] = Math.max(most[j]!, value);
    }
  };
  let episode = 0;
  see(environment.reset({ seed: episodeSeed(seed, SeedStream.probe, episode++) }));
  for (let i = 0; i < PROBE_STEPS; i++) {
    const { observation, terminated, truncated } = environment.step(
      sampleSpace(environment.actionSpace, random),
    );
    see(observation);
    if (terminated || truncated)
      see(environment.reset({ seed: episodeSeed(seed, SeedStream.probe, episode++) }));
  }
  for (let j = 0; j < low.length; j++) {
    const margin = (most[j]! - least[j]!) / 4 || 1;
    if (!Number.isFinite(low[j]!)) low[j] = least[j]! - margin;
    if (!Number.isFinite(high[j]!)) high[j] = most[j]! + margin;
  }
}

/** Whether the observations of an environment are numbered by the coding: as many numbers, and as many values of each where they are whole. */
export function suitsCoding({ sizes, low }: StateCoding, { observationSpace: space }: Environment): boolean {
  if (spaceWidth(space) !== sizes.length || (space.kind === 'box') !== low.length > 0) return false;
  if (space.kind === 'box') return true;
  const own = space.kind === 'discrete' ? [space.n] : space.sizes;
  return own.every((size, j) => size === sizes[j]);
}

export function stateCount({ sizes }: StateCoding): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/** The state of an observation that the environment gave. */
export function codeObservation(coding: StateCoding, observation: Observation): number {
  return typeof observation === 'number' ? observation : codeAt(coding, observation, 0);
}

/** The state of the observation that begins at `values[at]`; whole numbers out of their range give a wrong one. */
export function codeAt({ sizes, low, scale }: StateCoding, values: ArrayLike<number>, at: number): number {
  let code = 0;
  if (low.length === 0) {
    for (let j = 0; j < sizes.length; j++) code = code * sizes[j]! + values[at + j]!;
    return code;
  }
  for (let j = 0; j < sizes.length; j++) {
    const bin = Math.floor((values[at + j]! - low[j]!) * scale[j]!);
    const last = sizes[j]! - 1;
    code = code * sizes[j]! + Math.min(Math.max(bin, 0), last);
  }
  return code;
}

/** States of the rows of a table. @throws DataError naming the row of a value that no observation has. */
export function codeRows(coding: StateCoding, data: Float64Array, rows: number): Int32Array {
  const { sizes, low } = coding;
  const width = sizes.length;
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; low.length === 0 && j < width; j++) {
      const value = data[i * width + j]!;
      if (Number.isInteger(value) && value >= 0 && value < sizes[j]!) continue;
      throw new DataError(
        'data/unknown-state',
        `Row ${i} is ${width === 1 ? '' : `at position ${j} `}${value}, but an observation is a whole number 0 … ${sizes[j]! - 1}.`,
        { row: i },
      );
    }
    codes[i] = codeAt(coding, data, i * width);
  }
  return codes;
}
