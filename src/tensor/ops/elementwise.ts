import type { OnnxValue } from '../../define/onnx.ts';
import { broadcastShapes } from '../broadcast.ts';
import {
  divide,
  exp,
  logistic,
  multiply,
  negative,
  power,
  square,
  step,
  subtract,
  sumTo,
  where,
} from '../functions.ts';
import { elementNumbers } from '../onnx/element-types.ts';
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import type { OpAttributes, Shape, Tensor } from '../tensor.ts';
import { type Lowering, misfit, type OpRule } from './op-rule.ts';

type Binary = 'add' | 'subtract' | 'multiply' | 'divide' | 'greater';
type Unary = 'negative' | 'exp' | 'log' | 'sqrt' | 'relu' | 'tanh' | 'logistic' | 'softplus' | 'erf';

function broadcastAll(op: Binary | 'where', shapes: readonly Shape[]): Shape {
  return shapes.reduce((a, b) => {
    const shape = broadcastShapes(a, b);
    if (shape === undefined) throw misfit(op, shapes, 'sizes must be equal or 1.');
    return shape;
  });
}

function binary<O extends Binary>(
  op: O,
  onnx: string,
  gradient: (dy: Tensor, y: Tensor, a: Tensor, b: Tensor) => readonly [Tensor, Tensor],
): OpRule<O> {
  return {
    shape: (shapes) => broadcastAll(op, shapes),
    lower: (inputs, _, { graph }) => graph.node(onnx, inputs),
    gradient(dy, y, [a, b]) {
      const [da, db] = gradient(dy, y, a!, b!);
      return [sumTo(da, a!.shape), sumTo(db, b!.shape)];
    },
  };
}

function unary<O extends Unary>(
  onnx: string,
  gradient: (dy: Tensor, y: Tensor, x: Tensor) => Tensor,
): OpRule<O> {
  return {
    shape: ([shape]) => shape!,
    lower: (inputs, _, { graph }) => graph.node(onnx, inputs),
    gradient: (dy, y, [x]) => [gradient(dy, y, x!)],
  };
}

