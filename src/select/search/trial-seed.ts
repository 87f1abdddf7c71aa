import { RandomState } from '../../core/random.ts';

/**
 * The generator of one trial: it depends on the seed of the search and the number of the trial alone, so trials may
 * be drawn in any order. Mixing: the finaliser of MurmurHash3 (A. Appleby, public domain).
 */
export function trialRandom(seed: number, number: number): RandomState {
  let mixed = (seed ^ Math.imul(number + 1, 0x9e3779b1)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return new RandomState((mixed ^ (mixed >>> 16)) >>> 0);
}

/** The seed itself, or a new one for null. @throws OptionError for no seed. */
export function seedOf(randomState: number | null): number {
  // The generator checks a seed; drawing from it gives a new one.
  const random = new RandomState(randomState);
  return randomState ?? random.randint(0, 2 ** 32);
}
