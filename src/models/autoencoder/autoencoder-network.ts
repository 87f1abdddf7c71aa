import { DataError } from '../../core/errors.ts';
import type { Initializer } from '../../nets/layers/initializers.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import type { Network } from '../../nets/network.ts';
import { type Shape, shapeText, sizeOf } from '../../tensor/tensor.ts';
import type { AutoencoderOptions } from './autoencoder-options.ts';

/** A network to the code and back. */
export interface AutoencoderNetwork {
  readonly network: Network;
  /** Layers from a row to its code, and the first of those that lead back. */
  readonly encoder: number;
}

/** Channels, height and width; a signal has a height of 1. */
type Volume = readonly [channels: number, height: number, width: number];

/** Filters of 3 at every second place: n places become ⌈n / 2⌉. */
const KERNEL = 3;
const half = (places: number): number => Math.ceil(places / 2);

/**
 * Convolutions that halve a picture, dense layers to the code, and the same in reverse; without `filters` dense layers only. Corruption drops
 * numbers to their mean, 0.
 * @throws DataError when the columns do not make up the inputShape.
 */
export function autoencoderNetwork(columns: number, options: AutoencoderOptions): AutoencoderNetwork {
  const { hiddenLayerSizes, nComponents, activation, corruption, variational, beta, filters } = options;
  const initializer: Initializer = { kind: 'glorot', distribution: 'uniform' };
  const activate: Layer = { kind: 'activation', function: activation };
  const hidden = (units: number): Layer[] => [{ kind: 'dense', units, initializer }, activate];
  const shape = shapeOfRows(columns, options);
  const stages = volumesOf(shape, filters);
  const deepest = sizeOf(stages.at(-1)!);
  const convolutions = filters.flatMap((count, i): Layer[] => [
    {
      ...{ kind: 'conv2d', filters: count, initializer, stride: along(stages[i]!, 2, 1) },
      ...{ kernelSize: along(stages[i]!, KERNEL, 1), padding: along(stages[i]!, 1, 0) },
    },
    activate,
  ]);
  const transposed = filters
    .map((_, i): Layer[] => [
      {
        ...{ kind: 'convTranspose2d', filters: stages[i]![0], initializer, stride: along(stages[i]!, 2, 1) },
        ...{ kernelSize: along(stages[i]!, KERNEL, 1), padding: along(stages[i]!, 1, 0) },
        // ⌈n / 2⌉ places become n − 1 where n is even.
        outputPadding: stages[i]!.slice(1).map((places) => (places > 1 && places % 2 === 0 ? 1 : 0)),
      },
      // What is decoded can be any number.
      ...(i === 0 ? [] : [activate]),
    ])
    .reverse()
    .flat();
  const encoder: Layer[] = [
    ...(corruption > 0 ? [{ kind: 'dropout', rate: corruption, rescale: false } as const] : []),
    ...(filters.length > 0
      ? [{ kind: 'reshape', shape: stages[0]! } as const, ...convolutions, { kind: 'flatten' } as const]
      : []),
    ...hiddenLayerSizes.flatMap(hidden),
    { kind: 'dense', units: variational ? 2 * nComponents : nComponents, initializer },
  ];
  const decoder: Layer[] = [
    // The loss is a mean over the columns, and so must be what is added to it.
    ...(variational ? [{ kind: 'normalCode', units: nComponents, penalty: beta / columns } as const] : []),
    ...hiddenLayerSizes.toReversed().flatMap(hidden),
    ...(filters.length > 0
      ? [
          ...hidden(deepest),
          { kind: 'reshape', shape: stages.at(-1)! } as const,
          ...transposed,
          { kind: 'flatten' } as const,
        ]
      : [{ kind: 'dense', units: columns, initializer } as const]),
  ];
  return { network: { inputShape: [columns], layers: [...encoder, ...decoder] }, encoder: encoder.length };
}

/** What rows become by each convolution, from the first on. */
function volumesOf(shape: Volume, filters: readonly number[]): Volume[] {
  const all = [shape];
  for (const count of filters) {
    const [, height, width] = all.at(-1)!;
    all.push([count, half(height), half(width)]);
  }
  return all;
}

/** A number for each dimension: one of a single place, as the height of a signal, is left alone. */
function along([, ...sizes]: Volume, many: number, single: number): number[] {
  return sizes.map((places) => (places > 1 ? many : single));
}

/** Channels of which each is standardised as a whole; each column where there are no convolutions. */
export function channelsOf(columns: number, options: AutoencoderOptions): number {
  return options.filters.length === 0 ? columns : shapeOfRows(columns, options)[0];
}

function shapeOfRows(columns: number, { inputShape, filters }: AutoencoderOptions): Volume {
  const shape: Shape = inputShape ?? squareOf(columns);
  if (filters.length > 0 && sizeOf(shape) !== columns) {
    throw new DataError(
      'data/column-count',
      `autoencoder: a row of ${columns} columns cannot take the inputShape ${shapeText(shape)}, which has ${sizeOf(shape)} numbers.`,
      { columns, inputShape: shapeText(shape) },
    );
  }
  const [channels, ...sizes] = shape as [number, ...number[]];
  return [channels, sizes.length === 1 ? 1 : sizes[0]!, sizes.at(-1)!];
}

/** A square picture of one or three channels where the columns allow it, else a signal. */
function squareOf(columns: number): Shape {
  for (const channels of [1, 3]) {
    const side = Math.round(Math.sqrt(columns / channels));
    if (channels * side * side === columns) return [channels, side, side];
  }
  return [1, columns];
}
