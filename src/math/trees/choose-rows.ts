import type { RowSelection } from './bin.ts';
import type { BoostingProblem } from './boost.ts';

/** Rows of weight 0 are left out; without a validation set some rows may be held out at random. */
export function chooseRows(problem: BoostingProblem): [RowSelection, RowSelection] {
  const { x, y, sampleWeight, validation, validationFraction, random } = problem;
  const kept = sampleWeight === undefined ? undefined : weightyRows(sampleWeight);
  const rows = kept?.length ?? x.rows;
  const training = { rows, list: rows === x.rows ? undefined : kept };
  if (validation !== undefined) {
    const held = validation.sampleWeight && weightyRows(validation.sampleWeight);
    return [training, { rows: held?.length ?? validation.x.rows, list: held }];
  }
  const wanted = Math.floor(validationFraction * rows);
  if (wanted === 0 || wanted === rows) return [training, { rows: 0, list: undefined }];
  // Class by class, so that each keeps its share; at least one row of each stays in training.
  const groups = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const row = training.list?.[i] ?? i;
    const group = y instanceof Int32Array ? y[row]! : 0;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group)!.push(row);
  }
  const held: number[] = [];
  const stay: number[] = [];
  for (const [, members] of [...groups].sort(([a], [b]) => a - b)) {
    const order = random.permutation(Int32Array.from(members));
    const out = Math.min(members.length - 1, Math.round(validationFraction * members.length));
    held.push(...order.subarray(0, out));
    for (const row of order.subarray(out)) stay.push(row);
  }
  const list = (chosen: number[]) => ({ rows: chosen.length, list: Int32Array.from(chosen).sort() });
  return [list(stay), list(held)];
}

function weightyRows(weights: Float64Array): Int32Array {
  const rows: number[] = [];
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) rows.push(i);
  return Int32Array.from(rows);
}

/** The numbers of the chosen rows, from place `at` on. */
export function gather(
  from: ArrayLike<number>,
  { rows, list }: RowSelection,
  to: Float64Array,
  at: number,
): void {
  for (let i = 0; i < rows; i++) to[at + i] = from[list === undefined ? i : list[i]!]!;
}

/** {@link gather} of `outputs` numbers a row into rows of `lanes`, from row `first` on. */
export function spread(
  from: Float64Array,
  { rows, list }: RowSelection,
  outputs: number,
  lanes: number,
  to: Float64Array,
  first: number,
): void {
  for (let i = 0; i < rows; i++) {
    const row = list === undefined ? i : list[i]!;
    for (let k = 0; k < outputs; k++) to[(first + i) * lanes + k] = from[row * outputs + k]!;
  }
}
