import { type Panels, placeOf } from '../../nets/dense/panel-layers.ts';
import type { QPlan } from './q-plan.ts';

/** A batch whose rows have gone through the networks. */
export interface Batch {
  readonly plan: QPlan;
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  /** Among those that inputs hold. */
  readonly number: number;
}

/**
 * Of some rows: the error Q(x, a) − r − d max Q′(x′), the loss w h(error) ÷ rows with Huber's h — ½ e² within ±1, |e| − ½ beyond (P. Huber, 1964) —
 * and its slopes at what the last layers gave. Losses are summed by panel.
 */
export function writeSlopes(
  batch: Batch,
  [first, end]: readonly [number, number],
  losses: Float64Array,
): void {
  const { plan, f32, i32, number } = batch;
  const { rows, actions, duelling, double, units, inputs } = plan;
  const heads = units.slice(duelling ? -2 : -1);
  const action = inputs.action / 4 + number * rows;
  const [reward, discount] = [inputs.reward / 4 + number * rows, inputs.discount / 4 + number * rows];
  const weight = inputs.weight === 0 ? 0 : inputs.weight / 4 + number * rows;
  const worth = new Float64Array(actions);
  const chosen = new Float64Array(actions);
  const [values, slopes] = [heads.map((head) => head.values), heads.map((head) => head.slopes)];
  const [next, judged] = [heads.map((head) => head.next), heads.map((head) => head.judged)];
  for (let row = first; row < end; row++) {
    if ((row & 7) === 0) losses[row >> 3] = 0;
    readWorth(f32, judged, row, worth);
    if (double) readWorth(f32, next, row, chosen);
    const best = worth[firstBest(batch, double ? chosen : worth, row)]!;
    const taken = i32[action + row]!;
    readWorth(f32, values, row, worth);
    const error = worth[taken]! - (f32[reward + row]! + f32[discount + row]! * best);
    const size = Math.abs(error);
    const share = (weight === 0 ? 1 : f32[weight + row]!) / rows;
    losses[row >> 3]! += share * (size > 1 ? size - 0.5 : 0.5 * error * error);
    f32[plan.error / 4 + row] = error;
    const slope = share * Math.max(-1, Math.min(1, error));
    const [outputs, advantages] = [slopes[0]!, slopes.at(-1)!];
    if (duelling) f32[placeOf(outputs, row, 0)] = slope;
    // d(V + A_a − mean A) / dA_b = 1 for b = a, and −1 ÷ actions for all.
    const rest = duelling ? slope / actions : 0;
    for (let a = 0; a < actions; a++) f32[placeOf(advantages, row, a)] = (a === taken ? slope : 0) - rest;
  }
}

/** What actions are worth in a row: the outputs, or V + A − mean A of duelling streams. */
function readWorth(f32: Float32Array, heads: readonly Panels[], row: number, into: Float64Array): void {
  const advantages = heads.at(-1)!;
  for (let a = 0; a < into.length; a++) into[a] = f32[placeOf(advantages, row, a)]!;
  if (heads.length === 1) return;
  let mean = 0;
  for (let a = 0; a < into.length; a++) mean += into[a]! / into.length;
  const value = f32[placeOf(heads[0]!, row, 0)]!;
  for (let a = 0; a < into.length; a++) into[a]! += value - mean;
}

/** The first of the best actions that are allowed in the next state. */
function firstBest(
  { plan: { rows, actions, inputs }, f32, number }: Batch,
  worth: Float64Array,
  row: number,
): number {
  const forbidden = inputs.forbidden === 0 ? -1 : inputs.forbidden / 4 + (number * rows + row) * actions;
  const at = (a: number) => worth[a]! + (forbidden < 0 ? 0 : f32[forbidden + a]!);
  let best = 0;
  for (let a = 1; a < actions; a++) if (at(a) > at(best)) best = a;
  return best;
}
