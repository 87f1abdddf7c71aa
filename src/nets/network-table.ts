import { shapeText } from '../tensor/tensor.ts';
import { type Network, summarizeNetwork } from './network.ts';

/**
 * The layers of a network as a table for people: what each gives for one example, and how many parameters it has.
 *
 *     layer           shape  parameters
 *     input            [13]
 *     1 (dense)        [64]         896
 *     2 (activation)   [64]           0
 *     3 (dense)         [1]          65
 *     total                         961
 *
 * @throws OptionError naming the layer and the shapes that do not fit.
 */
export function networkTable(network: Network): string {
  const layers = summarizeNetwork(network);
  const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const count = new Intl.NumberFormat('en').format;
  const rows = [
    ['layer', 'shape', 'parameters'],
    ['input', shapeText(network.inputShape), ''],
    ...layers.map(({ layer, outputShape, parameters }) => [layer, shapeText(outputShape), count(parameters)]),
    ['total', '', count(total)],
  ];
  const widths = [0, 1, 2].map((j) => Math.max(...rows.map((row) => row[j]!.length)));
  return rows
    .map(([layer, shape, parameters]) =>
      [layer!.padEnd(widths[0]!), shape!.padStart(widths[1]!), parameters!.padStart(widths[2]!)]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
