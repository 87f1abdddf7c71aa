import { broadcast, exp, multiply, reshape, subtract, sum } from '../functions.ts';
import type { OpAttributes, Tensor } from '../tensor.ts';
import { isPlace, misfit, type OpRule } from './op-rule.ts';

/** Sums, maxima and what is normalised by a sum. */
export const reductionOps = {
  // y = Σ x: dx = dy for each
  sum: {
    shape([shape], { axes, keepDims }) {
      if (axes.some((axis) => !(axis >= 0 && axis < shape!.length)))
        throw misfit('sum', [shape!], `there are no axes [${axes.join(', ')}].`);
      return keepDims
        ? shape!.map((size, axis) => (axes.includes(axis) ? 1 : size))
        : shape!.filter((_, axis) => !axes.includes(axis));
    },
    lower: ([x], { attributes: { axes, keepDims } }, { graph }) =>
      graph.node('ReduceSum', [x!, graph.constant([...axes])], { keepdims: Number(keepDims) }),
    gradient: (dy, _, [x], { axes }) => [
      broadcast(
        reshape(
          dy,
          x!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
        ),
        x!.shape,
      ),
    ],
  },
  // The gradient goes to the first of the largest.
  max: {
    shape: ([shape]) => shape!.with(-1, 1),
    lower: ([x], { shape }, { graph }) =>
      graph.node('ReduceMax', [x!, graph.constant([shape.length - 1])], { keepdims: 1 }),
    gradient: (dy, _, [x]) => [multiply(x!.graph.apply('firstMax', [x!], {}), dy)],
  },
  firstMax: {
    shape: ([shape]) => shape!,
    lower([x], { shape }, to) {
      const index = to.graph.node('ArgMax', [x!], { axis: -1, keepdims: 1, select_last_index: 0 });
      return isPlace(
        to,
        index,
        to.graph.constant(Array.from({ length: shape.at(-1)! }, (_, place) => place)),
      );
    },
    gradient: 'none',
  },
  // y = eˣ / Σ eˣ: dx = y (dy − Σ y dy)
  softmax: {
    shape: ([shape]) => shape!,
    lower: ([x], _, { graph }) => graph.node('Softmax', [x!], { axis: -1 }),
    gradient(dy, y) {
      const weighted = multiply(dy, y);
      return [subtract(weighted, multiply(y, sumLast(weighted)))];
    },
  },
  // y = x − log Σ eˣ: dx = dy − eʸ Σ dy
  logSoftmax: {
    shape: ([shape]) => shape!,
    lower: ([x], _, { graph }) => graph.node('LogSoftmax', [x!], { axis: -1 }),
    gradient: (dy, y) => [subtract(dy, multiply(exp(y), sumLast(dy)))],
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

function sumLast(x: Tensor): Tensor {
  return sum(x, { axes: [x.shape.length - 1], keepDims: true });
}
