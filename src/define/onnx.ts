import type { Column } from '../core/frame.ts';
import type { TypedArray } from '../core/shared.ts';

/**
 * How definitions write themselves as ONNX. A definition's hook `onnx(state, x, graph, options)` mirrors its `predict` or
 * `transform`: it gets the columns of `x` as values of a graph and adds the nodes that compute its outputs. All numbers are float64.
 *
 * | in a table | in a graph | missing |
 * | --- | --- | --- |
 * | matrix | float64 [rows, columns] | NaN |
 * | column of numbers | float64 [rows, 1] | NaN |
 * | column of booleans | float64 [rows, 1], 0 and 1 | NaN |
 * | column of dates | float64 [rows, 1], milliseconds since 1970-01-01T00:00Z | NaN |
 * | column of text | string [rows, 1] | '' |
 *
 * A graph cannot refuse a row: what heddle answers with a DataError becomes NaN where the operators allow.
 */

/** A value of a graph: the name of a tensor. */
export type OnnxValue = string;

export type OnnxElement =
  | 'float32'
  | 'float64'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'string'
  | 'float16'
  | 'bfloat16';

/** The numbers or texts of a constant. The kind of array says the element type, an array of numbers is int64. */
export type OnnxData = TypedArray | readonly string[] | readonly number[];

/** Whole numbers become INT, text STRING, arrays INTS or STRINGS; anything else is said by a key. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxData; readonly shape?: readonly number[]; readonly element?: OnnxElement };

export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** What a hook builds with. */
export interface OnnxBuilder {
  /** A constant tensor; `shape` defaults to one dimension. */
  constant(data: OnnxData, shape?: readonly number[]): OnnxValue;
  /** A float64 constant without dimensions. */
  scalar(value: number): OnnxValue;
  /** A node with one output. `op` is e.g. `MatMul`, or `ai.onnx.ml.LabelEncoder`; an input '' is left out. */
  node(op: string, inputs: readonly OnnxValue[], attributes?: OnnxAttributes): OnnxValue;
  /** A node with several outputs. */
  nodes(op: string, inputs: readonly OnnxValue[], outputs: number, attributes?: OnnxAttributes): OnnxValue[];
  /**
   * Adds the nodes of an ONNX file, whose inputs are the values given by their names; gives the named outputs.
   * @param bytes Of a file that was read and checked before.
   */
  insert(
    bytes: Uint8Array,
    feeds: Readonly<Record<string, OnnxValue>>,
    outputs: readonly string[],
  ): Promise<readonly OnnxValue[] | OnnxUnsupported>;
  /** Says that from here on numbers have float32 precision only. */
  losePrecision(): void;
}

export interface OnnxMatrix {
  readonly kind: 'matrix';
  /** float64 [rows, columns]. */
  readonly value: OnnxValue;
  readonly columns: number;
  readonly names: readonly string[] | undefined;
}

export interface OnnxColumn {
  readonly name: string;
  readonly kind: Column['kind'];
  /** [rows, 1], as the table above says. */
  readonly value: OnnxValue;
}

export interface OnnxFrame {
  readonly kind: 'frame';
  readonly columns: readonly OnnxColumn[];
}

export type OnnxTable = OnnxMatrix | OnnxFrame;

/** `x` in the form that a definition works on. */
export type OnnxInput<I extends 'matrix' | 'frame' | 'table'> = I extends 'frame'
  ? OnnxFrame
  : I extends 'table'
    ? OnnxTable
    : OnnxMatrix;

/** What a classifier computes; the label follows as in `predict`: codes, else scores, else probabilities. */
export interface OnnxClassOutputs {
  /** float64 [rows, classes]. */
  readonly probabilities?: OnnxValue | undefined;
  /** float64 [rows, 1] with two classes (positive means the second), else [rows, classes]. */
  readonly scores?: OnnxValue | undefined;
  /** int64 [rows]. */
  readonly codes?: OnnxValue | undefined;
}

/** Why a model, with this state and these options, has no ONNX form. */
export interface OnnxUnsupported {
  readonly unsupported: string;
}

/** What the hook of each kind of definition gives. */
export interface OnnxOutputs {
  /** float64 [rows, targets]. */
  readonly regressor: OnnxValue;
  readonly classifier: OnnxClassOutputs;
  readonly transformer: OnnxTable;
  /** int64 [rows]. */
  readonly clusterer: OnnxValue;
}
