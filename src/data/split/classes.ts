import { DataError } from '../../core/errors.ts';
import { type EncodedLabels, encodeLabels, listLabels, type RowLabels } from './labels.ts';

/**
 * The classes of `y` for dividing into `nSplits` stratified folds. A class with fewer members than folds is missing
 * from some test part: a process warning says so.
 * @throws DataError when `y` holds fractions (a quantity, not classes) or every class has fewer members than `nSplits`.
 */
export function foldClasses(
  y: RowLabels | undefined,
  n: number,
  nSplits: number,
  owner: string,
): EncodedLabels {
  const classes = encodeLabels(y, n, 'y', owner);
  const fraction = classes.values.find((value) => typeof value === 'number' && !Number.isInteger(value));
  if (fraction !== undefined) {
    throw new DataError(
      'data/continuous-y',
      `${owner} needs classes in 'y', but it holds the number ${String(fraction)}. Divide the values into classes first, or use kFold.`,
      { owner },
    );
  }
  const rare = [...classes.counts.keys()].filter((place) => classes.counts[place]! < nSplits);
  if (rare.length === 0) return classes;
  if (rare.length === classes.counts.length) {
    throw new DataError(
      'data/too-few-members',
      `${owner}: no class of 'y' has the ${nSplits} members that ${nSplits} splits need: ${listLabels(classes, rare)}. Lower nSplits.`,
      { owner, option: 'nSplits', nSplits, classes: rare.map((place) => String(classes.values[place])) },
    );
  }
  process.emitWarning(
    `${owner}: with fewer members than the ${nSplits} splits, a class is missing from some test parts: ${listLabels(classes, rare)}.`,
    { type: 'HeddleWarning', code: 'split/rare-class' },
  );
  return classes;
}
