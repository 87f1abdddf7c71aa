import type { Split } from '../../data/split/splitter.ts';
import type { LabelledRows } from '../cross-validate/labelled-rows.ts';
import { shareRows } from '../cross-validate/share-rows.ts';
import { trialRandom } from './trial-seed.ts';

/**
 * The same divisions with fewer training rows: `rows` of each, drawn at random so that a larger draw contains the smaller
 * ones, and with the shares of the classes. Test rows stay.
 */
export function subsampleTraining(
  data: LabelledRows,
  splits: readonly Split[],
  rows: number,
  seed: number,
): Split[] {
  return splits.map(({ train, test }, fold) => {
    if (rows >= train.length) return { train, test };
    const order = trialRandom(seed, fold).permutation(train);
    const drawn = (data.classes === undefined ? order : spreadClasses(order, data.y)).slice(0, rows);
    return { train: shareRows(drawn.sort()), test };
  });
}

/**
 * Rows in an order whose every beginning has about the shares of the classes: the j-th of the n rows of a class has place
 * (j + ½) / n.
 */
function spreadClasses(rows: Int32Array, codes: Float64Array | Int32Array): Int32Array {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(codes[row], (counts.get(codes[row]) ?? 0) + 1);
  const seen = new Map<number, number>();
  const places = Float64Array.from(rows, (row) => {
    const before = seen.get(codes[row]) ?? 0;
    seen.set(codes[row], before + 1);
    return (before + 0.5) / counts.get(codes[row])!;
  });
  const order = Int32Array.from(rows.keys()).sort((a, b) => places[a] - places[b] || a - b);
  return order.map((i) => rows[i]);
}
