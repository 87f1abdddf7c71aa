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
  /** (x [rows, n], scale [n], shift [n]) → each row standardised, times the scale, plus the shift. */
  readonly layerNorm: { readonly epsilon: number };
  /** 1 / √(variance + ε) along the last axis, which stays with size 1. */
  readonly inverseDeviation: { readonly epsilon: number };
  /**
   * (x [rows, columns], x − mean, 1 / deviation, scale, shift of its columns) → scale (x − mean) / deviation + shift. Its gradient by x counts
   * that mean and deviation depend on x.
   */
  readonly normalizeColumns: None;
  /** (table [levels, width], indices) → the rows of the table at the indices. */
  readonly gather: None;
  /** (rows […, width], indices) → [levels, width]: at each index the sum of its rows. */
  readonly scatterRows: { readonly levels: number };
  /** Whole numbers given as real ones. */
  readonly toIndex: None;
  /** (indices) → 1 at the index, else 0, along a new last axis. */
  readonly oneHot: { readonly levels: number };
  /** (x [count, …]) → [rows, …]: the rows with these numbers, or of `fill` where the number is −1. */
  readonly takeRows: { readonly rows: readonly number[]; readonly fill: number };
  /** (x [planes, …]) → the largest along the first axis. */
  readonly maxPlanes: None;
  /** (x [planes, …], dy) → dy at the first of the largest planes, else 0. */
  readonly maxPlanesInput: None;
  /** (x [n, channels, …size], weights [filters, channels / groups, …kernel]) → [n, filters, …]. */
  readonly convolution: Convolution;
  /** (dy, weights) → the gradient by x, of the size given: the transposed convolution. */
  readonly convolutionInput: Convolution & { readonly size: Shape };
  /** (x [n, channels, …size]) → [n, channels, …]: the largest of each window. */
  readonly maxPool: Windows;
  /** The mean of each window, places outside counting as 0 or not at all. */
  readonly averagePool: Windows & { readonly countsOutside: boolean };
}

/** Which places of a picture the windows of a convolution or of pooling see; each list has a number for each dimension of a picture. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  /** From one place of a window to the next. */
  readonly dilations: readonly number[];
  /** Places outside before the first and after the last. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export interface Convolution extends Windows {
  /** Into how many parts the channels are divided, each with filters of its own. */
  readonly groups: number;
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
  readonly nodes: readonly TensorNode[];
  /** The result of node `id`. */
  tensor(id: number): Tensor;
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
