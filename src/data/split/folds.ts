import { DataError } from '../../core/errors.ts';
import type { Split } from './splitter.ts';

/** One split per fold: its rows are the test part, all others the training part, both ascending. */
export function splitsOfFolds(folds: Int32Array, nSplits: number): Split[] {
  const sizes = new Int32Array(nSplits);
  for (const fold of folds) if (fold >= 0) sizes[fold]!++;
  return Array.from(sizes, (size, fold) => {
    const test = new Int32Array(size);
    const train = new Int32Array(folds.length - size);
    let toTest = 0;
    let toTrain = 0;
    for (let i = 0; i < folds.length; i++) {
      if (folds[i] === fold) test[toTest++] = i;
      else train[toTrain++] = i;
    }
    return { train, test };
  });
}

/** @throws DataError when there are fewer rows (or groups) than splits. */
export function checkEnough(count: number, nSplits: number, unit: 'rows' | 'groups', owner: string): void {
  if (count >= nSplits) return;
  throw new DataError(
    `data/too-few-${unit}`,
    `${owner}: ${nSplits} splits need at least ${nSplits} ${unit}, there are ${count}. Lower nSplits or add data.`,
    { owner, option: 'nSplits', nSplits, [unit]: count },
  );
}

export function ascending(n: number): Int32Array {
  const rows = new Int32Array(n);
  for (let i = 0; i < n; i++) rows[i] = i;
  return rows;
}
