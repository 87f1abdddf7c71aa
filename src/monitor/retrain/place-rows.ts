import { inSlices } from '../../core/slices.ts';
import { KeyIds } from './key-ids.ts';
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
export async function placeRows(
  rows: RowFacts,
  { known, firstIsSeen, share, seed }: PlaceOptions,
): Promise<Placed> {
  const { rowKeys, unitKeys, table, time } = rows;
  const n = rowKeys.length;
  const side = new Uint8Array(n);
  const isNew = new Uint8Array(n);
  const keyIds = new KeyIds(n);
  const train = await countKeys(known.train, keyIds);
  const test = await countKeys(known.test, keyIds);
  const keys = await idsOf(rowKeys, keyIds);
  const unitIds = new KeyIds(n);
  const units = await idsOf(unitKeys, unitIds);
  /** Of each unit; NOWHERE while only new rows have it. */
  const unitSide = new Uint8Array(unitIds.count).fill(NOWHERE);
  // The table that first had a row; a row may be in one table several times.
  const firstTable = new Int32Array(keyIds.count).fill(-1);
  await inSlices(n, ROWS_AT_ONCE, (from, to) => {
    for (let i = from; i < to; i++) {
      const key = keys[i]!;
      const isTrain = takeOne(train, key);
      const isTest = !isTrain && takeOne(test, key);
      if (firstTable[key] === -1) firstTable[key] = table[i]!;
      isNew[i] = isTrain || isTest || (firstIsSeen && table[i] === 0) ? 0 : 1;
      if (isNew[i] === 1) continue;
      side[i] = isTest ? sides.test : sides.train;
      // What was learned from decides: its twins among the held-out ones were there before.
      if (unitSide[units[i]!] !== sides.train) unitSide[units[i]!] = side[i]!;
    }
  });
  const fresh = new Map<number, number[]>();
  await inSlices(n, ROWS_AT_ONCE, (from, to) => {
    for (let i = from; i < to; i++) {
      if (isNew[i] === 0) continue;
      if (firstTable[keys[i]!]! < table[i]!) {
        side[i] = sides.duplicate;
        continue;
      }
      const unit = units[i]!;
      if (unitSide[unit] !== NOWHERE) side[i] = unitSide[unit]!;
      else if (fresh.has(unit)) fresh.get(unit)!.push(i);
      else fresh.set(unit, [i]);
    }
  });
  const rankOf = (unit: readonly number[]) =>
    time === undefined ? shuffledKey(unitKeys[unit[0]!]!, seed) : -latest(unit, time);
  for (const unit of heldOut([...fresh.values()], share, rankOf)) for (const i of unit) side[i] = sides.test;
  return { side, isNew, absent: { train: sum(train), test: sum(test) } };
}

const NOWHERE = 255;
const ROWS_AT_ONCE = 20_000;

/** −∞ for a unit without a moment. */
function latest(unit: readonly number[], time: Float64Array): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const i of unit) if (time[i]! > last) last = time[i]!;
  return last;
}

/** Whole units in the order of their ranks, as many as the share of their rows needs; never all of several, none of infinite rank. */
function heldOut(
  units: readonly number[][],
  share: number,
  rankOf: (unit: readonly number[]) => number,
): number[][] {
  const ranks = Float64Array.from(units, rankOf);
  const order = Uint32Array.from(units.keys()).sort((a, b) => ranks[a]! - ranks[b]! || a - b);
  const wanted = Math.ceil(share * units.reduce((total, unit) => total + unit.length, 0));
  const taken: number[][] = [];
  let count = 0;
  for (const u of order) {
    const isLastOfSeveral = taken.length > 0 && taken.length === units.length - 1;
    if (count >= wanted || isLastOfSeveral || ranks[u] === Number.POSITIVE_INFINITY) break;
    taken.push(units[u]!);
    count += units[u]!.length;
  }
  return taken;
}

async function idsOf(keys: Float64Array, ids: KeyIds): Promise<Int32Array> {
  const found = new Int32Array(keys.length);
  await inSlices(keys.length, ROWS_AT_ONCE, (from, to) => {
    for (let i = from; i < to; i++) found[i] = ids.id(keys[i]!);
  });
  return found;
}

/** How often each key is there, by its id. */
async function countKeys(keys: Float64Array, ids: KeyIds): Promise<Int32Array> {
  const found = await idsOf(keys, ids);
  const counts = new Int32Array(ids.count);
  for (const id of found) counts[id]!++;
  return counts;
}

function sum(counts: Int32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/** Keys that came later than the counts are not in them. */
function takeOne(counts: Int32Array, id: number): boolean {
  if (id >= counts.length || counts[id] === 0) return false;
  counts[id]!--;
  return true;
}
