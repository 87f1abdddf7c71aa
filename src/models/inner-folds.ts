/** What models that choose an option by cross-validation within their own fit share. */
import { DataError } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';
import { groupKFold } from '../data/split/group-k-fold.ts';
import { kFold } from '../data/split/k-fold.ts';
import type { Split } from '../data/split/splitter.ts';
import { stratifiedGroupKFold } from '../data/split/stratified-group-k-fold.ts';
import { stratifiedKFold } from '../data/split/stratified-k-fold.ts';

interface FoldData<Y> {
  readonly x: Matrix;
  readonly y: Y;
  readonly sampleWeight: Float64Array | undefined;
  readonly groups: Int32Array | undefined;
}

/** What folds are made by. */
interface DividedData {
  readonly x: { readonly rows: number };
  readonly y: Float64Array | Int32Array;
  readonly groups: Int32Array | undefined;
}

/** `count` folds of neighbouring rows that keep groups whole where there are any, and the shares of classes where `y` are codes.
 * @throws DataError when there are too few rows, groups or members of the classes. */
export function innerFolds(count: number, data: DividedData): Split[] {
  try {
    return divide(count, data);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    // Here the number of folds has another name.
    throw new DataError(error.code, error.message.replace('nSplits', 'cv'), error.details, error);
  }
}

function divide(count: number, { x, y, groups }: DividedData): Split[] {
  const options = { nSplits: count };
  if (y instanceof Int32Array) {
    return groups === undefined
      ? stratifiedKFold(options).split(x.rows, { y })
      : stratifiedGroupKFold(options).split(x.rows, { y, groups });
  }
  return groups === undefined ? kFold(options).split(x.rows) : groupKFold(options).split(x.rows, { groups });
}

/** Some rows of the data. */
export function rowsOf<Y extends Float64Array | Int32Array>(
  { x, y, sampleWeight }: FoldData<Y>,
  rows: Int32Array,
): { readonly x: Matrix; readonly y: Y; readonly sampleWeight: Float64Array | undefined } {
  const Kind = y.constructor as unknown as { from(rows: Int32Array, value: (row: number) => number): Y };
  return {
    x: x.take(rows),
    y: Kind.from(rows, (i) => y[i]!),
    sampleWeight: sampleWeight && Float64Array.from(rows, (i) => sampleWeight[i]!),
  };
}
