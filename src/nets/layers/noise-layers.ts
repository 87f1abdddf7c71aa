import { OptionError } from '../../core/errors.ts';
import { add, exp, multiply, slice, square, subtract, sum } from '../../tensor/functions.ts';
import { shapeText } from '../../tensor/tensor.ts';
import { type LayerRules, noParameters, requireDimensions } from './layer-rule.ts';

export interface NoiseLayerKinds {
  /** While training each number is 0 with probability `rate`; those kept are divided by 1 − rate, unless `rescale` is false. */
  readonly dropout: { readonly rate: number; readonly rescale?: boolean };
  /**
   * [2 units] → [units]: means and logarithms of variances → while training a normal draw, else the mean. Adds to the loss of a row `penalty`
   * times the divergence from a standard normal distribution, ½ Σ (μ² + σ² − 1 − log σ²) (D. P. Kingma and M. Welling, arXiv:1312.6114).
   */
  readonly normalCode: { readonly units: number; readonly penalty: number };
}

export const noiseLayers: LayerRules<NoiseLayerKinds> = {
  dropout: {
    parameters: noParameters,
    build({ rate, rescale = true }, x, context) {
      const factors = rate === 0 ? undefined : context.dropout(x, rate);
      if (factors === undefined) return x;
      return multiply(x, rescale ? factors : multiply(factors, 1 - rate));
    },
  },
  normalCode: {
    parameters({ units }, input) {
      requireDimensions('normalCode', input, 1);
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
};
