/** Sizes of a tensor; all are known when the graph is built. */
export type Shape = readonly number[];

/** What a tensor holds: real numbers in the precision of the session, whole numbers (int32), or truth values. */
export type Element = 'real' | 'index' | 'truth';

type None = Readonly<Record<string, never>>;

/** The operations and what each is told beside its inputs. An operation is added here and in the table of `ops/`. */
export interface OpAttributes {
  /** A value that is fed at every run. */
  readonly input: { readonly name: string; readonly shape: Shape; readonly element: Element };
  /** A value that training changes. */
  readonly parameter: { readonly name: string; readonly shape: Shape };
  /** Equal numbers may be given once. */
  readonly constant: { readonly shape: Shape; readonly values: readonly number[] };
  readonly add: None;
  readonly subtract: None;
  readonly multiply: None;
  readonly divide: None;
  readonly greater: None;
  /** (condition, x, y): x where the condition holds, else y. */
  readonly where: None;
  readonly negative: None;
  readonly exp: None;
  readonly log: None;
  readonly sqrt: None;
  readonly power: { readonly exponent: number };
  readonly relu: None;
  /** 1 where x > 0, else 0. */
  readonly step: None;
  readonly tanh: None;
  readonly logistic: None;
  readonly softplus: None;
  readonly erf: None;
  /** x Φ(x) with the normal distribution function Φ. */
  readonly gelu: None;
  /** The derivative of gelu. */
  readonly geluSlope: None;
  /** (a, b) → A · B of the last two dimensions, each transposed if said; leading dimensions are equal. */
  readonly matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** (x, weights, bias) → x · weights + bias for [rows, inputs], [inputs, outputs], and [outputs] or [rows, outputs]. */
  readonly affine: None;
  /** [rows, columns] → [columns]. */
  readonly sumRows: None;
  readonly transpose: { readonly axes: readonly number[] };
  readonly reshape: { readonly shape: Shape };
  readonly broadcast: { readonly shape: Shape };
  readonly slice: { readonly axis: number; readonly from: number; readonly to: number };
  /** Zeros before and after along an axis. */
  readonly pad: { readonly axis: number; readonly before: number; readonly after: number };
  readonly concat: { readonly axis: number };
  readonly sum: { readonly axes: readonly number[]; readonly keepDims: boolean };
  /** Along the last axis, which stays with size 1. */
  readonly max: None;
  /** 1 at the first largest along the last axis, else 0. */
  readonly firstMax: None;
  /** Along the last axis. */
  readonly softmax: None;
  readonly logSoftmax: None;
  /** (x − mean) / √(variance + ε) along the last axis. */
  readonly standardize: { readonly epsilon: number };
  /** 1 / √(variance + ε) along the last axis, which stays with size 1. */
  readonly inverseDeviation: { readonly epsilon: number };
  /** (table [levels, width], indices) → the rows of the table at the indices. */
  readonly gather: None;
  /** (rows […, width], indices) → [levels, width]: at each index the sum of its rows. */
  readonly scatterRows: { readonly levels: number };
  /** Whole numbers given as real ones. */
  readonly toIndex: None;
  /** (indices) → 1 at the index, else 0, along a new last axis. */
  readonly oneHot: { readonly levels: number };
  /** (x [n, channels, height, width], weights [filters, channels, kernel, kernel]) → [n, filters, …]. */
  readonly conv2d: Convolution;
  /** (dy, weights) → gradient by x. */
  readonly conv2dInput: Convolution & { readonly height: number; readonly width: number };
  /** (x, dy) → gradient by the weights. */
  readonly conv2dWeights: Convolution & { readonly kernel: readonly [number, number] };
}

export interface Convolution {
  readonly stride: number;
  readonly padding: number;
}

export type Op = keyof OpAttributes;

/** A symbolic value: the result of a node of a graph. */
export interface Tensor {
  readonly graph: Builder;
  /** Number of the node. */
  readonly id: number;
  readonly shape: Shape;
  readonly element: Element;
}

/** What functions of tensors build with. */
export interface Builder {
  apply<O extends Op>(op: O, inputs: readonly Tensor[], attributes: OpAttributes[O]): Tensor;
}

/** A node as plain data. */
export interface TensorNode<O extends Op = Op> {
  readonly op: O;
  /** Numbers of earlier nodes. */
  readonly inputs: readonly number[];
  readonly attributes: OpAttributes[O];
  readonly shape: Shape;
  readonly element: Element;
  /** The layer that the node was built for. */
  readonly layer?: string | undefined;
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
