/** Class labels → small integers, once, so that every classification metric counts in typed arrays. */
import { DataError, OptionError } from '../core/errors.ts';
import { type Label, rankLabels } from '../core/labels.ts';
import { checkNotEmpty, describe } from './validate.ts';

/** A column of labels: an array or an integer typed array. */
export type Labels<L extends Label = Label> = ArrayLike<L>;

/** Columns of labels as positions in `classes`. */
export interface CodedLabels<L extends Label> {
  readonly classes: readonly L[];
  readonly codes: readonly Int32Array[];
}

/**
 * Codes several columns over the same classes. `known` classes come first, in their order; the others follow, sorted
 * ({@link rankLabels}). @throws DataError for an empty column, a missing label, labels of mixed types, fractions.
 */
export function codeLabels<L extends Label>(
  columns: Readonly<Record<string, Labels<L>>>,
  known?: Labels<L>,
): CodedLabels<L> {
  const codeOf = new Map<L, number>();
  if (known !== undefined) codeKnown(known, codeOf);
  const knownCount = codeOf.size;
  const codes = Object.entries(columns).map(([what, labels]) => codeColumn(labels, what, codeOf));
  const found = [...codeOf.keys()];
  checkOneType(found);
  const others = found.slice(knownCount);
  const { classes: sorted, rank } = rankLabels(others);
  if (rank.some((place, k) => place !== k)) {
    for (const column of codes) {
      for (let i = 0; i < column.length; i++) {
        const code = column[i];
        if (code >= knownCount) column[i] = knownCount + rank[code - knownCount];
      }
    }
  }
  return { classes: [...found.slice(0, knownCount), ...sorted], codes };
}

function codeKnown<L extends Label>(known: Labels<L>, codeOf: Map<L, number>): void {
  if (known.length === 0) {
    throw new OptionError('option/invalid', 'labels is empty: name at least one class.', {
      option: 'labels',
    });
  }
  for (let k = 0; k < known.length; k++) {
    checkLabel(known[k], 'labels', k);
    if (codeOf.has(known[k])) {
      const message = `labels names ${describe(known[k])} twice: every class may appear once.`;
      throw new OptionError('option/invalid', message, { option: 'labels' });
    }
    codeOf.set(known[k], k);
  }
}

function codeColumn<L extends Label>(labels: Labels<L>, what: string, codeOf: Map<L, number>): Int32Array {
  checkNotEmpty(labels.length, what);
  const codes = new Int32Array(labels.length);
  for (let i = 0; i < codes.length; i++) {
    const label = labels[i];
    let code = codeOf.get(label);
    if (code === undefined) {
      checkLabel(label, what, i);
      code = codeOf.size;
      codeOf.set(label, code);
    }
    codes[i] = code;
  }
  return codes;
}

function checkLabel(label: unknown, what: string, row: number): void {
  if (typeof label === 'string' || typeof label === 'boolean' || Number.isInteger(label)) return;
  if (typeof label === 'number' && Number.isFinite(label)) {
    const message = `${what} row ${row} is ${label}: labels are strings, booleans or integers. For probabilities use logLoss or rocAucScore, for numeric targets a regression metric.`;
    throw new DataError('data/continuous-labels', message, { what, row });
  }
  const message = `${what} row ${row} (rows count from 0) is ${String(label)}: drop rows without a label first.`;
  throw new DataError('data/missing-label', message, { what, row });
}

function checkOneType(labels: readonly Label[]): void {
  const other = labels.find((label) => typeof label !== typeof labels[0]);
  if (other === undefined) return;
  const message = `The labels mix ${typeof labels[0]} (${describe(labels[0])}) and ${typeof other} (${describe(other)}): give truth, prediction and labels the same type.`;
  throw new DataError('data/mixed-labels', message);
}

/** @throws DataError naming the first row of `codes` that is not one of the first `count` classes. */
export function checkAllKnown<L extends Label>(
  codes: Int32Array,
  classes: readonly L[],
  count: number,
  what: string,
): void {
  const row = codes.findIndex((code) => code >= count);
  if (row === -1) return;
  const known = classes.slice(0, count).map(describe).join(', ');
  const message = `${what} row ${row} is ${describe(classes[codes[row]])}, which is not one of the classes ${known}.`;
  throw new DataError('data/unknown-label', message, { what, row });
}

/**
 * Which class is the positive one: the named one, else 1 among {0, 1} or {-1, 1}, or true.
 * @throws OptionError when it must be named, or is named and neither of the two classes.
 */
export function resolvePositiveClass<L extends Label>(
  classes: readonly L[],
  positiveClass: L | undefined,
): L {
  const choices = classes.map(describe).join(', ');
  if (positiveClass !== undefined) {
    if (classes.includes(positiveClass) || classes.length < 2) return positiveClass;
    const message = `positiveClass is ${describe(positiveClass)}, but the classes are ${choices}.`;
    throw new OptionError('option/positive-class', message, { option: 'positiveClass' });
  }
  if (classes.length <= 2) {
    if (classes.every((label) => typeof label === 'boolean')) return true as L;
    if (isSubset(classes, [0, 1]) || isSubset(classes, [-1, 1])) return 1 as L;
  }
  const example = describe(classes[classes.length - 1]);
  const message = `The classes are ${choices}: say which one is positive, e.g. positiveClass: ${example}.`;
  throw new OptionError('option/positive-class', message, { option: 'positiveClass' });
}

function isSubset(labels: readonly Label[], of: readonly Label[]): boolean {
  return labels.every((label) => of.includes(label));
}
