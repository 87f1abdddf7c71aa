import { OptionError } from '../../core/errors.ts';
import { add, concat, multiply } from '../../tensor/functions.ts';
import { type Shape, sameShape, shapeText, type Tensor } from '../../tensor/tensor.ts';
import { type LayerRules, noParameters } from './layer-rule.ts';

/** [shape] → [shape]: what the layers give, added to the input, or to what the layers of `shortcut` make of it (K. He et al., CVPR 2016). */
export interface Residual<Inner> {
  readonly layers: readonly Inner[];
  /** Default: none. */
  readonly shortcut?: readonly Inner[];
}

/** What several lists of layers make of one input: along the last axis, or added, or multiplied. An empty list gives the input. */
export interface Parallel<Inner> {
  readonly branches: readonly (readonly Inner[])[];
  /** Default concat. */
  readonly combine?: 'concat' | 'add' | 'multiply';
}

/** A layer of any kind; the kinds are not known here, where they are defined. */
type AnyLayer = { readonly kind: string };

const combinations = { add, multiply };

export const containerLayers: LayerRules<{
  readonly residual: Residual<AnyLayer>;
  readonly parallel: Parallel<AnyLayer>;
}> = {
  residual: {
    parameters: noParameters,
    build({ layers, shortcut = [] }, x, context) {
      const inner = context.layers(layers, x, 'layers');
      const beside = context.layers(shortcut, x, 'shortcut');
      if (!sameShape(inner.shape, beside.shape)) {
        const [own, other] = [example(inner), example(beside)].map(shapeText);
        throw misfit(
          `residual cannot add what its layers give, ${own}, to ${other}. Give it a shortcut of layers that lead to ${own}, such as a dense layer or a conv2d with kernelSize 1.`,
          'residual',
        );
      }
      return add(inner, beside);
    },
  },
  parallel: {
    parameters: noParameters,
    build({ branches, combine = 'concat' }, x, context) {
      if (branches.length === 0) throw misfit('parallel needs at least one branch.', 'parallel');
      const parts = branches.map((layers, i) => context.layers(layers, x, String(i)));
      const shapes = parts.map(example);
      const isAlong = combine === 'concat';
      const compared = (shape: Shape) => (isAlong ? shape.slice(0, -1) : shape);
      const first = compared(shapes[0]!);
      if (!shapes.every((shape) => shape.length === shapes[0]!.length && sameShape(compared(shape), first))) {
        const need = isAlong ? 'all sizes but the last must be equal' : 'all sizes must be equal';
        throw misfit(
          `parallel cannot ${combine} ${shapes.map(shapeText).join(' and ')}: ${need}.`,
          'parallel',
        );
      }
      return isAlong ? concat(parts, parts[0]!.shape.length - 1) : parts.reduce(combinations[combine]);
    },
  },
};

const example = ({ shape }: Tensor): Shape => shape.slice(1);

function misfit(message: string, kind: string): OptionError {
  return new OptionError('tensor/shape', message, { kind });
}