/** Each comment is the differential. */
export const elementwiseOps = {
  // d(a + b) = da + db
  add: binary('add', 'Add', (dy) => [dy, dy]),
  // d(a − b) = da − db
  subtract: binary('subtract', 'Sub', (dy) => [dy, negative(dy)]),
  // d(a b) = b da + a db
  multiply: binary('multiply', 'Mul', (dy, _, a, b) => [multiply(dy, b), multiply(dy, a)]),
  // d(a / b) = da / b − (a / b) db / b
  divide: binary('divide', 'Div', (dy, y, _, b) => [divide(dy, b), negative(divide(multiply(dy, y), b))]),
  greater: {
    shape: (shapes) => broadcastAll('greater', shapes),
    element: () => 'truth',
    lower: (inputs, _, { graph }) => graph.node('Greater', inputs),
    gradient: 'none',
  },
  // The condition does not vary.
  where: {
    shape: (shapes) => broadcastAll('where', shapes),
    lower: (inputs, _, { graph }) => graph.node('Where', inputs),
    gradient: (dy, _, [condition, x, y]) => [
      undefined,
      sumTo(where(condition!, dy, 0), x!.shape),
      sumTo(subtract(dy, where(condition!, dy, 0)), y!.shape),
    ],
  },
  negative: unary('Neg', negative),
  // d(eˣ) = eˣ dx
  exp: unary('Exp', multiply),
  // d(log x) = dx / x
  log: unary('Log', (dy, _, x) => divide(dy, x)),
  // d(√x) = dx / (2 √x)
  sqrt: unary('Sqrt', (dy, y) => divide(multiply(dy, 0.5), y)),
  // d(xⁿ) = n xⁿ⁻¹ dx
  power: {
    shape: ([shape]) => shape!,
    lower: ([x], { attributes: { exponent } }, { graph, constant }) =>
      graph.node('Pow', [x!, constant([exponent])]),
    gradient: (dy, _, [x], { exponent }) => [multiply(multiply(dy, exponent), power(x!, exponent - 1))],
  },
  // d(max(x, 0)) = [x > 0] dx, and [y > 0] = [x > 0].
  relu: unary('Relu', (dy, y) => multiply(dy, step(y))),
  step: {
    shape: ([shape]) => shape!,
    // min(1, max(0, 10³⁸ x)) is one pass, where a comparison and a conversion are two; it is there for float32 only.
    lower: ([x], _, { graph, real, constant }) =>
      real === 'float32'
        ? graph.node('HardSigmoid', [x!], { alpha: { float: 1e38 }, beta: { float: 0 } })
        : graph.node('Cast', [graph.node('Greater', [x!, constant([0])])], { to: 11 }),
    gradient: 'none',
  },
  // d(tanh x) = (1 − tanh² x) dx
  tanh: unary('Tanh', (dy, y) => subtract(dy, multiply(dy, square(y)))),
  // d(σ(x)) = σ (1 − σ) dx
  logistic: unary('Sigmoid', (dy, y) => multiply(dy, subtract(y, square(y)))),
  // d(log(1 + eˣ)) = σ(x) dx
  softplus: {
    ...unary<'softplus'>('Softplus', (dy, _, x) => multiply(dy, logistic(x))),
    // In float64, where the operator is not there: max(x, 0) + log(1 + e^−|x|).
    lower([x], _, { graph, real, constant }) {
      if (real === 'float32') return graph.node('Softplus', [x!]);
      const small = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [x!])])]);
      const tail = graph.node('Log', [graph.node('Add', [small, constant([1])])]);
      return graph.node('Add', [graph.node('Relu', [x!]), tail]);
    },
  },
  // d(erf x) = 2/√π e^(−x²) dx
  erf: {
    ...unary<'erf'>('Erf', (dy, _, x) =>
      multiply(multiply(dy, 2 / Math.sqrt(Math.PI)), exp(negative(square(x)))),
    ),
    lower: ([x], _, { graph, real }) => erf(x!, graph, real),
  },
  // d(x Φ(x)) = (Φ + x φ) dx
  gelu: {
    shape: ([shape]) => shape!,
    lower: ([x], _, to) => to.graph.node('Mul', [x!, normalBelow(x!, to).below]),
    gradient: (dy, _, [x]) => [multiply(dy, x!.graph.apply('geluSlope', [x!], {}))],
  },
  // x φ = u e^(−u²) / √π with u = x / √2
  geluSlope: {
    shape: ([shape]) => shape!,
    lower([x], _, to) {
      const { graph, constant } = to;
      const { scaled, below } = normalBelow(x!, to);
      const exponent = graph.node('Sub', [
        constant([-0.5 * Math.log(Math.PI)]),
        graph.node('Mul', [scaled, scaled]),
      ]);
      return graph.node('Add', [below, graph.node('Mul', [scaled, graph.node('Exp', [exponent])])]);
    },
    gradient: 'none',
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

/** u = x / √2, and Φ(x) = ½ + ½ erf u: for a function and its slope. */
function normalBelow(
  x: OnnxValue,
  { graph, real, constant, once }: Lowering,
): { readonly scaled: OnnxValue; readonly below: OnnxValue } {
  return once(`normalBelow ${x}`, () => {
    const scaled = graph.node('Mul', [x, constant([Math.SQRT1_2])]);
    const error = erf(scaled, graph, real);
    // One pass instead of two; it is there for float32 only.
    const below =
      real === 'float32'
        ? graph.node('HardSigmoid', [error], { alpha: { float: 0.5 }, beta: { float: 0.5 } })
        : graph.node('Add', [graph.node('Mul', [error, constant([0.5])]), constant([0.5])]);
    return { scaled, below };
  });
}

/** In float32 always: the operator is not there for float64. */
function erf(x: OnnxValue, graph: OnnxGraph, real: Lowering['real']): OnnxValue {
  if (real === 'float32') return graph.node('Erf', [x]);
  const narrow = graph.node('Erf', [graph.node('Cast', [x], { to: elementNumbers.float32 })]);
  return graph.node('Cast', [narrow], { to: elementNumbers.float64 });
}
