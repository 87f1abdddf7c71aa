import { isReordering } from '../before-moves.ts';
import { reshape } from '../functions.ts';
import { sizeOf, type Tensor } from '../tensor.ts';
import { fromPlaces, toPlaces } from './layout.ts';
import { takenBefore, takeRows } from './take-rows.ts';

/**
 * Applies a function of rows [rows, channels], for which their order does not matter, to [n, channels, …size], whose rows are the places of
 * all pictures, or to [n, channels].
 */
export function rowsByChannel(x: Tensor, apply: (rows: Tensor) => Tensor): Tensor {
  const [, channels, ...size] = x.shape as [number, number, ...number[]];
  if (size.length === 0) return apply(x);
  const flat = (places: Tensor) =>
    reshape(apply(reshape(places, [sizeOf(places.shape) / channels, channels])), places.shape);
  const places = toPlaces(x);
  const taken = takenBefore(places);
  // In the order that the layer before gives them.
  if (taken !== undefined && isReordering(taken, taken.source.shape[0]!))
    return fromPlaces(takeRows(flat(taken.source), taken.rows), size);
  return fromPlaces(flat(places), size);
}
