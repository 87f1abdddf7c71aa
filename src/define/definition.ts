import type { z } from 'zod';
import type { Eventually } from '../core/eventually.ts';
import type { Frame } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import type { Matrix } from '../core/matrix.ts';
import type { OptionsSchema } from '../core/options.ts';
import type { TypedArray } from '../core/shared.ts';
import type { Table } from '../core/table.ts';
import type { Job } from '../jobs/job.ts';
import type { OnnxBuilder, OnnxInput, OnnxOutputs, OnnxUnsupported } from './onnx.ts';

export type Kind = 'regressor' | 'classifier' | 'clusterer' | 'transformer';
export type Method =
  | 'predict'
  | 'predictInterval'
  | 'predictProba'
  | 'decisionFunction'
  | 'transform'
  | 'inverseTransform';

/** Fitted state: a tree of plain objects and arrays whose leaves are typed arrays or JSON values ({@link StateValue}). */
export type State = object;
export type StateValue =
  | TypedArray
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly StateValue[]
  | { readonly [name: string]: StateValue };

/**
 * Which form of `x` a definition works on: numbers in a float64 matrix, named columns of any kind, or either of the two as it
 * comes.
 */
export type Input = 'matrix' | 'frame' | 'table';
export type InputTable<I extends Input> = I extends 'frame'
  ? Frame
  : I extends 'table'
    ? Frame | Matrix
    : Matrix;

/** Adjoining columns of a larger row-major table of zeros: column `j` of row `i` is `data[i * stride + at + j]`. */
export interface ColumnBlock {
  readonly data: Float64Array;
  readonly stride: number;
  readonly at: number;
}

/** What every definition says of itself. */
export interface DefinitionBase<O extends OptionsSchema, I extends Input> {
  /** Unique in kebab-case, e.g. `random-forest-regressor`. */
  readonly name: string;
  /** `import.meta.url` of the module that exports the model, so that a worker thread can import it. */
  readonly module: string;
  /** One sentence: what the model is. */
  readonly summary: string;
  /** One sentence: when to use it. */
  readonly use: string;
  /** A strict zod object whose fields are wrapped in `option(…)`. */
  readonly options: O;
  readonly input?: I;
  /**
   * What becomes of missing values (NaN, null) in `x`: they are refused with the column's name (the default), accepted, or
   * `propagated`: refused likewise, but a large `x` is only searched after `fit` returned numbers that are not finite or
   * threw, which saves a pass over the data where every sum would show them.
   */
  readonly missing?: 'refused' | 'accepted' | 'propagated';
  /**
   * What becomes of columns of text in `x`: they must be encoded first (the default), or are accepted as categories. Then `x` comes as a
   * `table`.
   */
  readonly text?: 'refused' | 'accepted';
  /** The number that stands for a text of a column in a row for `predictRow`; NaN for an unknown one. */
  readonly encodeText?: (state: never, column: number, text: string) => number;
  /**
   * Whether columns should be standardised first: a penalty or distance makes it `useful`, an unpenalised regression
   * makes it `harmful`, trees make it `irrelevant`.
   */
  readonly scaling?: 'useful' | 'harmful' | 'irrelevant';
  /** Whether `sampleWeight` is honoured; otherwise giving one is an error. Default true. */
  readonly weighted?: boolean;
  /** Whether `fit` takes the float32 numbers of a `Matrix<Float32Array>` as they are: `x.data` may then be either. Otherwise they are widened. */
  readonly single?: boolean;
  /** Whether `fit({ from })` continues from an earlier state. */
  readonly continues?: boolean;
  /** Whether a fit keeps its state in a file that it goes on from when it was interrupted: `fit({ checkpoint })`. */
  readonly checkpoints?: boolean;
  /** About how many floating-point operations predicting one row costs; default: ten per column. */
  readonly rowOperations?: (state: never, columns: number) => number;
  /**
   * About how many floating-point operations a fit costs. A fit of a fraction of a millisecond runs on the caller's thread,
   * where sending it to another would take longer; a fit whose cost is not known never does.
   */
  readonly fitOperations?: (rows: number, columns: number) => number;
  /** Whether it predicts without looking at `x`: what others are compared with, and never chosen automatically. */
  readonly baseline?: boolean;
  /**
   * Whether people can read what was fitted, such as one coefficient a column. Of models that predict equally well within the accuracy of
   * their comparison, automatic choice takes such a one.
   */
  readonly readable?: boolean;
  /**
   * What it learns from: rows of a table (the default); queries, whose rows `groups` tell, when its predictions rank the rows of each; or an
   * environment to act in, when it has `learn` in place of `fit`. What trains models on tables takes those of rows only.
   */
  readonly learnsFrom?: 'rows' | 'queries' | 'environment';
  /** Whether a fit itself searches for the best options by cross-validation; automatic choice does that for all models alike. */
  readonly selfTuning?: boolean;
  /** Whether automatic choice tries it (the default), or only those who name it take it, since its options must suit the data. */
  readonly chosen?: 'automatically' | 'by-name';
  /** Rows above which fitting or predicting takes too long for automatic choice to try it; default: no bound. */
  readonly mostRows?: number;
  /**
   * Refuses a state that cannot be of a model of that shape, as a forged or damaged file may hold: by comparing lengths, and without reading
   * every number but those that lead to others. Without it such a model loads and predicts nonsense or throws. @throws DataError
   */
  readonly checkState?: (state: never, shape: StateShape, options: z.output<O>) => void;
  /** A finer check of the options than the schema's. @throws OptionError */
  readonly check?: (options: z.output<O>) => void;
  /** Whether a method is there with these options, where that depends on them; default: all that are defined are. */
  readonly offers?: (options: z.output<O>, method: Method) => boolean;
}

