import { add, affine, logistic, multiply, slice, tanh } from '../../../tensor/functions.ts';
import { type Cell, recurrent } from './recurrent.ts';

/**
 * Gates i, f, g, o in PyTorch's order: c ← σ(f) c + σ(i) tanh(g), h ← σ(o) tanh(c) (S. Hochreiter and J. Schmidhuber, Neural Computation 9,
 * 1997; with the forget gate of F. Gers et al., 2000). The state is h, c.
 */
const cell: Cell = {
  gates: 4,
  step(projected, state, { recurrentWeights, recurrentBias }) {
    const sums = add(projected, recurrentBias);
    const all = state === undefined ? sums : affine(state[0]!, recurrentWeights, sums);
    const units = all.shape[1]! / 4;
    const gates = (x: typeof all, from: number, to: number) => slice(x, 1, from * units, to * units);
    const early = logistic(gates(all, 0, 2));
    const added = multiply(gates(early, 0, 1), tanh(gates(all, 2, 3)));
    const c = state === undefined ? added : add(multiply(gates(early, 1, 2), state[1]!), added);
    return [multiply(logistic(gates(all, 3, 4)), tanh(c)), c];
  },
};

/** [time, features] → [units], or [time, units]: long short-term memory. */
export const lstm = recurrent('lstm', cell);
