import { DataError } from '../../core/errors.ts';
import { groupKFold } from '../../data/split/group-k-fold.ts';
import { groupTimeSeriesSplit } from '../../data/split/group-time-series-split.ts';
import { kFold } from '../../data/split/k-fold.ts';
import type { Split, Splitter } from '../../data/split/splitter.ts';
import { stratifiedGroupKFold } from '../../data/split/stratified-group-k-fold.ts';
import { stratifiedKFold } from '../../data/split/stratified-k-fold.ts';
import { divideRows } from '../cross-validate/divide-rows.ts';
import type { LabelledRows } from '../cross-validate/labelled-rows.ts';
import { trialRandom } from '../search/trial-seed.ts';
import type { ChoiceRows } from './choice-rows.ts';

export interface DividedChoice {
  readonly splitter: Splitter<object>;
  readonly splits: readonly Split[];
}

/**
 * Divides training rows as the rows to come will be divided from them: by time, later rows are always the test rows; by groups,
 * a group is never on both sides; else at random, with the shares of the classes. Where rows do not suffice for so many folds,
 * into fewer.
 * @returns undefined where the rows cannot be divided at all.
 */
export async function divideChoice(
  data: LabelledRows,
  { group, time }: Pick<ChoiceRows, 'group' | 'time'>,
  {
    folds,
    seed,
    signal,
  }: { readonly folds: number; readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<DividedChoice | undefined> {
  for (let nSplits = foldsForClasses(data, folds); nSplits >= 2; nSplits--) {
    for (const splitter of splittersFor(data, { group, time }, nSplits, seed)) {
      try {
        return { splitter, splits: await divideRows(data, { cv: splitter, time, signal }) };
      } catch (error) {
        // Too few rows, groups or members of a class for so many folds.
        if (!(error instanceof DataError)) throw error;
      }
    }
  }
  return undefined;
}

/** Few enough folds for a member of the rarest class in each, unless that class is too rare to count. */
function foldsForClasses({ classes, y }: LabelledRows, folds: number): number {
  if (classes === undefined) return folds;
  const counts = new Int32Array(classes.length);
  for (const code of y) counts[code]!++;
  const rarest = Math.min(...counts);
  return rarest >= LEAST_FOLDS ? Math.min(folds, rarest) : folds;
}

const LEAST_FOLDS = 3;

function splittersFor(
  { classes }: LabelledRows,
  { group, time }: Pick<ChoiceRows, 'group' | 'time'>,
  nSplits: number,
  seed: number,
): Splitter<object>[] {
  // Not the seed of the split into training and test rows: two shuffles of one seed are no independent draws.
  const shuffled = { nSplits, shuffle: true, randomState: trialRandom(seed, -1).randint(2 ** 31) };
  if (time !== undefined) {
    return (['trimTrain', 'trimBoth'] as const).map((overlap) => groupTimeSeriesSplit({ nSplits, overlap }));
  }
  if (group !== undefined) {
    return classes === undefined
      ? [groupKFold(shuffled)]
      : [stratifiedGroupKFold(shuffled), groupKFold(shuffled)];
  }
  return classes === undefined ? [kFold(shuffled)] : [stratifiedKFold(shuffled)];
}
