import type { Convolution, OpAttributes, Shape } from '../tensor.ts';
import { misfit, type OpRule, requireRank } from './op-rule.ts';

/**
 * Convolutions of pictures [n, channels, height, width]. y_nfhw = Σ_cij w_fcij x_n,c,sh+i−p,sw+j−p; the gradient by x is the transposed
 * convolution of dy, that by w the convolution of x with dy, with pictures and channels exchanged and the stride as dilation.
 */
export const convolutionOps = {
  conv2d: {
    shape(shapes, attributes) {
      requireRank('conv2d', shapes, 4, 4);
      const [x, weights] = shapes as [Shape, Shape];
      if (x[1] !== weights[1])
        throw misfit(
          'conv2d',
          shapes,
          `the pictures have ${x[1]} channels, but the filters are for ${weights[1]}.`,
        );
      const size = (axis: 2 | 3) => outputSize(x[axis]!, weights[axis]!, attributes);
      if (size(2) < 1 || size(3) < 1)
        throw misfit(
          'conv2d',
          shapes,
          `the filters are larger than the pictures with a padding of ${attributes.padding}.`,
        );
      return [x[0]!, weights[0]!, size(2), size(3)];
    },
    lower: (inputs, { attributes: { stride, padding } }, { graph }) =>
      graph.node('Conv', inputs, { strides: [stride, stride], pads: [padding, padding, padding, padding] }),
    gradient(dy, _, [x, weights], { stride, padding }) {
      const [height, width] = [x!.shape[2]!, x!.shape[3]!];
      const kernel = [weights!.shape[2]!, weights!.shape[3]!] as const;
      return [
        dy.graph.apply('conv2dInput', [dy, weights!], { stride, padding, height, width }),
        dy.graph.apply('conv2dWeights', [x!, dy], { stride, padding, kernel }),
      ];
    },
  },
  conv2dInput: {
    shape: ([dy, weights], { height, width }) => [dy![0]!, weights![1]!, height, width],
    lower(inputs, { attributes: { stride, padding, height, width } }, { graph, shapes }) {
      const [dy, weights] = shapes as [Shape, Shape];
      const missing = (size: number, axis: 2 | 3) =>
        size - ((dy[axis]! - 1) * stride + weights[axis]! - 2 * padding);
      return graph.node('ConvTranspose', inputs, {
        strides: [stride, stride],
        pads: [padding, padding, padding, padding],
        output_padding: [missing(height, 2), missing(width, 3)],
      });
    },
    gradient: 'none',
  },
  conv2dWeights: {
    shape: ([x, dy], { kernel }) => [dy![1]!, x![1]!, ...kernel],
    lower([x, dy], { attributes: { stride, padding, kernel } }, { graph, shapes }) {
      const swap = { perm: [1, 0, 2, 3] };
      const [xShape, dyShape] = shapes as [Shape, Shape];
      // Rows at the far end that no window reaches are cut off.
      const excess = (axis: 2 | 3, place: 0 | 1) =>
        xShape[axis]! + 2 * padding - ((dyShape[axis]! - 1) * stride + kernel[place]);
      const conv = graph.node(
        'Conv',
        [graph.node('Transpose', [x!], swap), graph.node('Transpose', [dy!], swap)],
        {
          dilations: [stride, stride],
          pads: [padding, padding, padding, padding],
        },
      );
      const isWhole = excess(2, 0) === 0 && excess(3, 1) === 0;
      const ends = graph.constant([kernel[0], kernel[1]]);
      const cut = isWhole
        ? conv
        : graph.node('Slice', [conv, graph.constant([0, 0]), ends, graph.constant([2, 3])]);
      return graph.node('Transpose', [cut], swap);
    },
    gradient: 'none',
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

function outputSize(size: number, kernel: number, { stride, padding }: Convolution): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}
