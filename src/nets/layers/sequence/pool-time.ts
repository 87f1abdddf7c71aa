import {
  add,
  divide,
  max,
  mean,
  multiply,
  pad,
  relu,
  reshape,
  slice,
  subtract,
  sum,
} from '../../../tensor/functions.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { type LayerRule, requireDimensions } from '../layer-rule.ts';

export interface PoolTimeOptions {
  /** Default mean. */
  readonly by?: 'mean' | 'max' | 'first' | 'last';
}

/** [time, features] → [features]: over all times, or that of one. Padding is left out; a sequence of nothing else gives 0. */
export const poolTime: LayerRule<PoolTimeOptions> = {
  parameters(_, input) {
    requireDimensions('poolTime', input, 2);
    return [];
  },
  build({ by = 'mean' }, x, { mask }) {
    const [rows, time, features] = x.shape as [number, number, number];
    const at = (place: number) => reshape(slice(x, 1, place, place + 1), [rows, features]);
    if (by === 'first') return at(0);
    if (mask === undefined)
      return by === 'last' ? at(time - 1) : (by === 'max' ? max : mean)(x, { axes: [1] });
    const column = (weights: Tensor) => reshape(weights, [rows, time, 1]);
    switch (by) {
      case 'mean': {
        const count = sum(mask, { axes: [1], keepDims: true });
        // At least 1: max(n, 1) = 1 + max(n − 1, 0).
        const divisor = add(relu(subtract(count, 1)), 1);
        return divide(sum(multiply(x, column(mask)), { axes: [1] }), divisor);
      }
      case 'max': {
        const seen = add(x, column(multiply(subtract(mask, 1), 1e9)));
        return multiply(max(seen, { axes: [1] }), max(mask, { axes: [1], keepDims: true }));
      }
      case 'last': {
        // 1 where something is followed by padding or by the end.
        const next = slice(pad(mask, 1, 0, 1), 1, 1, time + 1);
        return sum(multiply(x, column(multiply(mask, subtract(mask, next)))), { axes: [1] });
      }
      default:
        return by satisfies never;
    }
  },
};
