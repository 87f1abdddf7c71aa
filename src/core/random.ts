import { randomFillSync } from 'node:crypto';
import { OptionError } from './errors.ts';
import { blockSize, keyFromSeed, Mt19937 } from './mt19937.ts';
import { preciseLog } from './precise-log.ts';

/** A generator's whole state as plain data, in the layout of NumPy's `RandomState.get_state()`. */
export interface RandomStateData {
  readonly algorithm: 'MT19937';
  /** 624 words. */
  readonly key: readonly number[];
  /** Words of the current block already used, 0 … 624. */
  readonly position: number;
  /** The second normal of the last pair, when it has not been handed out. */
  readonly cachedNormal: number | null;
}

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export interface ChoiceOptions {
  /** How many to draw; without it a single value is returned. */
  readonly size?: number;
  /** Whether a value may be drawn again. Default true. */
  readonly replace?: boolean;
  /** Probabilities, one per candidate, summing to 1. Default: all the same. */
  readonly p?: ArrayLike<number>;
}

const seedLimit = 2 ** 32;

/**
 * NumPy's legacy generator `numpy.random.RandomState` (MT19937): integers, uniforms, permutations and choices are
 * its bit for bit; normals agree within a unit in the last place (its logarithm depends on the C library).
 */
export class RandomState {
  #words: Mt19937;
  #cachedNormal: number | null = null;

  /**
   * @param seed integer 0 … 2^32 − 1, or null for a state drawn from the operating system.
   * @throws OptionError `random/seed`.
   */
  constructor(seed: number | null) {
    if (seed === null) {
      const key = randomFillSync(new Uint32Array(blockSize));
      key[0] = 0x80000000; // not all zero, the one state that MT19937 never leaves
      this.#words = new Mt19937(key, blockSize);
      return;
    }
    if (!Number.isInteger(seed) || seed < 0 || seed >= seedLimit) {
      throw new OptionError(
        'random/seed',
        `A seed is an integer from 0 to ${seedLimit - 1}, or null for a new one each time; got ${String(seed)}.`,
        { option: 'randomState', value: String(seed) },
      );
    }
    this.#words = new Mt19937(keyFromSeed(seed), blockSize);
  }

  /** @throws OptionError `random/state` when `data` is no such state. */
  static from(data: RandomStateData): RandomState {
    const { algorithm, key, position, cachedNormal } = data;
    if (
      algorithm !== 'MT19937' ||
      key.length !== blockSize ||
      !key.every((word) => Number.isInteger(word) && word >= 0 && word < seedLimit) ||
      !Number.isInteger(position) ||
      position < 0 ||
      position > blockSize
    ) {
      throw new OptionError(
        'random/state',
        `A random state has algorithm 'MT19937', a key of ${blockSize} words of 32 bits and a position from 0 to ${blockSize}.`,
        { algorithm, words: key.length, position },
      );
    }
    const state = new RandomState(0);
    state.#words = new Mt19937(Uint32Array.from(key), position);
    state.#cachedNormal = cachedNormal;
    return state;
  }

