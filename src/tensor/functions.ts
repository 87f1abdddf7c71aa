/**
 * Functions of tensors. Each adds nodes to the graph of its arguments.
 * @throws OptionError `tensor/shape` naming the operation, the layer and the shapes that do not fit.
 */
import { beforeMoves } from './before-moves.ts';
import { broadcastAxes } from './broadcast.ts';
import type { Convolution, Shape, Tensor, Windows } from './tensor.ts';
import { sameShape, sizeOf } from './tensor.ts';

type Operand = Tensor | number;

/** A constant, one number or one for each place. */
export function constant(like: Tensor, values: number | readonly number[], shape: Shape = []): Tensor {
  return like.graph.apply('constant', [], { shape, values: typeof values === 'number' ? [values] : values });
}

function operand(like: Tensor, value: Operand): Tensor {
  return typeof value === 'number' ? constant(like, value) : value;
}

export function add(a: Tensor, b: Operand): Tensor {
  const apply = (x: Tensor, y: Tensor) => x.graph.apply('add', [x, y], {});
  if (typeof b === 'number' || !sameShape(a.shape, b.shape)) return apply(a, operand(a, b));
  return beforeMoves([a, b], apply as (...inner: Tensor[]) => Tensor);
}
export const subtract = (a: Tensor, b: Operand): Tensor => a.graph.apply('subtract', [a, operand(a, b)], {});
export const multiply = (a: Tensor, b: Operand): Tensor => a.graph.apply('multiply', [a, operand(a, b)], {});
export const divide = (a: Tensor, b: Operand): Tensor => a.graph.apply('divide', [a, operand(a, b)], {});
export const greater = (a: Tensor, b: Operand): Tensor => a.graph.apply('greater', [a, operand(a, b)], {});
export const where = (condition: Tensor, x: Tensor, y: Operand): Tensor =>
  x.graph.apply('where', [condition, x, operand(x, y)], {});
export const negative = (x: Tensor): Tensor => x.graph.apply('negative', [x], {});
export const exp = (x: Tensor): Tensor => x.graph.apply('exp', [x], {});
export const log = (x: Tensor): Tensor => x.graph.apply('log', [x], {});
export const sqrt = (x: Tensor): Tensor => x.graph.apply('sqrt', [x], {});
export const power = (x: Tensor, exponent: number): Tensor => x.graph.apply('power', [x], { exponent });
export const square = (x: Tensor): Tensor => multiply(x, x);
export const relu = (x: Tensor): Tensor =>
  beforeMoves([x], (inner) => inner!.graph.apply('relu', [inner!], {}));
export const step = (x: Tensor): Tensor => x.graph.apply('step', [x], {});
export const tanh = (x: Tensor): Tensor => x.graph.apply('tanh', [x], {});
/** 1 / (1 + e^−x). */
export const logistic = (x: Tensor): Tensor => x.graph.apply('logistic', [x], {});
/** log(1 + e^x). */
export const softplus = (x: Tensor): Tensor => x.graph.apply('softplus', [x], {});
export const erf = (x: Tensor): Tensor => x.graph.apply('erf', [x], {});

/** x Φ(x) with the normal distribution function Φ (D. Hendrycks and K. Gimpel, arXiv:1606.08415). */
export const gelu = (x: Tensor): Tensor => x.graph.apply('gelu', [x], {});

export interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** A · B of the last two dimensions. */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: Transposes = {},
): Tensor {
  return a.graph.apply('matmul', [a, b], { transposeA, transposeB });
}

/** x · weights + bias of [rows, inputs]; the bias is [outputs], or [rows, outputs]. */
export function affine(x: Tensor, weights: Tensor, bias: Tensor): Tensor {
  return x.graph.apply('affine', [x, weights, bias], {});
}

export const sumRows = (x: Tensor): Tensor => x.graph.apply('sumRows', [x], {});

/** @param axes Default: the axes reversed. */
export function transpose(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, axis) => x.shape.length - 1 - axis),
): Tensor {
  if (axes.every((axis, place) => axis === place)) return x;
  const { op, inputs, attributes } = x.graph.nodes[x.id]!;
  if (op !== 'transpose') return x.graph.apply('transpose', [x], { axes });
  // Two in a row are one.
  const before = (attributes as { readonly axes: readonly number[] }).axes;
  return transpose(
    x.graph.tensor(inputs[0]!),
    axes.map((axis) => before[axis]!),
  );
}

export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(shape, x.shape)) return x;
  const { op, inputs } = x.graph.nodes[x.id]!;
  // Two in a row are one.
  if (op === 'reshape' && sizeOf(shape) === sizeOf(x.shape))
    return reshape(x.graph.tensor(inputs[0]!), shape);
  return x.graph.apply('reshape', [x], { shape });
}

