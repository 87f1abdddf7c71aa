import type { z } from 'zod';
import { type RandomState, randomStateFrom } from '../../core/random.ts';
import { shuffleOptions } from './option-schemas.ts';
import { partSizes } from './sizes.ts';
import { defineSplitter, type Split, type Splitter } from './splitter.ts';

const options = shuffleOptions(10);

/**
 * `nSplits` (default 10) independent random divisions; parts are in random order. Options: `testSize` (default 0.1 unless `trainSize` is given), `trainSize`
 * (default all the rest), `randomState` (default 0). The same rows in the same order as scikit-learn's
 * `ShuffleSplit`.
 */
export function shuffleSplit(
  input: z.input<typeof options> = {},
): Splitter<Readonly<z.output<typeof options>>> {
  return defineSplitter('shuffleSplit', options, input, ({ nSplits, randomState, ...sizeOptions }, n) => {
    const { train, test } = partSizes(n, sizeOptions, 0.1, 'shuffleSplit');
    const random = randomStateFrom(randomState);
    return Array.from({ length: nSplits }, () => shuffledParts(n, train, test, random));
  });
}

/** The first `test` rows of a permutation are the test part, the next `train` the training part. */
export function shuffledParts(n: number, train: number, test: number, random: RandomState): Split {
  const permutation = random.permutation(n);
  return { train: permutation.slice(test, test + train), test: permutation.slice(0, test) };
}
