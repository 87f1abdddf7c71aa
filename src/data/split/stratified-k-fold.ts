import type { z } from 'zod';
import { type RandomState, randomStateFrom } from '../../core/random.ts';
import { foldClasses } from './classes.ts';
import { checkEnough, splitsOfFolds } from './folds.ts';
import type { EncodedLabels } from './labels.ts';
import { foldOptions, repeatOptions } from './option-schemas.ts';
import { defineSplitter, type Splitter } from './splitter.ts';

/**
 * {@link kFold} in which every fold has the shares of the classes of `y` (each class within a row). Rows of a class go to folds in order of appearance, or
 * shuffled within the class. Options: `nSplits` (default 5), `shuffle` (default false), `randomState` (with
 * `shuffle`; default 0). The same rows as scikit-learn's `StratifiedKFold`.
 */
export function stratifiedKFold(
  options: z.input<typeof foldOptions> = {},
): Splitter<Readonly<z.output<typeof foldOptions>>> {
  const name = 'stratifiedKFold';
  return defineSplitter(name, foldOptions, options, ({ nSplits, shuffle, randomState }, n, { y }) => {
    checkEnough(n, nSplits, 'rows', name);
    const classes = foldClasses(y, n, nSplits, name);
    return splitsOfFolds(
      stratifiedFolds(classes, nSplits, shuffle ? randomStateFrom(randomState) : undefined),
      nSplits,
    );
  });
}

/**
 * {@link stratifiedKFold} `nRepeats` times (default 10), shuffled anew each time by one generator. The same rows as
 * scikit-learn's `RepeatedStratifiedKFold`.
 */
export function repeatedStratifiedKFold(
  options: z.input<typeof repeatOptions> = {},
): Splitter<Readonly<z.output<typeof repeatOptions>>> {
  const name = 'repeatedStratifiedKFold';
  return defineSplitter(name, repeatOptions, options, ({ nSplits, nRepeats, randomState }, n, { y }) => {
    checkEnough(n, nSplits, 'rows', name);
    const classes = foldClasses(y, n, nSplits, name);
    const random = randomStateFrom(randomState);
    return Array.from({ length: nRepeats }, () =>
      splitsOfFolds(stratifiedFolds(classes, nSplits, random), nSplits),
    ).flat();
  });
}

/**
 * Laying the rows out class after class (classes in order of first appearance) and dealing them to the folds in
 * turn says how many rows of each class a fold gets; which rows is then decided within the class.
 */
function stratifiedFolds(
  { codes, counts }: EncodedLabels,
  nSplits: number,
  random: RandomState | undefined,
): Int32Array {
  const rowsOfClass = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  const appearance: number[] = [];
  for (const [row, code] of codes.entries()) {
    if (filled[code] === 0) appearance.push(code);
    rowsOfClass[code]![filled[code]!++] = row;
  }
  const folds = new Int32Array(codes.length);
  let dealt = 0;
  for (const code of appearance) {
    const rows = rowsOfClass[code]!;
    const foldsOfClass = new Int32Array(rows.length);
    for (let i = 0; i < rows.length; i++) foldsOfClass[i] = (dealt + i) % nSplits;
    dealt += rows.length;
    foldsOfClass.sort();
    random?.shuffle(foldsOfClass);
    for (let i = 0; i < rows.length; i++) folds[rows[i]!] = foldsOfClass[i]!;
  }
  return folds;
}
