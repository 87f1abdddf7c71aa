import { OptionError } from '../../../core/errors.ts';
import { add, convolution, convolutionInput, reshape } from '../../../tensor/functions.ts';
import { convolvePlaces } from '../../../tensor/places/convolve-places.ts';
import { type Convolution, type Shape, sizeOf, type Tensor } from '../../../tensor/tensor.ts';
import { he, type Initializer, zeros } from '../initializers.ts';
import { type LayerContext, type LayerRule, type LayerRules, requireDimensions } from '../layer-rule.ts';
import { type PerDimension, windowsOf } from './window-options.ts';

export interface ConvolutionOptions {
  readonly filters: number;
  readonly kernelSize: PerDimension;
  /** Default 1. */
  readonly stride?: PerDimension;
  /** Zeros on every side; `same` keeps the size when the stride is 1. Default `valid`: none. */
  readonly padding?: 'valid' | 'same' | PerDimension;
  /** From one place that a filter sees to the next. Default 1. */
  readonly dilation?: PerDimension;
  /** Parts of the channels, each with filters of its own. Default 1. */
  readonly groups?: number;
  /** Whether a bias is added. Default true; batch normalisation after it makes it needless. */
  readonly useBias?: boolean;
  readonly initializer?: Initializer;
}

export interface DepthwiseOptions extends Omit<ConvolutionOptions, 'filters' | 'groups'> {
  /** Filters of each channel. Default 1. */
  readonly multiplier?: number;
}

export interface TransposedOptions extends Omit<ConvolutionOptions, 'padding' | 'groups' | 'dilation'> {
  /** By how much the result is smaller on every side. Default 0. */
  readonly padding?: PerDimension;
  /** Places added at the far ends. Default 0. */
  readonly outputPadding?: PerDimension;
}

export interface ConvolutionLayerKinds {
  /** [channels, length] → [filters, …]. */
  readonly conv1d: ConvolutionOptions;
  /** [channels, height, width] → [filters, …]. */
  readonly conv2d: ConvolutionOptions;
  /** [channels, height, width] → [channels × multiplier, …]: every channel by itself. */
  readonly depthwiseConv2d: DepthwiseOptions;
  /**
   * [channels, height, width] → [filters, stride (height − 1) + kernelSize − 2 padding + outputPadding, …]: what a convolution passes back,
   * which makes pictures larger.
   */
  readonly convTranspose2d: TransposedOptions;
}

export const convolutionLayers: LayerRules<ConvolutionLayerKinds> = {
  conv1d: convolutionRule('conv1d', 1, (options) => options),
  conv2d: convolutionRule('conv2d', 2, (options) => options),
  depthwiseConv2d: convolutionRule('depthwiseConv2d', 2, ({ multiplier = 1, ...options }, channels) => ({
    ...{ ...options, filters: multiplier * channels, groups: channels },
  })),
  convTranspose2d: {
    parameters({ filters, kernelSize, useBias = true, initializer = he }, input) {
      requireDimensions('convTranspose2d', input, 3);
      const { kernel } = windowsOf('convTranspose2d', 2, { kernel: kernelSize });
      const fans = { fanIn: filters * sizeOf(kernel), fanOut: input[0]! * sizeOf(kernel) };
      const weights = {
        name: 'weights',
        shape: [input[0]!, filters, ...kernel],
        initializer,
        fans,
        decays: true,
      };
      return useBias ? [weights, biasOf(filters, 2, fans)] : [weights];
    },
    build({ kernelSize, stride, padding = 0, outputPadding = 0 }, x, { parameters: [weights, bias] }) {
      const windows = windowsOf('convTranspose2d', 2, { kernel: kernelSize, stride, padding });
      const added = windowsOf('convTranspose2d', 2, { kernel: 1, padding: outputPadding }).before;
      const size = x.shape.slice(2).map((length, axis) => {
        const reach = windows.kernel[axis]! - windows.before[axis]! - windows.after[axis]!;
        return windows.strides[axis]! * (length - 1) + reach + added[axis]!;
      });
      const y = convolutionInput(x, weights!, { ...windows, groups: 1 }, size);
      return bias === undefined ? y : add(y, bias);
    },
  },
};

/** A convolution in `rank` dimensions. */
function convolutionRule<Options>(
  kind: string,
  rank: number,
  meant: (options: Options, channels: number) => ConvolutionOptions,
): LayerRule<Options> {
  const attributesOf = (options: ConvolutionOptions): Convolution => {
    const { kernelSize, stride, padding, dilation, groups = 1 } = options;
    return { ...windowsOf(kind, rank, { kernel: kernelSize, stride, padding, dilation }), groups };
  };
  return {
    parameters(given, input) {
      requireDimensions(kind, input, rank + 1);
      const [channels] = input as [number];
      const options = meant(given, channels);
      const { filters, useBias = true, initializer = he } = options;
      const { kernel, groups } = attributesOf(options);
      if (channels % groups !== 0 || filters % groups !== 0)
        throw new OptionError(
          'tensor/shape',
          `${kind} cannot divide ${channels} channels and ${filters} filters into ${groups} groups.`,
          { kind },
        );
      const own = channels / groups;
      const fans = { fanIn: own * sizeOf(kernel), fanOut: (filters / groups) * sizeOf(kernel) };
      const weights = { name: 'weights', shape: [filters, own, ...kernel], initializer, fans, decays: true };
      return useBias ? [weights, biasOf(filters, rank, fans)] : [weights];
    },
    build(given, x, context) {
      return convolve(x, context, attributesOf(meant(given, x.shape[1]!)));
    },
  };
}

function convolve(
  x: Tensor,
  { parameters: [weights, bias], isTraining }: LayerContext,
  attributes: Convolution,
): Tensor {
  if (isTraining) return convolvePlaces(x, weights!, bias && reshape(bias, [bias.shape[0]!]), attributes);
  const y = convolution(x, weights!, attributes);
  return bias === undefined ? y : add(y, bias);
}

function biasOf(filters: number, rank: number, fans: { readonly fanIn: number; readonly fanOut: number }) {
  const shape: Shape = [filters, ...new Array<number>(rank).fill(1)];
  return { name: 'bias', shape, initializer: zeros, fans, decays: false };
}
