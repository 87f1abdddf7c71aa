import { OptionError } from '../../core/errors.ts';
import { type OpAttributes, shapeText, sizeOf } from '../tensor.ts';
import type { OpRule } from './op-rule.ts';

/** Where values come from. */
export const leafOps = {
  input: {
    shape: (_, { shape }) => shape,
    element: ({ element }) => element,
    lower: (_, { attributes: { name, shape, element } }, { graph, real }) =>
      graph.input(name, element === 'real' ? real : element === 'index' ? 'int32' : 'bool', shape),
    gradient: 'none',
  },
  parameter: {
    shape: (_, { shape }) => shape,
    lower: (_, { attributes: { name, shape } }, { graph, real }) => graph.input(name, real, shape),
    gradient: 'none',
  },
  constant: {
    shape(_, { shape, values }) {
      if (values.length !== 1 && values.length !== sizeOf(shape)) {
        throw new OptionError(
          'tensor/shape',
          `constant: ${values.length} numbers cannot take the shape ${shapeText(shape)}.`,
          { op: 'constant' },
        );
      }
      return shape;
    },
    lower: (_, { attributes: { shape, values } }, { constant }) =>
      constant(values.length === 1 ? new Array<number>(sizeOf(shape)).fill(values[0]!) : values, shape),
    gradient: 'none',
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };
