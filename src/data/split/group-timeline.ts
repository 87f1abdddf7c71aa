import type { EncodedLabels } from './labels.ts';
import type { Split } from './splitter.ts';
import { timeOrder } from './times.ts';

/** Groups in the order in which they begin. */
export interface GroupTimeline {
  readonly times: Float64Array;
  /** Rows from early to late. */
  readonly rows: Int32Array;
  /** Per row the place of its group: by first time, then by last time, then by label. */
  readonly places: Int32Array;
  readonly groups: number;
}

export function groupTimeline({ codes, values }: EncodedLabels, times: Float64Array): GroupTimeline {
  const first = new Float64Array(values.length).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(values.length).fill(Number.NEGATIVE_INFINITY);
  for (const [row, code] of codes.entries()) {
    first[code] = Math.min(first[code]!, times[row]!);
    last[code] = Math.max(last[code]!, times[row]!);
  }
  const order = Int32Array.from(values.keys()).sort(
    (a, b) => first[a]! - first[b]! || last[a]! - last[b]! || a - b,
  );
  const placeOf = new Int32Array(values.length);
  for (const [place, code] of order.entries()) placeOf[code] = place;
  return {
    times,
    rows: timeOrder(times),
    places: codes.map((code) => placeOf[code]!),
    groups: values.length,
  };
}

/** Which rows go when groups of the training and of the test part overlap in time. */
export type Overlap = 'trimTrain' | 'trimBoth';

/** A run of places on the timeline, `to` excluded. */
export interface Places {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows of the groups at `train` and `test`, in order of time, less those that would let the training part reach
 * to the test part: every kept training row is earlier than every kept test row by more than `embargo`. `trimTrain`
 * keeps the test groups whole;
 * `trimBoth` cuts where the product of the kept shares of both is largest. Either part may end up empty.
 */
export function cutParts(
  { times, rows, places }: GroupTimeline,
  train: Places,
  test: Places,
  embargo: number,
  overlap: Overlap,
): Split {
  const within = ({ from, to }: Places) => rows.filter((row) => places[row]! >= from && places[row]! < to);
  const trainRows = within(train);
  const testRows = within(test);
  let bestTrain = 0;
  let bestTest = 0;
  let bestProduct = -1;
  let before = 0;
  for (let i = 0; i < testRows.length; i++) {
    const cut = times[testRows[i]!]!;
    if (i > 0 && cut === times[testRows[i - 1]!]) continue;
    while (before < trainRows.length && cut - times[trainRows[before]!]! > embargo) before++;
    const product = before * (testRows.length - i);
    if (product <= bestProduct) continue;
    bestProduct = product;
    bestTrain = before;
    bestTest = i;
    if (overlap === 'trimTrain') break;
  }
  return { train: trainRows.slice(0, bestTrain), test: testRows.slice(bestTest) };
}
