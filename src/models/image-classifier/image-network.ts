import type { PictureShape } from '../../data/pictures/picture-format.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import type { Network } from '../../nets/network.ts';
import type { ImageClassifierOptions } from './image-options.ts';

type Options = Pick<ImageClassifierOptions, 'filters' | 'hiddenUnits' | 'dropout'>;

const relu: Layer = { kind: 'activation', function: 'relu' };
const conv = (filters: number, kernelSize = 3): Layer => ({
  ...{ kind: 'conv2d', filters, kernelSize, padding: 'same' },
});
const batchNorm: Layer = { kind: 'batchNorm' };

/** Convolution, batch normalisation, activation and pooling for each stage, then dense layers. */
export function convolutionalNetwork(inputShape: PictureShape, classes: number, options: Options): Network {
  const sides = sidesOf(inputShape);
  return {
    inputShape,
    layers: [
      ...options.filters.flatMap((filters): Layer[] => [conv(filters), batchNorm, relu, ...sides.halve()]),
      { kind: 'flatten' },
      ...head(classes, options),
    ],
  };
}

/**
 * A convolution, then for each stage one residual block of two convolutions with batch normalisation, halved between stages; then the
 * mean over all places and dense layers (after K. He et al., CVPR 2016).
 */
export function residualNetwork(inputShape: PictureShape, classes: number, options: Options): Network {
  const sides = sidesOf(inputShape);
  const { filters } = options;
  return {
    inputShape,
    layers: [
      ...[conv(filters[0]!), batchNorm, relu],
      ...filters.flatMap((count, i): Layer[] => [
        ...(i === 0 ? [] : sides.halve()),
        residualBlock(count, count !== (filters[i - 1] ?? filters[0])),
        relu,
      ]),
      { kind: 'globalAvgPool' },
      ...head(classes, options),
    ],
  };
}

function residualBlock(filters: number, isWider: boolean): Layer {
  return {
    kind: 'residual',
    layers: [conv(filters), batchNorm, relu, conv(filters), batchNorm],
    ...(isWider && { shortcut: [conv(filters, 1), batchNorm] }),
  };
}

/** Dense layers on numbers, such as the features that a backbone gives. */
export function headNetwork(features: number, classes: number, options: Options): Network {
  return { inputShape: [features], layers: head(classes, options) };
}

function head(classes: number, { hiddenUnits, dropout }: Options): Layer[] {
  const drop: Layer[] = dropout > 0 ? [{ kind: 'dropout', rate: dropout }] : [];
  return [
    ...(hiddenUnits > 0 ? [...drop, { kind: 'dense', units: hiddenUnits } as const, relu] : []),
    ...drop,
    { kind: 'dense', units: classes },
  ];
}

/** Sides are halved as long as both have two pixels. */
function sidesOf([, height, width]: PictureShape): { halve(): Layer[] } {
  let least = Math.min(height, width);
  return {
    halve() {
      if (least < 2) return [];
      least = Math.floor(least / 2);
      return [{ kind: 'maxPool2d', size: 2 }];
    },
  };
}
