import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { splitsOfFolds } from './folds.ts';
import { encodeLabels, listLabels } from './labels.ts';
import { defineSplitter, type Split, type Splitter } from './splitter.ts';

const noOptions = z.strictObject({});

/**
 * Each row is the test part once. `train` is made when it is read, since all of them take n² numbers. The same rows
 * as scikit-learn's
 * `LeaveOneOut`.
 */
export function leaveOneOut(
  options: z.input<typeof noOptions> = {},
): Splitter<Readonly<Record<string, never>>> {
  return defineSplitter('leaveOneOut', noOptions, options, (_, n) => {
    if (n < 2) {
      throw new DataError('data/too-few-rows', `leaveOneOut needs at least 2 rows, there are ${n}.`, {
        rows: n,
      });
    }
    return Array.from(
      { length: n },
      (_, row): Split => ({
        get train() {
          return Int32Array.from({ length: n - 1 }, (_, i) => (i < row ? i : i + 1));
        },
        test: Int32Array.of(row),
      }),
    );
  });
}

/**
 * Each group is the test part once, in ascending order of the labels. The same rows as scikit-learn's
 * `LeaveOneGroupOut`.
 */
export function leaveOneGroupOut(
  options: z.input<typeof noOptions> = {},
): Splitter<Readonly<Record<string, never>>> {
  return defineSplitter('leaveOneGroupOut', noOptions, options, (_, n, data) => {
    const groups = encodeLabels(data.groups, n, 'groups', 'leaveOneGroupOut');
    if (groups.values.length < 2) {
      throw new DataError(
        'data/too-few-groups',
        `leaveOneGroupOut needs at least 2 groups; there ${groups.values.length === 0 ? 'are none' : `is ${listLabels(groups, [0])}`}.`,
        { groups: groups.values.length },
      );
    }
    return splitsOfFolds(groups.codes, groups.values.length);
  });
}
