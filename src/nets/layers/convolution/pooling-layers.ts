import { OptionError } from '../../../core/errors.ts';
import { averagePool, max, maxPool, mean, reshape } from '../../../tensor/functions.ts';
import { averagePoolPlaces, maxPoolPlaces, meanOfPlaces } from '../../../tensor/places/pool-places.ts';
import { sizeOf, type Tensor, type Windows } from '../../../tensor/tensor.ts';
import { type LayerRule, type LayerRules, noParameters, requireDimensions } from '../layer-rule.ts';
import { type PerDimension, windowsOf } from './window-options.ts';

export interface PoolOptions {
  /** Of a window. */
  readonly size: PerDimension;
  /** Default: the size, so that windows do not overlap. What does not fill a window is left out. */
  readonly stride?: PerDimension;
  /** Places outside on every side, at most half of the size. Default 0. */
  readonly padding?: PerDimension;
}

export interface AveragePoolOptions extends PoolOptions {
  /** Whether places outside count, as zeros. Default true. */
  readonly countsPadding?: boolean;
}

export interface PoolingLayerKinds {
  /** [channels, length] → [channels, …]: the largest of each window. */
  readonly maxPool1d: PoolOptions;
  /** [channels, height, width] → [channels, …]: the largest of each window. */
  readonly maxPool2d: PoolOptions;
  /** [channels, length] → [channels, …]: the mean of each window. */
  readonly avgPool1d: AveragePoolOptions;
  /** [channels, height, width] → [channels, …]: the mean of each window. */
  readonly avgPool2d: AveragePoolOptions;
  /** [channels, …] → [channels]: the largest of all places. */
  readonly globalMaxPool: Readonly<Record<never, never>>;
  /** [channels, …] → [channels]: the mean of all places. */
  readonly globalAvgPool: Readonly<Record<never, never>>;
}

const maxRule = (kind: string, rank: number): LayerRule<PoolOptions> =>
  poolRule(kind, rank, (x, windows, _, isTraining) =>
    isTraining ? maxPoolPlaces(x, windows) : maxPool(x, windows),
  );

const averageRule = (kind: string, rank: number): LayerRule<AveragePoolOptions> =>
  poolRule(kind, rank, (x, windows, { countsPadding = true }, isTraining) =>
    (isTraining ? averagePoolPlaces : averagePool)(x, windows, countsPadding),
  );

export const poolingLayers: LayerRules<PoolingLayerKinds> = {
  maxPool1d: maxRule('maxPool1d', 1),
  maxPool2d: maxRule('maxPool2d', 2),
  avgPool1d: averageRule('avgPool1d', 1),
  avgPool2d: averageRule('avgPool2d', 2),
  globalMaxPool: {
    parameters: noParameters,
    build(_, x) {
      const [n, channels, ...size] = x.shape as [number, number, ...number[]];
      return max(reshape(x, [n, channels, sizeOf(size)]), { axes: [2] });
    },
  },
  globalAvgPool: {
    parameters: noParameters,
    build: (_, x, { isTraining }) =>
      isTraining ? meanOfPlaces(x) : mean(x, { axes: x.shape.slice(2).map((_size, axis) => axis + 2) }),
  },
};

function poolRule<Options extends PoolOptions>(
  kind: string,
  rank: number,
  build: (x: Tensor, windows: Windows, options: Options, isTraining: boolean) => Tensor,
): LayerRule<Options> {
  const windows = ({ size, stride = size, padding = 0 }: Options) =>
    windowsOf(kind, rank, { kernel: size, stride, padding });
  return {
    parameters(options, input) {
      requireDimensions(kind, input, rank + 1);
      const { kernel, before } = windows(options);
      const tooFar = before.findIndex((padding, axis) => 2 * padding > kernel[axis]!);
      if (tooFar < 0) return [];
      throw new OptionError(
        'tensor/shape',
        `${kind} with windows of ${kernel[tooFar]} takes a padding of at most ${Math.floor(kernel[tooFar]! / 2)}, not ${before[tooFar]}.`,
        { kind },
      );
    },
    build: (options, x, { isTraining }) => build(x, windows(options), options, isTraining),
  };
}
