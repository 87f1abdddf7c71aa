import type { OnnxValue } from '../../define/onnx.ts';
import { broadcast, exp, mean, multiply, reshape, subtract, sum, sumRows } from '../functions.ts';
import type { OpAttributes, Tensor, TensorNode } from '../tensor.ts';
import { isPlace, type Lowering, misfit, type OpRule } from './op-rule.ts';

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
  // ŷ = r (x − mean) with r = 1 / √(variance + ε): dx = r (dy − mean(dy) − ŷ mean(ŷ dy))
  standardize: {
    shape: ([shape]) => shape!,
    lower: ([x], node, to) => layerNormalization(x!, node, to).standardized,
    gradient: (dy, y, [x], { epsilon }) => [
      multiply(
        subtract(subtract(dy, meanLast(dy)), multiply(y, meanLast(multiply(y, dy)))),
        x!.graph.apply('inverseDeviation', [x!], { epsilon }),
      ),
    ],
  },
  // Likewise by column: dx = r (dy − mean(dy) − ŷ mean(ŷ dy)), whose factors of columns are taken together.
  standardizeColumns: {
    shape: ([shape]) => shape!,
    lower: ([x, center, inverse], _, { graph }) =>
      graph.node('Mul', [graph.node('Sub', [x!, center!]), inverse!]),
    gradient(dy, y, [, , inverse]) {
      const rows = dy.shape[0]!;
      const slope = multiply(sumRows(multiply(y, dy)), 1 / rows);
      const level = multiply(sumRows(dy), 1 / rows);
      return [multiply(subtract(subtract(dy, level), multiply(y, slope)), inverse!), undefined, undefined];
    },
  },
  inverseDeviation: {
    shape: ([shape]) => shape!.with(-1, 1),
    lower: ([x], node, to) => layerNormalization(x!, node, to).inverseDeviation,
    gradient: 'none',
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

function sumLast(x: Tensor): Tensor {
  return sum(x, { axes: [x.shape.length - 1], keepDims: true });
}

function meanLast(x: Tensor): Tensor {
  return mean(x, { axes: [x.shape.length - 1], keepDims: true });
}

/** Both from the same nodes. */
function layerNormalization(
  x: OnnxValue,
  { attributes: { epsilon } }: TensorNode<'standardize' | 'inverseDeviation'>,
  { graph, real, constant, shapes, once }: Lowering,
): { readonly standardized: OnnxValue; readonly inverseDeviation: OnnxValue } {
  return once(`layerNormalization ${x} ${epsilon}`, () => {
    if (real === 'float32') {
      const width = shapes[0]!.at(-1)!;
      const ones = constant(new Array<number>(width).fill(1), [width]);
      const how = { axis: -1, epsilon: { float: epsilon } };
      const [standardized, , inverseDeviation] = graph.nodes('LayerNormalization', [x, ones], 3, how);
      return { standardized: standardized!, inverseDeviation: inverseDeviation! };
    }
    // In float64 by parts: the operator gives its statistics in float32.
    const average = (value: OnnxValue) =>
      graph.node('ReduceMean', [value, graph.constant([-1])], { keepdims: 1 });
    const centred = graph.node('Sub', [x, average(x)]);
    const variance = average(graph.node('Mul', [centred, centred]));
    const deviation = graph.node('Sqrt', [graph.node('Add', [variance, constant([epsilon])])]);
    const inverseDeviation = graph.node('Reciprocal', [deviation]);
    return { standardized: graph.node('Mul', [centred, inverseDeviation]), inverseDeviation };
  });
}