  state(): RandomStateData {
    return {
      algorithm: 'MT19937',
      key: Array.from(this.#words.key()),
      position: this.#words.position,
      cachedNormal: this.#cachedNormal,
    };
  }

  /**
   * Integers uniform on low ≤ v < high, or on 0 ≤ v < low when `high` is left out.
   * With `size` an Int32Array; for wider ranges see {@link fillRandint}.
   * @throws OptionError `random/range`.
   */
  randint(low: number, high?: number): number;
  randint(low: number, high: number | undefined, size: number): Int32Array;
  randint(low: number, high?: number, size?: number): number | Int32Array {
    const from = high === undefined ? 0 : low;
    const to = high === undefined ? low : high;
    if (size === undefined) {
      checkIntegerRange(from, to);
      return this.#integer(from, to - 1 - from);
    }
    return this.fillRandint(new Int32Array(checkSize(size)), from, to);
  }

  /**
   * Fills `out` with integers uniform on low ≤ v < high.
   * @throws OptionError `random/range` when the range is empty, wider than 2^53, or does not fit the array's type.
   */
  fillRandint<A extends NumberArray>(out: A, low: number, high: number): A {
    checkIntegerRange(low, high);
    checkFits(out, low, high);
    const span = high - 1 - low;
    if (span >= seedLimit) {
      for (let i = 0; i < out.length; i++) out[i] = this.#integer(low, span);
      return out;
    }
    if (span === 0) return out.fill(low) as A;
    this.#words.fillMasked(out, low, span, maskOf(span));
    return out;
  }

  /** Uniform on [0, 1) with 53 random bits. */
  randomSample(): number;
  randomSample(size: number): Float64Array;
  randomSample(size?: number): number | Float64Array {
    if (size === undefined) return this.#words.nextDouble();
    return this.fillUniform(new Float64Array(checkSize(size)));
  }

  /** Uniform on [low, high): low + (high − low)·u. Default [0, 1). */
  uniform(low?: number, high?: number): number;
  uniform(low: number, high: number, size: number): Float64Array;
  uniform(low = 0, high = 1, size?: number): number | Float64Array {
    if (size === undefined) return low + (high - low) * this.#words.nextDouble();
    return this.fillUniform(new Float64Array(checkSize(size)), low, high);
  }

  /** Fills `out` with draws uniform on [low, high). Default [0, 1). */
  fillUniform<A extends Float32Array | Float64Array>(out: A, low = 0, high = 1): A {
    this.#words.fillDoubles(out, low, high - low);
    return out;
  }

  /** Normal with mean 0 and standard deviation 1, by Marsaglia's polar method in pairs. */
  standardNormal(): number;
  standardNormal(size: number): Float64Array;
  standardNormal(size?: number): number | Float64Array {
    if (size === undefined) return this.#normal();
    return this.fillNormal(new Float64Array(checkSize(size)));
  }

  /** Normal with mean `loc` (default 0) and standard deviation `scale` (default 1). */
  normal(loc?: number, scale?: number): number;
  normal(loc: number, scale: number, size: number): Float64Array;
  normal(loc = 0, scale = 1, size?: number): number | Float64Array {
    if (size === undefined) return loc + checkScale(scale) * this.#normal();
    return this.fillNormal(new Float64Array(checkSize(size)), loc, scale);
  }

  /** Fills `out` with normals of mean `loc` (default 0) and standard deviation `scale` (default 1). */
  fillNormal<A extends Float32Array | Float64Array>(out: A, loc = 0, scale = 1): A {
    checkScale(scale);
    for (let i = 0; i < out.length; i++) out[i] = loc + scale * this.#normal();
    return out;
  }

  /** 0 … n−1 in random order as an Int32Array, or a shuffled copy of an array (same class). */
  permutation(n: number): Int32Array;
  permutation<A extends NumberArray>(values: A): A;
  permutation<T>(values: readonly T[]): T[];
  permutation(source: number | NumberArray | readonly unknown[]): NumberArray | unknown[] {
    if (typeof source === 'number') return this.shuffle(range(source));
    return this.shuffle(source.slice());
  }

  /** Shuffles in place (Fisher–Yates from the end) and returns the array. */
  shuffle<A extends NumberArray | unknown[]>(values: A): A {
    const array = values as unknown[];
    const words = this.#words;
    for (let i = array.length - 1; i > 0; i--) {
      const mask = maskOf(i);
      let j = (words.next() & mask) >>> 0;
      while (j > i) j = (words.next() & mask) >>> 0;
      const value = array[i];
      array[i] = array[j];
      array[j] = value;
    }
    return values;
  }

  /**
   * Draws from 0 … n−1 or from the values of an array.
   * @throws OptionError `random/choice` for nothing to draw from, more draws than candidates without replacement, or `p` that are
   * no probabilities.
   */
  choice(n: number, options?: ChoiceOptions & { readonly size?: undefined }): number;
  choice(n: number, options: ChoiceOptions & { readonly size: number }): Int32Array;
  choice<T>(values: ArrayLike<T>, options?: ChoiceOptions & { readonly size?: undefined }): T;
  choice<T>(values: ArrayLike<T>, options: ChoiceOptions & { readonly size: number }): T[];
  choice(source: number | ArrayLike<unknown>, options: ChoiceOptions = {}): unknown {
    const n = typeof source === 'number' ? source : source.length;
    const size = checkSize(options.size ?? 1);
    checkChoice(n, size, options);
    const indices = this.#choose(n, size, options);
    if (typeof source === 'number') return options.size === undefined ? indices[0] : indices;
    return options.size === undefined ? source[indices[0]!] : Array.from(indices, (index) => source[index]);
  }

  #choose(n: number, size: number, { replace = true, p }: ChoiceOptions): Int32Array {
    if (p === undefined) {
      return replace ? this.randint(0, n, size) : this.permutation(n).slice(0, size);
    }
    if (replace) {
      const cdf = cumulative(p);
      return Int32Array.from(this.randomSample(size), (u) => firstAbove(cdf, u));
    }
    // Draw as many as are missing, keep the new ones in order of drawing, take their probability away, again.
    const left = Float64Array.from(p);
    const found = new Set<number>();
    while (found.size < size) {
      const uniforms = this.randomSample(size - found.size);
      for (const index of found) left[index] = 0;
      const cdf = cumulative(left);
      for (const u of uniforms) found.add(firstAbove(cdf, u));
    }
    return Int32Array.from(found);
  }