/** What is known of a fitted model beside its state. */
export interface StateShape {
  /** Of the table that it was fitted on. */
  readonly columns: number;
  /** Numbers that it gives for a row: one a target, one for two classes, else one a class; 0 without a target. */
  readonly outputs: number;
}

/** A file that keeps the state of a fit. */
export interface CheckpointOptions {
  readonly path: string;
  /** Passes over the rows after which it is written anew. Default 1. */
  readonly every?: number | undefined;
}

/** What every `fit` gets. */
export interface FitData<I extends Input> {
  readonly x: InputTable<I>;
  readonly rows: number;
  readonly sampleWeight: Float64Array | undefined;
  /** Group of each row, as codes. */
  readonly groups: Int32Array | undefined;
  /** The state to continue from; of the definition's own type. */
  readonly from: State | undefined;
  /** Where to keep its state; given only to definitions that say they keep checkpoints. */
  readonly checkpoint: CheckpointOptions | undefined;
}

export interface RegressionData<I extends Input> extends FitData<I> {
  /** Row-major, `rows × targets`. */
  readonly y: Float64Array;
  readonly targets: number;
  readonly validation: RegressionSet<I> | undefined;
}

/** Rows held out for early stopping. */
export interface RegressionSet<I extends Input> {
  readonly x: InputTable<I>;
  readonly y: Float64Array;
  readonly sampleWeight: Float64Array | undefined;
  /** Group of each row, as codes; undefined where none were given. */
  readonly groups?: Int32Array | undefined;
}

export interface ClassificationData<I extends Input> extends FitData<I> {
  /** Index into `classes` of each row. */
  readonly y: Int32Array;
  /** Sorted, at least two. */
  readonly classes: readonly Label[];
  readonly validation: ClassificationSet<I> | undefined;
}

export interface ClassificationSet<I extends Input> {
  readonly x: InputTable<I>;
  readonly y: Int32Array;
  readonly sampleWeight: Float64Array | undefined;
}

/** A transformer may look at the target; without one both are undefined. */
export interface TransformationData<I extends Input> extends FitData<I> {
  /** Codes for a classification target, values for a regression target. */
  readonly y: Int32Array | Float64Array | undefined;
  readonly classes: readonly Label[] | undefined;
  readonly targets: number;
}

/**
 * Adds to a graph the nodes that compute what `predict` or `transform` computes, or says why that cannot be. `x` has the form that the
 * definition works on. See `onnx.ts` for how tables and missing values look in a graph.
 */
export type OnnxHook<K extends Kind, S, I extends Input, P> = (
  state: S,
  x: OnnxInput<I>,
  graph: OnnxBuilder,
  options: P,
) => Eventually<OnnxOutputs[K] | OnnxUnsupported>;

/** What the author of a regressor writes. */
export interface RegressorParts<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
  I extends Input = Input,
  M extends object = A,
> extends DefinitionBase<O, I> {
  /** Whether `y` may have several columns. Default false. */
  readonly severalTargets?: boolean;
  fit(options: z.output<O>, data: RegressionData<I>, job: Job): Eventually<S>;
  /** Row-major predictions, `rows × targets`. */
  predict(state: S, x: InputTable<I>, job: Job, options: z.output<O>): Eventually<Float64Array>;
  /** Bounds within which the target of each row is expected, row-major, rows × 2: lower, upper. For one target. */
  predictInterval?(state: S, x: InputTable<I>, job: Job, options: z.output<O>): Eventually<Float64Array>;
  /** A fast path for one row, one target. */
  predictRow?(state: S, row: Float64Array): number;
  /** The model as ONNX: float64 [rows, targets]. */
  readonly onnx?: OnnxHook<'regressor', S, I, z.output<O>>;
  /** Fitted attributes, scikit-learn's names in camelCase. */
  attributes?(state: S, options: z.output<O>): A;
  /** The attributes when `y` had columns; by default those of a single target. */
  attributesOfTargets?(state: S, options: z.output<O>): M;
}

