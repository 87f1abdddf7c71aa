import { OptionError } from '../../../core/errors.ts';
import { broadcastShapes } from '../../../tensor/broadcast.ts';
import {
  add,
  concat,
  constant,
  divide,
  erf,
  exp,
  gelu,
  greater,
  log,
  logistic,
  logSoftmax,
  matmul,
  max,
  mean,
  multiply,
  negative,
  pad,
  power,
  relu,
  reshape,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  subtract,
  sum,
  tanh,
  transpose,
  where,
} from '../../../tensor/functions.ts';
import { type Shape, shapeText, sizeOf, type Tensor } from '../../../tensor/tensor.ts';

type None = Readonly<Record<never, never>>;

export interface ReductionAttributes {
  /** Of an example; default: all. */
  readonly axes?: readonly number[] | undefined;
  /** Whether the axes stay, with size 1. Default false. */
  readonly keepDims?: boolean | undefined;
}

/** The operations of a network given as a function, and what each is told beside its inputs. Axes and shapes are those of one example. */
export interface GraphOperations {
  readonly add: None;
  readonly subtract: None;
  readonly multiply: None;
  readonly divide: None;
  readonly maximum: None;
  readonly minimum: None;
  /** (condition, x, y): x where the condition is above 0, else y. */
  readonly select: None;
  readonly negative: None;
  readonly absolute: None;
  readonly exp: None;
  readonly log: None;
  readonly sqrt: None;
  readonly square: None;
  readonly power: { readonly exponent: number };
  readonly relu: None;
  readonly tanh: None;
  readonly logistic: None;
  readonly softplus: None;
  readonly gelu: None;
  readonly erf: None;
  /** Along the last axis. */
  readonly softmax: None;
  /** Along the last axis. */
  readonly logSoftmax: None;
  readonly sum: ReductionAttributes;
  readonly mean: ReductionAttributes;
  readonly max: ReductionAttributes;
  /** Of the last two dimensions; dimensions before them are equal, or one of the two is a matrix for all examples. */
  readonly matmul: {
    readonly transposeA?: boolean | undefined;
    readonly transposeB?: boolean | undefined;
  };
  /** Default: the axes reversed. */
  readonly transpose: { readonly axes?: readonly number[] | undefined };
  readonly reshape: { readonly shape: Shape };
  /** Along an axis, the last by default. */
  readonly concat: { readonly axis?: number | undefined };
  readonly slice: { readonly axis: number; readonly from: number; readonly to: number };
  /** Zeros before and after along an axis. */
  readonly pad: { readonly axis: number; readonly before: number; readonly after: number };
}

export type GraphOperation = keyof GraphOperations;

/** A value of a graph: one for each example, with the examples as first dimension, or the same for all. */
export interface GraphValue {
  readonly tensor: Tensor;
  readonly isBatched: boolean;
}

/** Of an operation that is told nothing. */
type Plain = (inputs: readonly GraphValue[]) => Tensor;
type Build<O extends GraphOperation> = (
  inputs: readonly GraphValue[],
  attributes: GraphOperations[O],
) => Tensor;

export const exampleShape = ({ tensor, isBatched }: GraphValue): Shape =>
  isBatched ? tensor.shape.slice(1) : tensor.shape;

function unfit(operation: string, shapes: readonly Shape[], need: string): OptionError {
  return new OptionError('tensor/shape', `${operation} of ${shapes.map(shapeText).join(' and ')}: ${need}`, {
    operation,
  });
}

/** Tensors of which each broadcasts to the others as their examples do: those with fewer dimensions get ones after the rows. */
function aligned(operation: string, inputs: readonly GraphValue[]): Tensor[] {
  const shapes = inputs.map(exampleShape);
  shapes.reduce<Shape>((all, shape) => {
    const common = broadcastShapes(all, shape);
    if (common === undefined) throw unfit(operation, shapes, 'sizes must be equal or 1.');
    return common;
  }, []);
  const rank = Math.max(...inputs.map((input) => exampleShape(input).length));
  return inputs.map((input) => {
    const own = exampleShape(input);
    if (!input.isBatched || own.length === rank) return input.tensor;
    const ones = new Array<number>(rank - own.length).fill(1);
    return reshape(input.tensor, [input.tensor.shape[0]!, ...ones, ...own]);
  });
}

const binary =
  (operation: string, apply: (a: Tensor, b: Tensor) => Tensor): Plain =>
  (inputs) => {
    const [a, b] = aligned(operation, inputs);
    return apply(a!, b!);
  };
const unary =
  (apply: (x: Tensor) => Tensor): Plain =>
  ([x]) =>
    apply(x!.tensor);

/** An axis of an example, counted from its end where negative, as one of the tensor. */
function axisOf(input: GraphValue, axis: number): number {
  const rank = exampleShape(input).length;
  const own = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(own) || own < 0 || own >= rank)
    throw unfit('axis', [exampleShape(input)], `there is no axis ${axis}.`);
  return own + Number(input.isBatched);
}

