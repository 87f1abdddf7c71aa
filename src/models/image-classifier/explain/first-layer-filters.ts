import { OptionError } from '../../../core/errors.ts';
import type { Tile } from '../../../data/pictures/picture-sheet.ts';
import type { FittedImageClassifier } from '../fit-pictures.ts';
import type { ImageState } from '../image-state.ts';

/**
 * The filters of the first convolution as pictures: what each looks for in its few pixels, edges and colours as a rule. Grey is no weight,
 * light counts for and dark against; the largest weight of a filter is white or black.
 * @throws OptionError for a network that does not begin with a convolution.
 */
export function firstLayerFilters(model: FittedImageClassifier): Tile[] {
  const { network, shape } = model.state as ImageState;
  const [first] = network.layers;
  if (first?.kind !== 'conv2d') {
    throw new OptionError(
      'model/no-explanation',
      `The first layer is ${first?.kind ?? 'missing'}, not a convolution, so it has no filters to look at.`,
    );
  }
  const [channels] = shape;
  const size = first.kernelSize as number;
  const weights = Float32Array.from(network.parameters[0]!);
  const length = channels * size * size;
  return Array.from({ length: first.filters }, (_, f) => {
    const own = weights.subarray(f * length, (f + 1) * length);
    const most = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
    return {
      shape: [channels, size, size],
      values: Float32Array.from(own, (value) => 0.5 + (0.5 * value) / most),
    };
  });
}
