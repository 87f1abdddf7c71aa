import type { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { type RandomState, randomStateFrom } from '../../core/random.ts';
import { type EncodedLabels, encodeLabels, listLabels } from './labels.ts';
import { shuffleOptions } from './option-schemas.ts';
import { partSizes } from './sizes.ts';
import { defineSplitter, type Split, type Splitter } from './splitter.ts';

const options = shuffleOptions(10);

/**
 * {@link shuffleSplit} in which both parts have the shares of the classes of `y` (each class within a row). Options as there. The
 * same rows in the same order as scikit-learn's `StratifiedShuffleSplit`.
 */
export function stratifiedShuffleSplit(
  input: z.input<typeof options> = {},
): Splitter<Readonly<z.output<typeof options>>> {
  const name = 'stratifiedShuffleSplit';
  return defineSplitter(name, options, input, ({ nSplits, randomState, ...sizeOptions }, n, { y }) => {
    const { train, test } = partSizes(n, sizeOptions, 0.1, name);
    const classes = encodeLabels(y, n, 'y', name);
    checkClasses(classes, train, test, 'y', name);
    const random = randomStateFrom(randomState);
    return Array.from({ length: nSplits }, () => stratifiedParts(classes, train, test, random));
  });
}

/** @throws DataError for a class with a single row, or parts smaller than the number of classes. */
export function checkClasses(
  classes: EncodedLabels,
  train: number,
  test: number,
  what: string,
  owner: string,
): void {
  const single = [...classes.counts.keys()].filter((place) => classes.counts[place]! < 2);
  if (single.length > 0) {
    throw new DataError(
      'data/too-few-members',
      `${owner}: every class of '${what}' needs at least 2 rows, one for each part; too few have ${listLabels(classes, single)}.`,
      { owner, what, classes: single.map((place) => String(classes.values[place])) },
    );
  }
  for (const [part, rows] of Object.entries({ train, test })) {
    if (rows >= classes.values.length) continue;
    throw new DataError(
      'data/too-few-rows',
      `${owner}: the ${part} part has ${rows} rows, fewer than the ${classes.values.length} classes of '${what}'. Make ${part}Size larger.`,
      { owner, what, option: `${part}Size`, rows, classes: classes.values.length },
    );
  }
}

/** Random parts of `train` and `test` rows with the classes' shares, each in random order. */
export function stratifiedParts(
  { codes, counts }: EncodedLabels,
  train: number,
  test: number,
  random: RandomState,
): Split {
  const rowsOfClass = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  for (const [row, code] of codes.entries()) rowsOfClass[code]![filled[code]!++] = row;
  const toTrain = shareOut(counts, train, random);
  const toTest = shareOut(
    counts.map((count, k) => count - toTrain[k]!),
    test,
    random,
  );
  const trainRows = new Int32Array(train);
  const testRows = new Int32Array(test);
  let trainAt = 0;
  let testAt = 0;
  for (const [k, rows] of rowsOfClass.entries()) {
    const order = random.permutation(rows.length);
    const trainEnd = toTrain[k]!;
    const testEnd = trainEnd + toTest[k]!;
    for (let i = 0; i < trainEnd; i++) trainRows[trainAt++] = rows[order[i]!]!;
    for (let i = trainEnd; i < testEnd; i++) testRows[testAt++] = rows[order[i]!]!;
  }
  return { train: random.shuffle(trainRows), test: random.shuffle(testRows) };
}

/**
 * How many of `draws` fall to each class: the whole part of count / total · draws, and what is then missing one
 * each to the largest remainders, drawn at random among equal ones. (An approximation of the mode of the
 * multivariate hypergeometric distribution.)
 */
function shareOut(counts: Int32Array, draws: number, random: RandomState): Int32Array {
  let total = 0;
  for (const count of counts) total += count;
  const ideal = Float64Array.from(counts, (count) => (count / total) * draws);
  const shares = Int32Array.from(ideal, Math.floor);
  const remainders = ideal.map((value, k) => value - shares[k]!);
  let missing = draws;
  for (const share of shares) missing -= share;
  for (const remainder of Float64Array.from(new Set(remainders)).sort().reverse()) {
    if (missing <= 0) break;
    const equal = [...remainders.keys()].filter((k) => remainders[k] === remainder);
    const drawn = random.choice(equal, { size: Math.min(equal.length, missing), replace: false });
    for (const k of drawn) shares[k]!++;
    missing -= drawn.length;
  }
  return shares;
}