const along =
  (apply: typeof sum) =>
  ([x]: readonly GraphValue[], { axes, keepDims = false }: ReductionAttributes): Tensor => {
    const all = exampleShape(x!).map((_, axis) => axis);
    return apply(x!.tensor, { axes: (axes ?? all).map((axis) => axisOf(x!, axis)), keepDims });
  };

const lastOnly =
  (name: string, apply: (x: Tensor) => Tensor): Plain =>
  ([x]) => {
    if (exampleShape(x!).length === 0) throw unfit(name, [[]], 'a single number has no last axis.');
    return apply(x!.tensor);
  };

/** Products of examples, or of each with one matrix, which are one product of all their rows. */
const product: Build<'matmul'> = ([a, b], { transposeA = false, transposeB = false }) => {
  if (a!.isBatched === b!.isBatched) return matmul(a!.tensor, b!.tensor, { transposeA, transposeB });
  const turned = (x: Tensor, isTurned: boolean) =>
    isTurned
      ? transpose(x, [...x.shape.keys()].slice(0, -2).concat(x.shape.length - 1, x.shape.length - 2))
      : x;
  // A X = (Xᵀ Aᵀ)ᵀ
  if (!a!.isBatched) {
    const right = turned(b!.tensor, !transposeB);
    return turned(byMatrix(right, a!.tensor, !transposeA), true);
  }
  const left = exampleShape(a!).length < 2 ? a!.tensor : turned(a!.tensor, transposeA);
  return byMatrix(left, b!.tensor, transposeB);
};

function byMatrix(x: Tensor, matrix: Tensor, transposeB: boolean): Tensor {
  if (matrix.shape.length !== 2 || x.shape.length < 2)
    throw unfit(
      'matmul',
      [x.shape.slice(1), matrix.shape],
      'what is the same for all examples must be a matrix.',
    );
  const rows = x.shape.slice(0, -1).reduce((all, size) => all * size, 1);
  const flat = matmul(reshape(x, [rows, x.shape.at(-1)!]), matrix, { transposeB });
  return reshape(flat, [...x.shape.slice(0, -1), flat.shape[1]!]);
}

/** How each operation is built; one that is missing does not compile. */
export const graphOperations: { readonly [O in GraphOperation]: Build<O> } = {
  add: binary('add', add),
  subtract: binary('subtract', subtract),
  multiply: binary('multiply', multiply),
  divide: binary('divide', divide),
  maximum: binary('maximum', (a, b) => where(greater(a, b), a, b)),
  minimum: binary('minimum', (a, b) => where(greater(a, b), b, a)),
  select(inputs) {
    const [condition, x, y] = aligned('select', inputs);
    return where(greater(condition!, 0), x!, y!);
  },
  negative: unary(negative),
  absolute: unary((x) => add(relu(x), relu(negative(x)))),
  exp: unary(exp),
  log: unary(log),
  sqrt: unary(sqrt),
  square: unary(square),
  power: ([x], { exponent }) => power(x!.tensor, exponent),
  relu: unary(relu),
  tanh: unary(tanh),
  logistic: unary(logistic),
  softplus: unary(softplus),
  gelu: unary(gelu),
  erf: unary(erf),
  softmax: lastOnly('softmax', softmax),
  logSoftmax: lastOnly('logSoftmax', logSoftmax),
  sum: along(sum),
  mean: along(mean),
  max: along(max),
  matmul: product,
  transpose([x], { axes }) {
    const own = exampleShape(x!);
    const order = axes ?? own.map((_, axis) => own.length - 1 - axis);
    const moved = order.map((axis) => axisOf(x!, axis));
    return transpose(x!.tensor, x!.isBatched ? [0, ...moved] : moved);
  },
  reshape: ([x], { shape }) => reshape(x!.tensor, x!.isBatched ? [x!.tensor.shape[0]!, ...shape] : shape),
  concat(inputs, { axis = -1 }) {
    const first = inputs.find(({ isBatched }) => isBatched);
    if (first === undefined)
      return concat(
        inputs.map(({ tensor }) => tensor),
        axisOf(inputs[0]!, axis),
      );
    // What is the same for all examples is repeated for each: added to a zero of each.
    const { tensor } = first;
    const rows = tensor.shape[0]!;
    const one = slice(reshape(tensor, [rows, sizeOf(tensor.shape) / rows]), 1, 0, 1);
    const zero = where(greater(one, one), constant(one, 1), 0);
    const parts = inputs.map((input) => {
      if (input.isBatched) return input.tensor;
      const own = input.tensor.shape;
      return add(reshape(zero, [rows, ...own.map(() => 1)]), input.tensor);
    });
    return concat(parts, axisOf(first, axis));
  },
  slice: ([x], { axis, from, to }) => slice(x!.tensor, axisOf(x!, axis), from, to),
  pad: ([x], { axis, before, after }) => pad(x!.tensor, axisOf(x!, axis), before, after),
};

/** Numbers that are the same for all examples. */
export function sameForAll(like: Tensor, values: readonly number[], shape: Shape): GraphValue {
  return { tensor: constant(like, values, shape), isBatched: false };
}
