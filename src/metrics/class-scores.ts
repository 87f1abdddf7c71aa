/** Scores with one column per class, matched with the true labels. */
import { DataError, OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { checkAllKnown, codeLabels, type Labels } from './labels.ts';
import {
  checkSameLength,
  type Dense,
  describe,
  isMatrixLike,
  type Numbers,
  type NumberTable,
  toDense,
} from './validate.ts';

/** Column `k` of `scores` belongs to `classes[k]`, and `codes[i]` is the column of row `i`'s true class. */
export interface ClassScores<L extends Label> {
  readonly classes: readonly L[];
  readonly codes: Int32Array;
  readonly scores: Dense;
}

/**
 * Matches the columns with `labels`, or with the sorted classes of the truth when those are not given.
 * @throws DataError for a truth outside `labels` or unequal lengths; OptionError when columns and classes differ in number.
 */
export function toClassScores<L extends Label>(
  truth: Labels<L>,
  scores: NumberTable,
  labels: Labels<L> | undefined,
  what: string,
): ClassScores<L> {
  const { classes, codes } = codeLabels({ truth }, labels);
  if (labels !== undefined) checkAllKnown(codes[0], classes, labels.length, 'truth');
  const dense = toDense(scores, what);
  checkSameLength('truth', truth.length, what, dense.rows);
  if (dense.columns !== classes.length) {
    const message = `${what} has ${dense.columns} columns but there are ${classes.length} classes (${classes.map(describe).join(', ')}): pass labels with one class per column, in the order of the columns.`;
    throw new OptionError('option/labels', message, { columns: dense.columns, classes: classes.length });
  }
  return { classes, codes: codes[0], scores: dense };
}

/** How far a row's sum may lie from 1: sums of float32 softmax outputs and probabilities printed with 6 digits fit. */
const SUM_TOLERANCE = 1e-5;

/** @throws DataError naming the row of a probability outside [0, 1], or (several columns) a row that does not sum to 1. */
export function checkProbabilities({ rows, columns, data }: Dense, what: string): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let at = i * columns; at < (i + 1) * columns; at++) {
      const value = data[at];
      if (value < 0 || value > 1) {
        const message = `${what} row ${i} is ${value}: probabilities lie between 0 and 1. For decision values use rocAucScore.`;
        throw new DataError('data/probability-range', message, { what, row: i });
      }
      sum += value;
    }
    if (columns > 1 && Math.abs(sum - 1) > SUM_TOLERANCE) {
      const message = `${what} row ${i} sums to ${sum}: the probabilities of all classes must sum to 1.`;
      throw new DataError('data/probability-sum', message, { what, row: i });
    }
  }
}

/** Whether numbers came as float32, whose rounding step is 2⁻²³ instead of 2⁻⁵². */
export function isFloat32(values: Numbers | NumberTable): boolean {
  return (isMatrixLike(values) ? values.data : values) instanceof Float32Array;
}
