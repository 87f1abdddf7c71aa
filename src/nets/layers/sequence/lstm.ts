import {
  add,
  affine,
  constant,
  logistic,
  multiply,
  slice,
  subtract,
  tanh,
} from '../../../tensor/functions.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { type Cell, recurrent } from './recurrent.ts';

/**
 * Gates i, f, g, o in PyTorch's order: c ← σ(f) c + σ(i) tanh(g), h ← σ(o) tanh(c) (S. Hochreiter and J. Schmidhuber, Neural Computation 9,
 * 1997; with the forget gate of F. Gers et al., 2000). The state is h, c.
 */
const cell: Cell = {
  gates: 4,
  // tanh(g) = 2 σ(2 g) − 1: with g doubled beforehand one σ takes all gates. Both biases are added to all inputs at once.
  prepare({ inputWeights, recurrentWeights, inputBias, recurrentBias }) {
    const width = inputBias.shape[0]!;
    const factors = Array.from({ length: width }, (_, at) => (Math.floor((4 * at) / width) === 2 ? 2 : 1));
    const scaled = (x: Tensor) => multiply(x, constant(x, factors, [width]));
    return {
      inputWeights: scaled(inputWeights),
      recurrentWeights: scaled(recurrentWeights),
      inputBias: scaled(add(inputBias, recurrentBias)),
      recurrentBias,
    };
  },
  step(projected, state, { recurrentWeights }) {
    const all = logistic(state === undefined ? projected : affine(state[0]!, recurrentWeights, projected));
    const units = all.shape[1]! / 4;
    const gate = (at: number) => slice(all, 1, at * units, (at + 1) * units);
    const [input, forget, candidate, output] = [gate(0), gate(1), gate(2), gate(3)];
    const added = multiply(input, subtract(multiply(candidate, 2), 1));
    const c = state === undefined ? added : add(multiply(forget, state[1]!), added);
    return [multiply(output, tanh(c)), c];
  },
};

/** [time, features] → [units], or [time, units]: long short-term memory. */
export const lstm = recurrent('lstm', cell);
