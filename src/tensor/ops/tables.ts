import { matmul, oneHot, reshape } from '../functions.ts';
import { type OpAttributes, sizeOf } from '../tensor.ts';
import { isPlace, type OpRule, requireRank } from './op-rule.ts';

/** Rows of a table by their numbers. */
export const tableOps = {
  // Y = one-hot(i) T: dT = one-hot(i)ᵀ dY, which adds the rows of an index in the order of the batch.
  gather: {
    shape(shapes) {
      requireRank('gather', shapes, 2);
      return [...shapes[1]!, shapes[0]![1]!];
    },
    lower: (inputs, _, { graph }) => graph.node('Gather', inputs, { axis: 0 }),
    gradient(dy, _, [table, indices]) {
      const [levels, width] = table!.shape as [number, number];
      const count = sizeOf(indices!.shape);
      const places = reshape(oneHot(indices!, levels), [count, levels]);
      return [matmul(places, reshape(dy, [count, width]), { transposeA: true }), undefined];
    },
  },
  oneHot: {
    shape: ([shape], { levels }) => [...shape!, levels],
    lower([indices], { attributes: { levels } }, to) {
      const column = to.graph.node('Unsqueeze', [indices!, to.graph.constant([-1])]);
      return isPlace(to, column, to.graph.constant(Int32Array.from({ length: levels }, (_, place) => place)));
    },
    gradient: 'none',
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };
