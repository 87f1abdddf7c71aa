import type { z } from 'zod';
import { type RandomState, randomStateFrom } from '../../core/random.ts';
import { ascending, checkEnough, splitsOfFolds } from './folds.ts';
import { foldOptions, repeatOptions } from './option-schemas.ts';
import { defineSplitter, type Splitter } from './splitter.ts';

/**
 * Divides the rows into `nSplits` folds of equal size (the first ones a row larger when it does not divide); each
 * is the test part once. Without `shuffle` folds are runs of neighbouring rows. Options: `nSplits` (default 5),
 * `shuffle` (default false), `randomState` (with `shuffle`; default 0). The same rows as scikit-learn's `KFold`.
 */
export function kFold(
  options: z.input<typeof foldOptions> = {},
): Splitter<Readonly<z.output<typeof foldOptions>>> {
  return defineSplitter('kFold', foldOptions, options, ({ nSplits, shuffle, randomState }, n) => {
    const random = shuffle ? randomStateFrom(randomState) : undefined;
    return splitsOfFolds(foldsOf(n, nSplits, random, 'kFold'), nSplits);
  });
}

/**
 * {@link kFold} `nRepeats` times (default 10), shuffled anew each time by one generator. The same rows as scikit-learn's
 * `RepeatedKFold`.
 */
export function repeatedKFold(
  options: z.input<typeof repeatOptions> = {},
): Splitter<Readonly<z.output<typeof repeatOptions>>> {
  return defineSplitter('repeatedKFold', repeatOptions, options, ({ nSplits, nRepeats, randomState }, n) => {
    const random = randomStateFrom(randomState);
    return Array.from({ length: nRepeats }, () =>
      splitsOfFolds(foldsOf(n, nSplits, random, 'repeatedKFold'), nSplits),
    ).flat();
  });
}

function foldsOf(n: number, nSplits: number, random: RandomState | undefined, owner: string): Int32Array {
  checkEnough(n, nSplits, 'rows', owner);
  const order = ascending(n);
  random?.shuffle(order);
  const folds = new Int32Array(n);
  const size = Math.floor(n / nSplits);
  const larger = n % nSplits;
  let from = 0;
  for (let fold = 0; fold < nSplits; fold++) {
    const to = from + size + (fold < larger ? 1 : 0);
    for (let i = from; i < to; i++) folds[order[i]!] = fold;
    from = to;
  }
  return folds;
}