  /** low + v, v uniform on 0 … span: masked rejection on one word, or on two (upper first) beyond 2^32 − 1. */
  #integer(low: number, span: number): number {
    if (span === 0) return low;
    const words = this.#words;
    if (span < seedLimit) {
      const mask = maskOf(span);
      let value = (words.next() & mask) >>> 0;
      while (value > span) value = (words.next() & mask) >>> 0;
      return low + value;
    }
    const mask = maskOf(Math.floor(span / seedLimit));
    for (;;) {
      const high = (words.next() & mask) >>> 0;
      const value = high * seedLimit + words.next();
      if (value <= span) return low + value;
    }
  }

  #normal(): number {
    const cached = this.#cachedNormal;
    if (cached !== null) {
      this.#cachedNormal = null;
      return cached;
    }
    const words = this.#words;
    let x: number;
    let y: number;
    let squares: number;
    do {
      x = 2 * words.nextDouble() - 1;
      y = 2 * words.nextDouble() - 1;
      squares = x * x + y * y;
    } while (squares >= 1 || squares === 0);
    const factor = Math.sqrt((-2 * preciseLog(squares)) / squares);
    this.#cachedNormal = factor * x;
    return factor * y;
  }
}

/**
 * What an option `randomState` means: a number seeds (default 0), null draws entropy, a generator is used as it
 * stands.
 */
export function randomStateFrom(option: number | null | undefined | RandomState): RandomState {
  return option instanceof RandomState ? option : new RandomState(option === undefined ? 0 : option);
}

/** The smallest 2^b − 1 that is at least `max` (max < 2^32), as a 32-bit mask. */
function maskOf(max: number): number {
  return max === 0 ? 0 : 0xffffffff >>> Math.clz32(max);
}

function range(n: number): Int32Array {
  const values = new Int32Array(checkSize(n));
  for (let i = 0; i < n; i++) values[i] = i;
  return values;
}

function cumulative(p: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(p.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) sums[i] = sum += p[i]!;
  return sums.map((value) => value / sum);
}

/** The first index with sorted[index] > u. */
function firstAbove(sorted: Float64Array, u: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

function checkSize(size: number): number {
  if (Number.isInteger(size) && size >= 0 && size <= 0x7fffffff) return size;
  throw new OptionError('random/size', `A size is an integer from 0 to 2147483647; got ${size}.`, { size });
}

function checkScale(scale: number): number {
  if (scale >= 0) return scale;
  throw new OptionError('random/scale', `The standard deviation 'scale' is at least 0; got ${scale}.`, {
    option: 'scale',
  });
}

function checkIntegerRange(low: number, high: number): void {
  if (
    Number.isSafeInteger(low) &&
    Number.isSafeInteger(high - 1) &&
    low < high &&
    Number.isSafeInteger(high - 1 - low)
  ) {
    return;
  }
  throw new OptionError(
    'random/range',
    `randint draws integers with low ≤ v < high and a width of at most 2^53; got low = ${low}, high = ${high}.`,
    { low, high },
  );
}

function checkFits(out: NumberArray, low: number, high: number): void {
  const probe = out.slice(0, 0).constructor as new (values: number[]) => NumberArray;
  const [first, last] = new probe([low, high - 1]);
  if (first === low && last === high - 1) return;
  throw new OptionError(
    'random/range',
    `Integers from ${low} to ${high - 1} do not fit ${probe.name}: fill a Float64Array with fillRandint.`,
    { low, high, array: probe.name },
  );
}

function checkChoice(n: number, size: number, { replace = true, p }: ChoiceOptions): void {
  const fail = (message: string): never => {
    throw new OptionError('random/choice', message, { candidates: n, size });
  };
  if (!Number.isInteger(n) || n < 0) fail(`choice draws from 0 … n−1 for an integer n; got ${n}.`);
  if (n === 0 && size > 0) fail('choice has nothing to draw from: there are 0 candidates.');
  if (!replace && size > n)
    fail(`choice cannot draw ${size} of ${n} without replacement: set replace: true or a smaller size.`);
  if (p === undefined) return;
  if (p.length !== n) fail(`choice needs one probability per candidate: p has ${p.length}, there are ${n}.`);
  let sum = 0;
  let positive = 0;
  for (let i = 0; i < n; i++) {
    if (!(p[i]! >= 0)) fail(`choice: p[${i}] = ${p[i]} is no probability.`);
    sum += p[i]!;
    if (p[i]! > 0) positive++;
  }
  // The square root of the machine epsilon: as far as sums of rounded probabilities stray in practice.
  if (Math.abs(sum - 1) > 1.5e-8) fail(`choice: the probabilities p sum to ${sum}, not to 1.`);
  if (!replace && positive < size)
    fail(`choice cannot draw ${size} without replacement: only ${positive} probabilities are positive.`);
}
