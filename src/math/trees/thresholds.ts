/** Room to count distinct values in, which columns of one length share. */
export interface CountingRoom {
  readonly values: Float64Array;
  readonly counts: Int32Array;
}

export function countingRoom(rows: number): CountingRoom {
  return { values: new Float64Array(rows), counts: new Int32Array(rows) };
}

/** Thresholds between the distinct values of `sorted` (NaN last). */
export function thresholdsOf(
  sorted: Float64Array,
  maxBins: number,
  room: CountingRoom = countingRoom(sorted.length),
): number[] {
  const { values, counts, present } = countDistinct(sorted, room);
  const found: number[] = [];
  const close = (i: number) => found.push(between(values[i]!, values[i + 1]!));
  if (values.length <= maxBins) {
    for (let i = 0; i + 1 < values.length; i++) close(i);
    return found;
  }
  // After a value as frequent as a bin of mean size a bin ends, before it one ends that is at least half full; the
  // others share the remaining bins evenly.
  const large = present / maxBins;
  let binsLeft = maxBins;
  let rowsLeft = present;
  for (let i = 0; i < values.length; i++) {
    if (counts[i]! < large) continue;
    binsLeft--;
    rowsLeft -= counts[i]!;
  }
  let wanted = rowsLeft / Math.max(1, binsLeft);
  let filled = 0;
  for (let i = 0; i + 1 < values.length && found.length < maxBins - 1; i++) {
    const count = counts[i]!;
    filled += count;
    if (count < large) {
      rowsLeft -= count;
      if (filled < (counts[i + 1]! < large ? wanted : wanted / 2)) continue;
      binsLeft--;
      wanted = rowsLeft / Math.max(1, binsLeft);
    }
    close(i);
    filled = 0;
  }
  return found;
}

/** The distinct values, how often each occurs, and how many are not NaN. */
function countDistinct(sorted: Float64Array, { values, counts }: CountingRoom) {
  counts.fill(0);
  let distinct = 0;
  let present = 0;
  for (; present < sorted.length; present++) {
    const value = sorted[present]!;
    if (Number.isNaN(value)) break;
    if (distinct === 0 || value !== values[distinct - 1]) values[distinct++] = value;
    counts[distinct - 1]!++;
  }
  return { values: values.subarray(0, distinct), counts: counts.subarray(0, distinct), present };
}

/** A number t with a ≤ t < b, midway where rounding allows. */
export function between(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  return middle < b && middle >= a ? middle : a;
}
