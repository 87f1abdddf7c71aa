import { OptionError } from '../../core/errors.ts';
import { type Shape, shapeText, type Tensor } from '../../tensor/tensor.ts';
import type { Fans, Initializer } from './initializers.ts';

/** A parameter of a layer before it has values. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly fans: Fans;
  /** Whether an L2 penalty applies: to weights, not to biases and scales. */
  readonly decays: boolean;
  /** State that no gradient changes, such as running means, but {@link LayerContext.update}. Default false. */
  readonly isBuffer?: boolean;
}

/** What a layer is built with. */
export interface LayerContext {
  /** The parameters, in the order of {@link LayerRule.parameters}. */
  readonly parameters: readonly Tensor[];
  /** A factor for each number of `x`, drawn anew for each step; undefined when the network predicts. */
  dropout(x: Tensor, rate: number): Tensor | undefined;
  /** A standard normal number for each number of `x`, drawn anew for each step; undefined when the network predicts. */
  noise(x: Tensor): Tensor | undefined;
  readonly isTraining: boolean;
  /** Says what a buffer, one of `parameters`, becomes after the step; without effect when the network predicts. */
  update(buffer: Tensor, next: Tensor): void;
  /** 1 where a sequence holds something and 0 where it is padded, [rows, time]; undefined when nothing said so. */
  readonly mask: Tensor | undefined;
  /** Says where the sequences that the layer gives are padded. It holds for the layers that follow, as long as they keep the time. */
  setMask(mask: Tensor): void;
  /**
   * What layers within this one give.
   * @param part Begins the names of their parameters and tells them from other layers within; a mask that they set holds after this layer.
   */
  layers(layers: readonly { readonly kind: string }[], x: Tensor, part: string): Tensor;
  /** What one layer within this one gives. Layers with the same `part` have the same parameters. */
  layer(layer: { readonly kind: string }, x: Tensor, place: InnerPlace): MaskedTensor;
  /** Runs `build` as a part of this layer of which summaries tell what it gives; messages name it. */
  step<T extends { readonly tensor: Tensor }>(name: string, build: () => T): T;
  /** Adds to the loss of each row, [rows]. */
  penalize(rows: Tensor): void;
}

/** A tensor, and where the sequences in it are padded. */
export interface MaskedTensor {
  readonly value: Tensor;
  readonly mask: Tensor | undefined;
}

export interface InnerPlace {
  readonly mask: Tensor | undefined;
  /** Begins the names of its parameters. */
  readonly part: string;
}

/** All that is known of a kind of layer. */
export interface LayerRule<Options> {
  readonly parameters: (layer: Options, input: Shape) => readonly ParameterSpec[];
  /** `x` has the batch as its first dimension. */
  readonly build: (layer: Options, x: Tensor, context: LayerContext) => Tensor;
  /** Where inputs are whole numbers from 0: how many there are. */
  readonly levels?: (layer: Options) => number | undefined;
}

/** A rule for each of some kinds; one that is missing does not compile. */
export type LayerRules<Kinds> = { readonly [K in keyof Kinds]: LayerRule<Kinds[K]> };

/** Parameters of a layer without any. */
export const noParameters = (): readonly ParameterSpec[] => [];

/** @throws OptionError `tensor/shape` unless an example has so many dimensions. */
export function requireDimensions(kind: string, input: Shape, rank: number): void {
  if (input.length === rank) return;
  const hint = rank === 1 ? ' Put a flatten layer before it.' : '';
  throw new OptionError(
    'tensor/shape',
    `${kind} takes ${rank} dimension${rank === 1 ? '' : 's'} an example, but gets the shape ${shapeText(input)}.${hint}`,
    { kind },
  );
}
