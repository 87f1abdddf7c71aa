import { add, affine, logistic, multiply, slice, subtract, tanh } from '../../../tensor/functions.ts';
import { type Cell, recurrent } from './recurrent.ts';

/**
 * Gates r, z, n in PyTorch's order: n = tanh(x W_n + σ(r) (h U_n + b_n)), h ← n + σ(z) (h − n) (K. Cho et al., arXiv:1406.1078, with the reset
 * after the product). The state is h.
 */
const cell: Cell = {
  gates: 3,
  prepare: (parameters) => parameters,
  step(projected, state, { recurrentWeights, recurrentBias }) {
    const before = state?.[0];
    // Before the first time there is the bias alone, [3 units].
    const fed = before === undefined ? recurrentBias : affine(before, recurrentWeights, recurrentBias);
    const units = projected.shape[1]! / 3;
    const gates = (x: typeof fed, from: number, to: number) =>
      slice(x, x.shape.length - 1, from * units, to * units);
    const both = logistic(add(gates(projected, 0, 2), gates(fed, 0, 2)));
    const [reset, update] = [gates(both, 0, 1), gates(both, 1, 2)];
    const fresh = tanh(add(gates(projected, 2, 3), multiply(reset, gates(fed, 2, 3))));
    return [
      before === undefined
        ? subtract(fresh, multiply(update, fresh))
        : add(fresh, multiply(update, subtract(before, fresh))),
    ];
  },
};

/** [time, features] → [units], or [time, units]: gated recurrent units. */
export const gru = recurrent('gru', cell);
