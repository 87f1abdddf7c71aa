import { sharedArray } from '../../core/shared.ts';

/**
 * A k-d tree (J. Bentley, 1975) over rows: node i, from 1, has children 2 i and 2 i + 1, which halve its range of `order` at `places[i]` by column
 * `axes[i]`; −1 marks a leaf.
 */
export interface KdTree {
  /** Indices of the rows in the order of the leaves. */
  readonly order: Int32Array;
  readonly axes: Int32Array;
  readonly places: Float64Array;
  /** The rows in that order, column by column, `stride` numbers a column. */
  readonly data: Float64Array;
  readonly stride: number;
}

/** @param leafSize Rows of a leaf at most, unless they are all equal. */
export function buildKdTree(
  data: Float64Array,
  rows: number,
  columns: number,
  leafSize: number,
  checkpoint: () => void,
): KdTree {
  const levels = Math.max(0, Math.ceil(Math.log2(rows / leafSize)));
  const axes = sharedArray(Int32Array, 2 ** (levels + 2)).fill(-1);
  const places = sharedArray(Float64Array, axes.length);
  const order = sharedArray(Int32Array, rows);
  for (let i = 0; i < rows; i++) order[i] = i;
  const values = new Float64Array(rows);
  split(1, 0, rows);
  // The kernel reads four rows at a time.
  const stride = rows + 4;
  const columnwise = sharedArray(Float64Array, stride * columns + 4);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) columnwise[j * stride + i] = data[order[i]! * columns + j]!;
  }
  return { order, axes, places, data: columnwise, stride };

  function split(node: number, from: number, to: number): void {
    if (to - from <= leafSize) return;
    if (to - from > 50_000) checkpoint();
    const axis = widestColumn(data, columns, order, from, to);
    if (axis < 0) return;
    const middle = (from + to) >> 1;
    for (let i = from; i < to; i++) values[i] = data[order[i]! * columns + axis]!;
    selectPlace(values, order, from, to - 1, middle);
    axes[node] = axis;
    places[node] = values[middle]!;
    split(2 * node, from, middle);
    split(2 * node + 1, middle, to);
  }
}

/** The column in which rows `from` to before `to` of `order` spread most; −1 when they are all equal. Rows lie `stride` numbers apart. */
export function widestColumn(
  data: Float64Array,
  columns: number,
  order: Int32Array,
  from: number,
  to: number,
  stride = columns,
): number {
  const low = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (let i = from; i < to; i++) {
    const at = order[i]! * stride;
    for (let j = 0; j < columns; j++) {
      const value = data[at + j]!;
      if (value < low[j]!) low[j] = value;
      if (value > high[j]!) high[j] = value;
    }
  }
  let widest = -1;
  let spread = 0;
  for (let j = 0; j < columns; j++) {
    if (high[j]! - low[j]! > spread) [widest, spread] = [j, high[j]! - low[j]!];
  }
  return widest;
}

/** Reorders both arrays so that values[middle] is in its place, none before it larger and none after it smaller (quickselect). */
export function selectPlace(
  values: Float64Array,
  order: Int32Array,
  low: number,
  high: number,
  middle: number,
): void {
  let [left, right] = [low, high];
  while (left < right) {
    const pivot = medianOfThree(values[left]!, values[(left + right) >> 1]!, values[right]!);
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const [value, index] = [values[i]!, order[i]!];
      values[i] = values[j]!;
      values[j] = value;
      order[i] = order[j]!;
      order[j] = index;
      i++;
      j--;
    }
    if (middle <= j) right = j;
    else if (middle >= i) left = i;
    else return;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return a < b ? (b < c ? b : Math.max(a, c)) : a < c ? a : Math.max(b, c);
}
