import type { OnnxValue } from '../../define/onnx.ts';
import { matmul, mean, multiply, reshape, subtract, sumRows } from '../functions.ts';
import type { OpAttributes, Tensor, TensorNode } from '../tensor.ts';
import { type Lowering, misfit, type OpRule, requireRank } from './op-rule.ts';

/** What brings numbers to mean 0 and variance 1. */
export const normalisationOps = {
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
  // With c = x − mean and a = scale / deviation: y = a c + shift, and dx = a (dy − mean(dy) − c mean(c dy) / deviation²).
  normalizeColumns: {
    shape: ([shape]) => shape!,
    lower: ([, centred, inverse, scale, shift], _, { graph }) => {
      const factor = graph.node('Mul', [scale!, inverse!]);
      return graph.node('Add', [graph.node('Mul', [centred!, factor]), shift!]);
    },
    gradient(dy, _, [, centred, inverse, scale]) {
      const sums = sumRows(dy);
      const products = multiply(sumRows(multiply(centred!, dy)), inverse!);
      // Factors of columns come together, so that three passes over the rows are left.
      const factor = multiply(scale!, inverse!);
      const part = multiply(factor, 1 / dy.shape[0]!);
      const slope = multiply(multiply(part, products), inverse!);
      const back = subtract(subtract(multiply(dy, factor), multiply(centred!, slope)), multiply(part, sums));
      return [back, undefined, undefined, products, sums];
    },
  },
  inverseDeviation: {
    shape: ([shape]) => shape!.with(-1, 1),
    lower: ([x], node, to) => layerNormalization(x!, node, to).inverseDeviation,
    gradient: 'none',
  },
  // y = s ŷ + t with ŷ as above and dŷ = s dy: ds = Σ ŷ dy, dt = Σ dy, dx = r (s dy − (dy · s) / n − ŷ (ŷ dy · s) / n)
  layerNorm: {
    shape(shapes) {
      requireRank('layerNorm', shapes, 2, 1, 1);
      const [x, scale, shift] = shapes.map((shape) => shape.at(-1));
      if (scale !== x || shift !== x) throw misfit('layerNorm', shapes, 'the last sizes must be equal.');
      return shapes[0]!;
    },
    lower([x, scale, shift], node, to) {
      const { standardized } = layerNormalization(x!, node, to);
      return to.graph.node('Add', [to.graph.node('Mul', [standardized, scale!]), shift!]);
    },
    gradient(dy, _, [x, scale], { epsilon }) {
      const apply = (op: 'standardize' | 'inverseDeviation') => x!.graph.apply(op, [x!], { epsilon });
      const standard = apply('standardize');
      const product = multiply(dy, standard);
      const width = scale!.shape[0]!;
      const mean = reshape(multiply(scale!, 1 / width), [width, 1]);
      const centred = subtract(multiply(dy, scale!), matmul(dy, mean));
      const dx = subtract(centred, multiply(standard, matmul(product, mean)));
      return [multiply(dx, apply('inverseDeviation')), sumRows(product), sumRows(dy)];
    },
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

function meanLast(x: Tensor): Tensor {
  return mean(x, { axes: [x.shape.length - 1], keepDims: true });
}

/** Both from the same nodes. */
function layerNormalization(
  x: OnnxValue,
  { attributes: { epsilon } }: TensorNode<'standardize' | 'inverseDeviation' | 'layerNorm'>,
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
