import { DataError, OptionError } from '../../core/errors.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import { type Network, outputShape } from '../../nets/network.ts';
import { shapeText, sizeOf } from '../../tensor/tensor.ts';
import type { NeuralNetworkOptions } from './neural-network-options.ts';

/**
 * The network that the options describe.
 * @param widths Numbers that it may give for a row; a dense layer that is added gives the first.
 * @throws DataError when the columns do not make up the input shape; OptionError naming the layer and the shapes that do not fit.
 */
export function architecture(
  model: string,
  { layers, inputShape, output }: Pick<NeuralNetworkOptions, 'layers' | 'inputShape' | 'output'>,
  columns: number,
  widths: readonly number[],
): Network {
  const shape = inputShape ?? [columns];
  if (sizeOf(shape) !== columns) {
    throw new DataError(
      'data/column-count',
      `${model}: a row of ${columns} columns cannot take the inputShape ${shapeText(shape)}, which has ${sizeOf(shape)} numbers.`,
      { columns, inputShape: shapeText(shape) },
    );
  }
  const given: Network = { inputShape: shape, layers };
  const last = outputShape(given);
  if (output === 'dense') {
    const head: Layer[] = [
      ...(last.length === 1 ? [] : [{ kind: 'flatten' } as const]),
      { kind: 'dense', units: widths[0]! },
    ];
    return { inputShape: shape, layers: [...layers, ...head] };
  }
  if (last.length !== 1 || !widths.includes(last[0]!)) {
    throw new OptionError(
      'tensor/shape',
      `${model}: the layers end with the shape ${shapeText(last)}, but ${widths.map((width) => `[${width}]`).join(' or ')} is needed. ` +
        "Let them end with a dense layer of so many units, or leave that to output 'dense'.",
      { option: 'layers' },
    );
  }
  return given;
}
