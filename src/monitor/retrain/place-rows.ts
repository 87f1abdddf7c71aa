import { shuffledKey } from './row-keys.ts';

/** Where a row goes: learned from, held out for the comparison, or left out because it is there already. */
export const sides = { train: 0, test: 1, duplicate: 2 } as const;

export interface RowFacts {
  /** Equal for rows that are equal in features and target. */
  readonly rowKeys: Float64Array;
  /** Rows of one unit stay on one side: equal features, or the same group. */
  readonly unitKeys: Float64Array;
  /** Which table each row is of, in order. */
  readonly table: Int32Array;
  /** Puts new units in order of time: the latest are held out. Undefined: a random share. NaN: learned from. */
  readonly time: Float64Array | undefined;
}

export interface PlaceOptions {
  /** Rows that the champion learned from, and that it was tested on, as often as they were there. */
  readonly known: { readonly train: Float64Array; readonly test: Float64Array };
  /** Whether rows of the first table that nobody knows were learned from: the champion does not say what it saw. */
  readonly firstIsSeen: boolean;
  /** Share of the new rows to hold out. */
  readonly share: number;
  readonly seed: number;
}

export interface Placed {
  /** Values of {@link sides}. */
  readonly side: Uint8Array;
  /** 1 for rows that the champion never had. */
  readonly isNew: Uint8Array;
  /** Known rows that are not there any more. */
  readonly absent: { readonly train: number; readonly test: number };
}

/**
 * Divides rows so that the champion learned from none of the held-out ones and neither did what is trained now:
 *
 * - rows that the champion learned from are learned from again, those it was tested on are held out again;
 * - a new row that an earlier table has already, features and target, is left out;
 * - a new row of a known unit (the same features, as a corrected prediction of a training row has, or the same group) goes to its
 *   side, so that no held-out row has a twin among those learned from;
 * - of the other new units a share is held out: those first in a random order by seed, or the latest.
 */
export function placeRows(rows: RowFacts, { known, firstIsSeen, share, seed }: PlaceOptions): Placed {
  const { rowKeys, unitKeys, table, time } = rows;
  const n = rowKeys.length;
  const side = new Uint8Array(n);
  const isNew = new Uint8Array(n);
  const [train, test] = [countKeys(known.train), countKeys(known.test)];
  const unitSide = new Map<number, number>();
  // The table that first had a row; a row may be in one table several times.
  const firstTable = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const key = rowKeys[i]!;
    const isTrain = takeOne(train, key);
    const isTest = !isTrain && takeOne(test, key);
    if (!firstTable.has(key)) firstTable.set(key, table[i]!);
    isNew[i] = isTrain || isTest || (firstIsSeen && table[i] === 0) ? 0 : 1;
    if (isNew[i] === 1) continue;
    side[i] = isTest ? sides.test : sides.train;
    // What was learned from decides: its twins among the held-out ones were there before.
    if (unitSide.get(unitKeys[i]!) !== sides.train) unitSide.set(unitKeys[i]!, side[i]!);
  }
  const fresh = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    if (isNew[i] === 0) continue;
    if (firstTable.get(rowKeys[i]!)! < table[i]!) {
      side[i] = sides.duplicate;
      continue;
    }
    const unit = unitKeys[i]!;
    const place = unitSide.get(unit);
    if (place !== undefined) side[i] = place;
    else fresh.set(unit, [...(fresh.get(unit) ?? []), i]);
  }
  for (const unit of heldOut(fresh, share, seed, time)) for (const i of unit) side[i] = sides.test;
  return { side, isNew, absent: { train: sum(train), test: sum(test) } };
}

/** Whole units, as many as the share of their rows needs; never all of several. */
function heldOut(
  units: ReadonlyMap<number, number[]>,
  share: number,
  seed: number,
  time: Float64Array | undefined,
): number[][] {
  const rank = (unit: readonly number[], key: number): number => {
    if (time === undefined) return shuffledKey(key, seed);
    // The latest moment first; a unit without one comes last and is not taken.
    let latest = Number.NEGATIVE_INFINITY;
    for (const i of unit) if (time[i]! > latest) latest = time[i]!;
    return -latest;
  };
  const ranked = [...units].map(([key, unit]) => ({ unit, rank: rank(unit, key) }));
  const usable = ranked.filter((one) => one.rank < Number.POSITIVE_INFINITY).sort((a, b) => a.rank - b.rank);
  const rows = [...units.values()].reduce((sum, unit) => sum + unit.length, 0);
  const wanted = Math.ceil(share * rows);
  const taken: number[][] = [];
  let count = 0;
  for (const { unit } of usable) {
    if (count >= wanted || (taken.length > 0 && taken.length === ranked.length - 1)) break;
    taken.push(unit);
    count += unit.length;
  }
  return taken;
}

function countKeys(keys: Float64Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function sum(counts: ReadonlyMap<number, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

function takeOne(counts: Map<number, number>, key: number): boolean {
  const left = counts.get(key);
  if (left === undefined || left === 0) return false;
  counts.set(key, left - 1);
  return true;
}
