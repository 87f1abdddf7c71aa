import { broadcastShapes } from '../broadcast.ts';
import { FREE } from '../free-rows.ts';
import { pad, reshape, slice, sumTo, transpose } from '../functions.ts';
import { type OpAttributes, type Shape, sameShape, shapeText, sizeOf } from '../tensor.ts';
import { misfit, type OpRule } from './op-rule.ts';

/** Operations that move numbers without changing them. */
export const shapeOps = {
  transpose: {
    shape([shape], { axes }) {
      if (
        !sameShape(
          [...axes].sort((a, b) => a - b),
          shape!.map((_, axis) => axis),
        )
      )
        throw misfit('transpose', [shape!], `the axes ${shapeText(axes)} are not each of its axes once.`);
      return axes.map((axis) => shape![axis]!);
    },
    lower([x], { attributes: { axes }, shape }, { graph, shapes }) {
      const runs = neighbours(axes);
      if (runs.length === axes.length || shape.includes(FREE))
        return graph.node('Transpose', [x!], { perm: [...axes] });
      // Axes that stay together are one: the runtime moves blocks a few times faster than single numbers.
      const inOrder = runs.toSorted(([a], [b]) => a! - b!);
      const merged = inOrder.map((run) => run.reduce((size, axis) => size * shapes[0]![axis]!, 1));
      const flat = graph.node('Reshape', [x!, graph.constant(merged)]);
      const turned = graph.node('Transpose', [flat], { perm: runs.map((run) => inOrder.indexOf(run)) });
      return graph.node('Reshape', [turned, graph.constant([...shape])]);
    },
    gradient: (dy, _y, _inputs, { axes }) => [
      transpose(
        dy,
        axes.map((_, axis) => axes.indexOf(axis)),
      ),
    ],
  },
  reshape: {
    shape([from], { shape }) {
      if (sizeOf(from!) !== sizeOf(shape))
        throw misfit(
          'reshape',
          [from!],
          `${sizeOf(from!)} numbers cannot take the shape ${shapeText(shape)}.`,
        );
      return shape;
    },
    lower: ([x], { shape }, { graph }) => graph.node('Reshape', [x!, graph.constant([...shape])]),
    gradient: (dy, _, [x]) => [reshape(dy, x!.shape)],
  },
  // Every copy adds to the gradient.
  broadcast: {
    shape([from], { shape }) {
      const common = broadcastShapes(from!, shape);
      if (common === undefined || !sameShape(common, shape))
        throw misfit('broadcast', [from!, shape], 'the first cannot be repeated to the second.');
      return shape;
    },
    lower([x], { shape }, { graph, shapes }) {
      const missing = shape.length - shapes[0]!.length;
      const isFree = shape.some((size, axis) => size === FREE && shapes[0]![axis - missing] !== FREE);
      if (isFree) throw misfit('broadcast', shapes, 'how often it is to be repeated is not known.');
      // A size of 1 keeps that of x.
      const sizes = shape.map((size) => (size === FREE ? 1 : size));
      return graph.node('Expand', [x!, graph.constant(sizes)]);
    },
    gradient: (dy, _, [x]) => [sumTo(dy, x!.shape)],
  },
  slice: {
    shape([shape], { axis, from, to }) {
      if (!(axis >= 0 && axis < shape!.length && 0 <= from && from < to && to <= shape![axis]!))
        throw misfit('slice', [shape!], `there is no part ${from} to ${to} along axis ${axis}.`);
      return shape!.with(axis, to - from);
    },
    lower: ([x], { attributes: { axis, from, to } }, { graph }) =>
      graph.node('Slice', [x!, graph.constant([from]), graph.constant([to]), graph.constant([axis])]),
    gradient: (dy, _, [x], { axis, from, to }) => [pad(dy, axis, from, x!.shape[axis]! - to)],
  },
  pad: {
    shape([shape], { axis, before, after }) {
      if (!(axis >= 0 && axis < shape!.length)) throw misfit('pad', [shape!], `there is no axis ${axis}.`);
      return shape!.with(axis, shape![axis]! + before + after);
    },
    lower([x], { attributes: { axis, before, after }, shape }, { graph, constant }) {
      const zeros = shape.map(() => 0);
      const pads = [...zeros.with(axis, before), ...zeros.with(axis, after)];
      return graph.node('Pad', [x!, graph.constant(pads), constant([0])]);
    },
    gradient: (dy, _, [x], { axis, before }) => [slice(dy, axis, before, before + x!.shape[axis]!)],
  },
  concat: {
    shape(shapes, { axis }) {
      const [first] = shapes as [Shape];
      for (const other of shapes) {
        if (other.length !== first.length || !sameShape(other.with(axis, 0), first.with(axis, 0)))
          throw misfit('concat', shapes, `all sizes but those along axis ${axis} must be equal.`);
      }
      return first.with(
        axis,
        shapes.reduce((total, shape) => total + shape[axis]!, 0),
      );
    },
    lower: (inputs, { attributes: { axis } }, { graph }) => graph.node('Concat', inputs, { axis }),
    gradient(dy, _, inputs, { axis }) {
      let from = 0;
      return inputs.map(({ shape }) => {
        from += shape[axis]!;
        return slice(dy, axis, from - shape[axis]!, from);
      });
    },
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

/** Runs of axes that follow each other before and after: [2, 3, 0, 1] has [2, 3] and [0, 1]. */
function neighbours(axes: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const axis of axes) {
    if (runs.at(-1)?.at(-1) === axis - 1) runs.at(-1)!.push(axis);
    else runs.push([axis]);
  }
  return runs;
}
