import { add, conv2d, maxPool2d } from '../../../tensor/functions.ts';
import { he, type Initializer, zeros } from '../initializers.ts';
import { type LayerRules, requireDimensions } from '../layer-rule.ts';

export interface ConvolutionLayerKinds {
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
}

export const convolutionLayers: LayerRules<ConvolutionLayerKinds> = {
  conv2d: {
    parameters({ filters, kernelSize, initializer = he }, input) {
      requireDimensions('conv2d', input, 3);
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
      requireDimensions('maxPool2d', input, 3);
      return [];
    },
    build: ({ size }, x) => maxPool2d(x, size),
  },
};
