import type { z } from 'zod';
import { type RandomState, randomStateFrom } from '../../core/random.ts';
import { ascending, checkEnough, splitsOfFolds } from './folds.ts';
import { type EncodedLabels, encodeLabels } from './labels.ts';
import { foldOptions } from './option-schemas.ts';
import { defineSplitter, type Splitter } from './splitter.ts';

/**
 * Folds of whole groups. Without `shuffle` the largest group goes to the fold with the fewest rows, then the next;
 * with it the groups are shuffled and cut into runs of equal number. Options: `nSplits` (default 5), `shuffle`
 * (default false), `randomState` (with
 * `shuffle`; default 0). The same rows as scikit-learn's `GroupKFold`.
 */
export function groupKFold(
  options: z.input<typeof foldOptions> = {},
): Splitter<Readonly<z.output<typeof foldOptions>>> {
  const name = 'groupKFold';
  return defineSplitter(name, foldOptions, options, ({ nSplits, shuffle, randomState }, n, data) => {
    const groups = encodeLabels(data.groups, n, 'groups', name);
    checkEnough(groups.values.length, nSplits, 'groups', name);
    const foldOfGroup = shuffle
      ? shuffledGroups(groups, nSplits, randomStateFrom(randomState))
      : balancedGroups(groups, nSplits);
    return splitsOfFolds(
      groups.codes.map((group) => foldOfGroup[group]!),
      nSplits,
    );
  });
}

function shuffledGroups({ counts }: EncodedLabels, nSplits: number, random: RandomState): Int32Array {
  const order = random.permutation(counts.length);
  const size = Math.floor(counts.length / nSplits);
  const larger = counts.length % nSplits;
  const foldOfGroup = new Int32Array(counts.length);
  let at = 0;
  for (let fold = 0; fold < nSplits; fold++) {
    for (let i = size + (fold < larger ? 1 : 0); i > 0; i--) foldOfGroup[order[at++]!] = fold;
  }
  return foldOfGroup;
}

function balancedGroups({ counts }: EncodedLabels, nSplits: number): Int32Array {
  // Largest first; of equal ones the last label first.
  const order = ascending(counts.length).sort((a, b) => counts[b]! - counts[a]! || b - a);
  const rowsInFold = new Float64Array(nSplits);
  const foldOfGroup = new Int32Array(counts.length);
  for (const group of order) {
    let lightest = 0;
    for (let fold = 1; fold < nSplits; fold++) {
      if (rowsInFold[fold]! < rowsInFold[lightest]!) lightest = fold;
    }
    rowsInFold[lightest]! += counts[group]!;
    foldOfGroup[group] = lightest;
  }
  return foldOfGroup;
}
