import type { z } from 'zod';
import { randomStateFrom } from '../../core/random.ts';
import { foldClasses } from './classes.ts';
import { ascending, checkEnough, splitsOfFolds } from './folds.ts';
import { encodeLabels } from './labels.ts';
import { foldOptions } from './option-schemas.ts';
import { pairwiseSum, standardDeviation } from './pairwise-sum.ts';
import { defineSplitter, type Splitter } from './splitter.ts';

/**
 * Folds of whole groups with the shares of the classes of `y` as equal as a greedy choice makes them: groups in
 * order of how unevenly they hold the classes, each to the fold where the classes' shares then vary least over the
 * folds. `shuffle` changes only the order of equal groups. Options: `nSplits` (default 5), `shuffle` (default
 * false), `randomState` (with `shuffle`; default 0). The same rows as scikit-learn's
 * `StratifiedGroupKFold`.
 */
export function stratifiedGroupKFold(
  options: z.input<typeof foldOptions> = {},
): Splitter<Readonly<z.output<typeof foldOptions>>> {
  const name = 'stratifiedGroupKFold';
  return defineSplitter(name, foldOptions, options, ({ nSplits, shuffle, randomState }, n, data) => {
    checkEnough(n, nSplits, 'rows', name);
    const classes = foldClasses(data.y, n, nSplits, name);
    const groups = encodeLabels(data.groups, n, 'groups', name);
    const nGroups = groups.values.length;
    checkEnough(nGroups, nSplits, 'groups', name);

    const membersOf = Array.from({ length: nGroups }, () => new Float64Array(classes.values.length));
    for (let i = 0; i < n; i++) membersOf[groups.codes[i]!]![classes.codes[i]!]!++;
    const order = ascending(nGroups);
    if (shuffle) randomStateFrom(randomState).shuffle(order);
    const unevenness = Float64Array.from(order, (group) => standardDeviation(membersOf[group]!));
    const foldOfGroup = new Int32Array(nGroups);
    const folds = new FoldShares(nSplits, classes.counts);
    for (const place of ascending(nGroups).sort((a, b) => unevenness[b]! - unevenness[a]! || a - b)) {
      const group = order[place]!;
      foldOfGroup[group] = folds.add(membersOf[group]!);
    }
    return splitsOfFolds(
      groups.codes.map((group) => foldOfGroup[group]!),
      nSplits,
    );
  });
}

/** How many members of each class every fold holds so far. */
class FoldShares {
  readonly #members: Float64Array[];
  readonly #classSizes: Int32Array;

  constructor(nSplits: number, classSizes: Int32Array) {
    this.#members = Array.from({ length: nSplits }, () => new Float64Array(classSizes.length));
    this.#classSizes = classSizes;
  }

  /**
   * Adds a group to the fold where it fits best and returns that fold; of equally good ones the fold with the fewest
   * rows.
   */
  add(group: Float64Array): number {
    let best = 0;
    let bestSpread = Number.POSITIVE_INFINITY;
    let bestRows = Number.POSITIVE_INFINITY;
    for (const [fold, members] of this.#members.entries()) {
      const spread = this.#spreadWith(group, fold);
      const rows = members.reduce((sum, count) => sum + count, 0);
      if (spread < bestSpread || (isClose(spread, bestSpread) && rows < bestRows)) {
        best = fold;
        bestSpread = spread;
        bestRows = rows;
      }
    }
    const members = this.#members[best]!;
    for (let k = 0; k < group.length; k++) members[k]! += group[k]!;
    return best;
  }

  /** Mean over the classes of the standard deviation over the folds of the class's share, were `group` in `fold`. */
  #spreadWith(group: Float64Array, fold: number): number {
    const shares = new Float64Array(this.#members.length);
    const spreads = Float64Array.from(this.#classSizes, (size, k) => {
      for (const [i, members] of this.#members.entries()) {
        shares[i] = (members[k]! + (i === fold ? group[k]! : 0)) / size;
      }
      // A sum down a column of a wide table adds one row at a time; with a single class the column is contiguous.
      return standardDeviation(shares, this.#classSizes.length === 1 ? pairwiseSum : plainSum);
    });
    return pairwiseSum(spreads) / spreads.length;
  }
}

function plainSum(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** NumPy's `isclose` at its defaults: |a − b| ≤ 1e-8 + 1e-5·|b|, never for an infinite b. */
function isClose(a: number, b: number): boolean {
  return Number.isFinite(b) && Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
}