/** What a classifier says of each row. */
export interface CodesAndProba {
  /** Index into the classes. */
  readonly codes: Int32Array;
  /** Row-major, rows × classes; undefined when the model gives none. */
  readonly probabilities: Float64Array | undefined;
}

/** What the author of a classifier writes. */
export interface ClassifierParts<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
  I extends Input = Input,
> extends DefinitionBase<O, I> {
  fit(options: z.output<O>, data: ClassificationData<I>, job: Job): Eventually<S>;
  /** Row-major probabilities, `rows × classes`. One of this, `decisionFunction` and `predict` is needed. */
  predictProba?(state: S, x: InputTable<I>, job: Job, options: z.output<O>): Eventually<Float64Array>;
  /** Row-major scores: `rows` of them when binary (positive means the second class), else `rows × classes`. */
  decisionFunction?(state: S, x: InputTable<I>, job: Job, options: z.output<O>): Eventually<Float64Array>;
  /** Columns of the scores with more than two classes, where they are not one a class. */
  scoreColumns?(options: z.output<O>, classes: number): number;
  /**
   * How many classes a state tells apart. Given it, the default `predict` goes over the rows in parts where a number for each row and
   * class would take much memory.
   */
  classCount?(state: S): number;
  /** Class codes; by default the largest probability, else the largest score, the first among equals. */
  predict?(state: S, x: InputTable<I>, job: Job, options: z.output<O>): Eventually<Int32Array>;
  /** Codes and probabilities at once, the same that `predict` and `predictProba` give, where they share most of their work. */
  predictBoth?(state: S, x: InputTable<I>, job: Job, options: z.output<O>): Eventually<CodesAndProba>;
  /** A fast path for one row: probabilities of the classes. */
  predictProbaRow?(state: S, row: Float64Array): Float64Array;
  /** The model as ONNX: what the methods above give. */
  readonly onnx?: OnnxHook<'classifier', S, I, z.output<O>>;
  attributes?(state: S, options: z.output<O>): A;
}

/** What the author of a transformer writes. */
export interface TransformerParts<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
  I extends Input = Input,
> extends DefinitionBase<O, I> {
  fit(options: z.output<O>, data: TransformationData<I>, job: Job): Eventually<S>;
  /** The table that follows; its columns carry names whenever those of `x` do. */
  transform(state: S, x: InputTable<I>, job: Job, options: z.output<O>): Eventually<Table>;
  /** Writes the numbers that `transform` would give straight into their place in a wider table, which saves a copy. */
  transformInto?(
    state: S,
    x: InputTable<I>,
    block: ColumnBlock,
    job: Job,
    options: z.output<O>,
  ): Eventually<void>;
  inverseTransform?(state: S, x: Matrix, job: Job, options: z.output<O>): Eventually<Table>;
  /** A fast path for one row of numbers, of a transformer that gives numbers. */
  transformRow?(state: S, row: Float64Array, options: z.output<O>): Float64Array;
  /** `transform` as ONNX. */
  readonly onnx?: OnnxHook<'transformer', S, I, z.output<O>>;
  attributes?(state: S, options: z.output<O>): A;
}

/** What the author of a clusterer writes. */
export interface ClustererParts<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
  I extends Input = Input,
> extends DefinitionBase<O, I> {
  fit(options: z.output<O>, data: FitData<I>, job: Job): Eventually<S>;
  /** Cluster of each training row; −1 is noise. */
  labels(state: S): Int32Array;
  /** Cluster of each row, for clusterers that can place new rows. */
  predict?(state: S, x: InputTable<I>, job: Job, options: z.output<O>): Eventually<Int32Array>;
  /** A fast path for one row. */
  predictRow?(state: S, row: Float64Array): number;
  /** The model as ONNX: int64 [rows], the cluster of each row. */
  readonly onnx?: OnnxHook<'clusterer', S, I, z.output<O>>;
  attributes?(state: S, options: z.output<O>): A;
}

export type Definition =
  | RegressorDefinition
  | ClassifierDefinition
  | TransformerDefinition
  | ClustererDefinition;

export interface RegressorDefinition<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
  I extends Input = Input,
  M extends object = A,
> extends RegressorParts<O, S, A, I, M> {
  readonly kind: 'regressor';
}

export interface ClassifierDefinition<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
  I extends Input = Input,
> extends ClassifierParts<O, S, A, I> {
  readonly kind: 'classifier';
}

export interface TransformerDefinition<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
  I extends Input = Input,
> extends TransformerParts<O, S, A, I> {
  readonly kind: 'transformer';
}

export interface ClustererDefinition<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
  I extends Input = Input,
> extends ClustererParts<O, S, A, I> {
  readonly kind: 'clusterer';
}
