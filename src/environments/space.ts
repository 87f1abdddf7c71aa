import { OptionError } from '../core/errors.ts';
import type { RandomSource } from './random-source.ts';

/** One of `n` whole numbers 0 … n − 1. */
export interface DiscreteSpace {
  readonly kind: 'discrete';
  readonly n: number;
}

/** Several whole numbers at once; number `j` is 0 … sizes[j] − 1. (Gymnasium's Tuple of Discrete, MultiDiscrete.) */
export interface MultiDiscreteSpace {
  readonly kind: 'multi-discrete';
  readonly sizes: readonly number[];
}

/** Float32 numbers, each between a lower and an upper bound that may be infinite. */
export interface BoxSpace {
  readonly kind: 'box';
  readonly low: Float32Array;
  readonly high: Float32Array;
}

export type Space = DiscreteSpace | MultiDiscreteSpace | BoxSpace;

/** @throws OptionError unless `n` is a whole number from 1 on. */
export function discrete(n: number): DiscreteSpace {
  requireSize(n);
  return Object.freeze({ kind: 'discrete', n });
}

/** @throws OptionError unless all sizes are whole numbers from 1 on. */
export function multiDiscrete(sizes: readonly number[]): MultiDiscreteSpace {
  sizes.forEach(requireSize);
  return Object.freeze({ kind: 'multi-discrete', sizes: [...sizes] });
}

/** @throws OptionError when the bounds differ in length or order. */
export function box(low: ArrayLike<number>, high: ArrayLike<number>): BoxSpace {
  const space = { kind: 'box', low: Float32Array.from(low), high: Float32Array.from(high) } as const;
  if (space.low.length !== space.high.length || !space.low.every((value, j) => value <= space.high[j]!)) {
    throw new OptionError(
      'environment/space',
      'A box needs as many lower as upper bounds, none of them NaN, and no lower one above its upper one.',
    );
  }
  return Object.freeze(space);
}

function requireSize(n: number): void {
  if (Number.isSafeInteger(n) && n >= 1) return;
  throw new OptionError(
    'environment/space',
    `A discrete space has a whole number of values from 1 on, not ${n}.`,
  );
}

/** Numbers in one value of the space. */
export function spaceWidth(space: Space): number {
  if (space.kind === 'discrete') return 1;
  return space.kind === 'box' ? space.low.length : space.sizes.length;
}

/** Whether `value` is of the space: a number where it is discrete, else as many numbers as it is wide. */
export function spaceContains(space: Space, value: number | ArrayLike<number>): boolean {
  if (space.kind === 'discrete') return typeof value === 'number' && isBelow(value, space.n);
  if (typeof value === 'number' || value.length !== spaceWidth(space)) return false;
  for (let j = 0; j < value.length; j++) {
    const one = value[j]!;
    const fits =
      space.kind === 'box' ? one >= space.low[j]! && one <= space.high[j]! : isBelow(one, space.sizes[j]!);
    if (!fits) return false;
  }
  return true;
}

function isBelow(value: number, n: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < n;
}

/**
 * A random value: uniform between finite bounds, exponential beyond a single bound, normal without any, as Gymnasium draws it.
 */
export function sampleSpace(space: Space, random: RandomSource): number | Float32Array | Int32Array {
  if (space.kind === 'discrete') return Math.floor(random.next() * space.n);
  if (space.kind === 'multi-discrete')
    return Int32Array.from(space.sizes, (size) => Math.floor(random.next() * size));
  return Float32Array.from(space.low, (low, j) => sampleBetween(low, space.high[j]!, random));
}

function sampleBetween(low: number, high: number, random: RandomSource): number {
  const exponential = () => -Math.log(1 - random.next());
  if (Number.isFinite(low)) {
    return Number.isFinite(high) ? low + (high - low) * random.next() : low + exponential();
  }
  if (Number.isFinite(high)) return high - exponential();
  // Box and Muller.
  return Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * random.next());
}

/** `one of 0 … 5`, `4 numbers` in a message. */
export function describeSpace(space: Space): string {
  if (space.kind === 'discrete') return `a whole number 0 … ${space.n - 1}`;
  if (space.kind === 'multi-discrete')
    return `${space.sizes.length} whole numbers below ${space.sizes.join(', ')}`;
  return `${space.low.length === 1 ? 'a list of 1 number' : `${space.low.length} numbers`}`;
}
