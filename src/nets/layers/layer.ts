import { OptionError } from '../../core/errors.ts';
import {
  add,
  affine,
  conv2d,
  divide,
  exp,
  gelu,
  logistic,
  maxPool2d,
  mean,
  multiply,
  relu,
  reshape,
  slice,
  sqrt,
  square,
  subtract,
  sum,
  tanh,
} from '../../tensor/functions.ts';
import { type Shape, shapeText, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import type { Fans, Initializer } from './initializers.ts';

export type Activation = 'identity' | 'relu' | 'tanh' | 'logistic' | 'gelu';

/** A layer as plain data. Shapes are those of one example. */
export interface LayerKinds {
  /** [inputs] → [units]: x W + b. */
  readonly dense: { readonly units: number; readonly initializer?: Initializer; readonly bias?: Initializer };
  readonly activation: { readonly function: Activation };
  /** While training each number is 0 with probability `rate`; those kept are divided by 1 − rate, unless `rescale` is false. */
  readonly dropout: { readonly rate: number; readonly rescale?: boolean };
  /**
   * [2 units] → [units]: means and logarithms of variances → while training a normal draw, else the mean. Adds to the loss of a row `penalty`
   * times the divergence from a standard normal distribution, ½ Σ (μ² + σ² − 1 − log σ²) (D. P. Kingma and M. Welling, arXiv:1312.6114).
   */
  readonly normalCode: { readonly units: number; readonly penalty: number };
  readonly flatten: Readonly<Record<never, never>>;
  readonly reshape: { readonly shape: Shape };
  /** [channels, height, width] → [filters, …]; `same` pads so that a stride of 1 keeps the size. */
  readonly conv2d: {
    readonly filters: number;
    readonly kernelSize: number;
    readonly stride?: number;
    readonly padding?: 'valid' | 'same';
    readonly initializer?: Initializer;
  };
  /** The largest of windows that do not overlap. */
  readonly maxPool2d: { readonly size: number };
  /** Each example to mean 0 and variance 1 over its numbers, then scaled and shifted by place (J. L. Ba et al., arXiv:1607.06450). */
  readonly layerNorm: { readonly epsilon?: number };
}

export type LayerKind = keyof LayerKinds;
export type Layer = { readonly [K in LayerKind]: { readonly kind: K } & LayerKinds[K] }[LayerKind];

/** A parameter of a layer before it has values. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly fans: Fans;
  /** Whether an L2 penalty applies: to weights, not to biases and scales. */
  readonly decays: boolean;
}

/** What a layer is built with. */
export interface LayerContext {
  /** The parameters, in the order of {@link LayerRule.parameters}. */
  readonly parameters: readonly Tensor[];
  /** A factor for each number of `x`, drawn anew for each step; undefined when the network predicts. */
  dropout(x: Tensor, rate: number): Tensor | undefined;
  /** A standard normal number for each number of `x`, drawn anew for each step; undefined when the network predicts. */
  noise(x: Tensor): Tensor | undefined;
  /** Adds to the loss of each row, [rows]. */
  penalize(rows: Tensor): void;
}

export interface LayerRule<K extends LayerKind> {
  readonly parameters: (layer: LayerKinds[K], input: Shape) => readonly ParameterSpec[];
  /** `x` has the batch as its first dimension. */
  readonly build: (layer: LayerKinds[K], x: Tensor, context: LayerContext) => Tensor;
}

const none = () => [];
const zeros: Initializer = { kind: 'constant', value: 0 };
const noFans: Fans = { fanIn: 1, fanOut: 1 };
const he: Initializer = { kind: 'he', distribution: 'normal' };

function requireShape(kind: LayerKind, input: Shape, rank: number): void {
  if (input.length === rank) return;
  const hint = rank === 1 ? ' Put a flatten layer before it.' : '';
  throw new OptionError(
    'tensor/shape',
    `${kind} takes ${rank} dimensions an example, but gets the shape ${shapeText(input)}.${hint}`,
    { kind },
  );
}

const activations: { readonly [A in Activation]: (x: Tensor) => Tensor } = {
  identity: (x) => x,
  ...{ relu, tanh, logistic, gelu },
};

/** Every kind of layer; one that is missing does not compile. */
export const layerRules: { readonly [K in LayerKind]: LayerRule<K> } = {
  dense: {
    parameters({ units, initializer = { kind: 'glorot', distribution: 'uniform' }, bias = zeros }, input) {
      requireShape('dense', input, 1);
      const fans = { fanIn: input[0]!, fanOut: units };
      return [
        { name: 'weights', shape: [input[0]!, units], initializer, fans, decays: true },
        { name: 'bias', shape: [units], initializer: bias, fans, decays: false },
      ];
    },
    build: (_, x, { parameters: [weights, bias] }) => affine(x, weights!, bias!),
  },
  activation: { parameters: none, build: (layer, x) => activations[layer.function](x) },
  dropout: {
    parameters: none,
    build({ rate, rescale = true }, x, context) {
      const factors = rate === 0 ? undefined : context.dropout(x, rate);
      if (factors === undefined) return x;
      return multiply(x, rescale ? factors : multiply(factors, 1 - rate));
    },
  },
  normalCode: {
    parameters({ units }, input) {
      requireShape('normalCode', input, 1);
      if (input[0] === 2 * units) return [];
      throw new OptionError(
        'tensor/shape',
        `normalCode of ${units} units takes ${2 * units} numbers an example, but gets the shape ${shapeText(input)}.`,
        { kind: 'normalCode' },
      );
    },
    build({ units, penalty }, x, context) {
      const means = slice(x, 1, 0, units);
      const logs = slice(x, 1, units, 2 * units);
      const terms = subtract(subtract(add(square(means), exp(logs)), logs), 1);
      context.penalize(multiply(sum(terms, { axes: [1] }), 0.5 * penalty));
      const noise = context.noise(means);
      return noise === undefined ? means : add(means, multiply(exp(multiply(logs, 0.5)), noise));
    },
  },
  flatten: { parameters: none, build: (_, x) => reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]) },
  reshape: { parameters: none, build: ({ shape }, x) => reshape(x, [x.shape[0]!, ...shape]) },
  conv2d: {
    parameters({ filters, kernelSize, initializer = he }, input) {
      requireShape('conv2d', input, 3);
      const window = kernelSize * kernelSize;
      const fans = { fanIn: input[0]! * window, fanOut: filters * window };
      return [
        {
          name: 'weights',
          shape: [filters, input[0]!, kernelSize, kernelSize],
          initializer,
          fans,
          decays: true,
        },
        { name: 'bias', shape: [filters, 1, 1], initializer: zeros, fans, decays: false },
      ];
    },
    build({ kernelSize, stride = 1, padding = 'valid' }, x, { parameters: [weights, bias] }) {
      const margin = padding === 'same' ? (kernelSize - 1) >> 1 : 0;
      return add(conv2d(x, weights!, { stride, padding: margin }), bias!);
    },
  },
  maxPool2d: {
    parameters(_, input) {
      requireShape('maxPool2d', input, 3);
      return [];
    },
    build: ({ size }, x) => maxPool2d(x, size),
  },
  layerNorm: {
    parameters: (_, input) => [
      {
        name: 'scale',
        shape: input,
        initializer: { kind: 'constant', value: 1 },
        fans: noFans,
        decays: false,
      },
      { name: 'shift', shape: input, initializer: zeros, fans: noFans, decays: false },
    ],
    build({ epsilon = 1e-5 }, x, { parameters: [scale, shift] }) {
      const how = { axes: x.shape.slice(1).map((_, axis) => axis + 1), keepDims: true };
      const centred = subtract(x, mean(x, how));
      const normal = divide(centred, sqrt(add(mean(square(centred), how), epsilon)));
      return add(multiply(normal, scale!), shift!);
    },
  },
};
