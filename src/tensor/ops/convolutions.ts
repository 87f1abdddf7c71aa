import type { OnnxAttributes, OnnxValue } from '../../define/onnx.ts';
import { convolution } from '../functions.ts';
import { elementNumbers } from '../onnx/element-types.ts';
import { weightGradient } from '../places/convolve-places.ts';
import { averagePoolGradient, maxPoolGradient } from '../places/pool-places.ts';
import { windowCounts } from '../places/windows.ts';
import type { Convolution, Op, OpAttributes, Shape, Windows } from '../tensor.ts';
import { type Lowering, misfit, type OpRule } from './op-rule.ts';

/**
 * Convolutions and pooling of pictures [n, channels, …size] as the single operations of ONNX, for predictions: in training their parts are
 * shared between passes, see `places/`. y_n,f,p = Σ_c,t w_f,c,t x_n,c,s(p,t), where window p sees the place s(p, t) at t.
 */
export const convolutionOps = {
  convolution: {
    shape(shapes, attributes) {
      const [x, weights] = shapes as [Shape, Shape];
      const { groups, kernel } = attributes;
      if (x.length !== kernel.length + 2 || weights.length !== x.length)
        throw misfit('convolution', shapes, `both must have ${kernel.length + 2} dimensions.`);
      if (x[1] !== weights[1]! * groups)
        throw misfit(
          'convolution',
          shapes,
          `the pictures have ${x[1]} channels, but the filters are for ${weights[1]! * groups}.`,
        );
      if (weights[0]! % groups !== 0)
        throw misfit('convolution', shapes, `${weights[0]} filters cannot be divided into ${groups} groups.`);
      return [x[0]!, weights[0]!, ...counted('convolution', shapes, attributes)];
    },
    lower: (inputs, { attributes }, to) =>
      narrowly(inputs, to, (narrow) =>
        to.graph.node('Conv', narrow, { ...windowAttributes(attributes), group: attributes.groups }),
      ),
    gradient: (dy, _, [x, weights], attributes) => [
      dy.graph.apply('convolutionInput', [dy, weights!], { ...attributes, size: x!.shape.slice(2) }),
      weightGradient(x!, dy, attributes),
    ],
  },
  // The transpose of a convolution, and so linear in both of its inputs as well.
  convolutionInput: {
    shape(shapes, { groups, size, ...attributes }) {
      const [dy, weights] = shapes as [Shape, Shape];
      if (dy[1] !== weights[0])
        throw misfit(
          'convolutionInput',
          shapes,
          `the pictures have ${dy[1]} channels, but the filters are for ${weights[0]}.`,
        );
      const counts = windowCounts(size, attributes);
      if (counts.some((count, axis) => count !== dy[axis + 2]))
        throw misfit('convolutionInput', shapes, `windows of pictures of [${size}] number [${counts}].`);
      return [dy[0]!, weights[1]! * groups, ...size];
    },
    lower(inputs, { attributes }, to) {
      const { kernel, strides, dilations, before, after, size, groups } = attributes;
      const counts = windowCounts(size, attributes);
      const missing = size.map((length, axis) => {
        const reach = dilations[axis]! * (kernel[axis]! - 1) + 1;
        return length - ((counts[axis]! - 1) * strides[axis]! + reach - before[axis]! - after[axis]!);
      });
      return narrowly(inputs, to, (narrow) =>
        to.graph.node('ConvTranspose', narrow, {
          ...{ ...windowAttributes(attributes), group: groups, output_padding: missing },
        }),
      );
    },
    gradient: (dz, _, [dy, weights], { size, ...attributes }) => [
      convolution(dz, weights!, attributes),
      weightGradient(dz, dy!, attributes),
    ],
  },
  maxPool: {
    shape: (shapes, windows) => [...shapes[0]!.slice(0, 2), ...counted('maxPool', shapes, windows)],
    lower: (inputs, { attributes }, { graph }) => graph.node('MaxPool', inputs, windowAttributes(attributes)),
    gradient: (dy, _, [x], windows) => [maxPoolGradient(x!, dy, windows)],
  },
  averagePool: {
    shape: (shapes, windows) => [...shapes[0]!.slice(0, 2), ...counted('averagePool', shapes, windows)],
    lower: (inputs, { attributes: { countsOutside, ...windows } }, to) =>
      narrowly(inputs, to, (narrow) =>
        to.graph.node('AveragePool', narrow, {
          ...{ ...windowAttributes(windows), count_include_pad: Number(countsOutside) },
        }),
      ),
    gradient: (dy, _, [x], { countsOutside, ...windows }) => [
      averagePoolGradient(x!, dy, windows, countsOutside),
    ],
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

function counted(op: Op, shapes: readonly Shape[], windows: Windows): number[] {
  const size = shapes[0]!.slice(2);
  if (size.length !== windows.kernel.length)
    throw misfit(op, shapes, `pictures must have ${windows.kernel.length + 2} dimensions.`);
  const counts = windowCounts(size, windows);
  if (counts.some((count) => count < 1))
    throw misfit(op, shapes, `windows of [${windows.kernel}] are larger than the pictures.`);
  return counts;
}

function windowAttributes({
  kernel,
  strides,
  dilations,
  before,
  after,
}: Windows | Convolution): OnnxAttributes {
  return {
    kernel_shape: [...kernel],
    strides: [...strides],
    dilations: [...dilations],
    pads: [...before, ...after],
  };
}

/** In float32 always: the runtime has no other. */
function narrowly(
  inputs: readonly OnnxValue[],
  { graph, real }: Lowering,
  build: (narrow: readonly OnnxValue[]) => OnnxValue,
): OnnxValue {
  if (real === 'float32') return build(inputs);
  const narrow = inputs.map((input) => graph.node('Cast', [input], { to: elementNumbers.float32 }));
  return graph.node('Cast', [build(narrow)], { to: elementNumbers.float64 });
}