/** [rows, last size]: all axes but the last as one. */
export const asRows = (x: Tensor): Tensor =>
  reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.shape.length - 1]!]);

/** Repeated to a larger shape. */
export function broadcast(x: Tensor, shape: Shape): Tensor {
  return sameShape(shape, x.shape) ? x : x.graph.apply('broadcast', [x], { shape });
}

export const slice = (x: Tensor, axis: number, from: number, to: number): Tensor =>
  x.graph.apply('slice', [x], { axis, from, to });
export const pad = (x: Tensor, axis: number, before: number, after: number): Tensor =>
  x.graph.apply('pad', [x], { axis, before, after });
export const concat = (parts: readonly Tensor[], axis: number): Tensor =>
  parts[0]!.graph.apply('concat', parts, { axis });

export interface Reduction {
  /** Default: all. */
  readonly axes?: readonly number[];
  /** Whether the axes stay, with size 1. Default false. */
  readonly keepDims?: boolean;
}

const allAxes = (x: Tensor) => x.shape.map((_, axis) => axis);

export function sum(x: Tensor, { axes = allAxes(x), keepDims = false }: Reduction = {}): Tensor {
  return axes.length === 0 ? x : x.graph.apply('sum', [x], { axes, keepDims });
}

export function mean(x: Tensor, { axes = allAxes(x), keepDims = false }: Reduction = {}): Tensor {
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return multiply(sum(x, { axes, keepDims }), 1 / count);
}

/** The largest; among equals the gradient goes to the first. */
export function max(x: Tensor, { axes = allAxes(x), keepDims = false }: Reduction = {}): Tensor {
  const kept = allAxes(x).filter((axis) => !axes.includes(axis));
  const outer = kept.map((axis) => x.shape[axis]!);
  const order = [...kept, ...[...axes].sort((a, b) => a - b)];
  const isInOrder = order.every((axis, place) => axis === place);
  const flat = reshape(isInOrder ? x : transpose(x, order), [...outer, sizeOf(x.shape) / sizeOf(outer)]);
  const largest = x.graph.apply('max', [flat], {});
  return reshape(largest, keepDims ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)) : outer);
}

/** Along the last axis. */
export const softmax = (x: Tensor): Tensor => x.graph.apply('softmax', [x], {});
export const logSoftmax = (x: Tensor): Tensor => x.graph.apply('logSoftmax', [x], {});
/** {@link standardize} of each row of [rows, n], times a scale [n], plus a shift [n]. */
export const layerNorm = (x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor =>
  x.graph.apply('layerNorm', [x, scale, shift], { epsilon });
/** Mean 0 and variance 1 along the last axis: (x − mean) / √(variance + ε). */
export const standardize = (x: Tensor, epsilon: number): Tensor =>
  x.graph.apply('standardize', [x], { epsilon });
export const gather = (table: Tensor, indices: Tensor): Tensor =>
  table.graph.apply('gather', [table, indices], {});
/** At each index the sum of its rows, [levels, width]. */
export const scatterRows = (rows: Tensor, indices: Tensor, levels: number): Tensor =>
  rows.graph.apply('scatterRows', [rows, indices], { levels });
/** Indices from whole numbers given as real ones. */
export const toIndex = (x: Tensor): Tensor => x.graph.apply('toIndex', [x], {});
export const oneHot = (indices: Tensor, levels: number): Tensor =>
  indices.graph.apply('oneHot', [indices], { levels });

/** Cross-correlation of [n, channels, …size] with [filters, channels / groups, …kernel]. */
export const convolution = (x: Tensor, weights: Tensor, attributes: Convolution): Tensor =>
  x.graph.apply('convolution', [x, weights], attributes);
/** The transposed convolution: what a convolution of pictures of the size would pass back. */
export const convolutionInput = (x: Tensor, weights: Tensor, attributes: Convolution, size: Shape): Tensor =>
  x.graph.apply('convolutionInput', [x, weights], { ...attributes, size });
/** The largest of each window; among equals the gradient goes to the first. */
export const maxPool = (x: Tensor, windows: Windows): Tensor => x.graph.apply('maxPool', [x], windows);
export const averagePool = (x: Tensor, windows: Windows, countsOutside: boolean): Tensor =>
  x.graph.apply('averagePool', [x], { ...windows, countsOutside });

/** Sums over what was repeated when a tensor of the given shape was broadcast to that of `x`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (shape.length === 1 && shape[0] === x.shape.at(-1)) return sumRows(asRows(x));
  return reshape(sum(x, { axes: broadcastAxes(shape, x.shape), keepDims: true }), shape);
}
