import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { type Label, rankLabels } from '../../core/labels.ts';
import type { FittedClassifier } from '../../define/define-classifier.ts';
import type { FittedRegressor } from '../../define/define-regressor.ts';
import type { FittedTransformer } from '../../define/define-transformer.ts';
import type { TargetSchema } from '../../define/fitted.ts';
import type { OnnxFile } from '../../tensor/onnx/read-onnx.ts';
import { rowSize } from '../../tensor/onnx/table-feeds.ts';
import type { OnnxClassifierState } from './classifier-state.ts';
import { describeClasses } from './describe-classes.ts';
import { onnxClassifier } from './onnx-classifier.ts';
import { type OnnxRegressorState, onnxRegressor } from './onnx-regressor.ts';
import { openOnnx, readOnnxBytes } from './onnx-state.ts';
import { type OnnxTransformerState, onnxTransformer } from './onnx-transformer.ts';
import { blankRow, outputWidth, probeOnnx } from './output-width.ts';
import {
  featureNames,
  featurePort,
  fileClasses,
  jsonOf,
  labelPort,
  predictionPort,
  probabilityPorts,
} from './ports.ts';
import { schemaOfInputs } from './schema-of-inputs.ts';

export interface ImportOnnxOptions {
  /** What the model is; default: what heddle wrote into the file, else what its outputs look like. */
  readonly kind?: 'regressor' | 'classifier' | 'transformer' | undefined;
  /** The output with predictions, probabilities or features, where several could be. */
  readonly output?: string | undefined;
  /** The classes in the order of the probabilities; default: what the file says, else 0, 1, …. */
  readonly classes?: readonly Label[] | undefined;
  readonly positiveClass?: Label | undefined;
  /** Names of the columns, or how many there are, where the file does not say. */
  readonly columns?: number | readonly string[] | undefined;
  /** Threads of each operator; another number may round in another order. Default 1. */
  readonly threads?: number | undefined;
}

export type ImportedOnnx =
  | FittedRegressor<object>
  | FittedClassifier
  | FittedTransformer<{ readonly featureNamesOut: readonly string[] }>;

/**
 * An ONNX model, e.g. of PyTorch or scikit-learn, as a fitted model of heddle, run by ONNX Runtime: it predicts, saves and serves like any
 * other. Its columns are the inputs by their names when there are several, else the numbers of a row of the only input, in whatever
 * shape that has. Nothing in the file is run but operators of ONNX Runtime.
 *
 *     const model = await importOnnx('churn.onnx', { kind: 'classifier', classes: ['no', 'yes'] });
 *     await model.predict([{ age: 31, plan: 'basic' }]);
 *
 * For a frozen step of a pipeline use `onnxTransformer({ file })`.
 * @param file Its path, or its bytes.
 * @throws FileError for what is no ONNX model or one that cannot be this; OptionError for what must be said; DependencyError
 *   when `onnxruntime-node` is not installed.
 */
export async function importOnnx(
  file: string | Uint8Array,
  options: ImportOnnxOptions & { readonly kind: 'regressor' },
): Promise<FittedRegressor<object>>;
export async function importOnnx(
  file: string | Uint8Array,
  options: ImportOnnxOptions & { readonly kind: 'classifier' },
): Promise<FittedClassifier>;
export async function importOnnx(
  file: string | Uint8Array,
  options: ImportOnnxOptions & { readonly kind: 'transformer' },
): Promise<FittedTransformer<{ readonly featureNamesOut: readonly string[] }>>;
export async function importOnnx(
  file: string | Uint8Array,
  options?: ImportOnnxOptions,
): Promise<ImportedOnnx>;
export async function importOnnx(
  file: string | Uint8Array,
  options: ImportOnnxOptions = {},
): Promise<ImportedOnnx> {
  requireKnown(options);
  const path = typeof file === 'string' ? file : 'model.onnx';
  const bytes = typeof file === 'string' ? await readOnnxBytes(file) : file;
  const { threads = 1, output } = options;
  const opened = await openOnnx(bytes, path, threads);
  const { state } = opened;
  const schema = schemaOfInputs(opened, options.columns, path);
  const x = blankRow(state, schema.columns);
  const summary = { rows: 0, seconds: 0, warnings: [] };
  const kind = options.kind ?? kindOf(opened.file, path);
  // A session is opened now, so that a model the runtime does not know is refused here.
  if (kind === 'classifier') {
    const hasNone = probabilityPorts(opened.file).length === 0 && output === undefined;
    const probabilities = hasNone && labelPort(opened.file) !== undefined ? null : output;
    const request = { file: path, probabilities, classes: options.classes, x };
    const { labels, ...outputs } = await describeClasses(opened.file, state, request);
    await probeOnnx(state, x, [outputs.probabilities ?? outputs.label!]);
    const { classes, rank } = rankLabels(labels);
    const places = new Int32Array(rank.length);
    for (const [place, code] of rank.entries()) places[code] = place;
    const own: OnnxClassifierState = { ...state, ...outputs, classes, places };
    const specification = onnxClassifier({
      ...{ file: path, threads, classes: [...labels] },
      ...(probabilities === undefined ? {} : { probabilities }),
    });
    return specification.restore({ schema, target: targetOf(classes, options), state: own, summary });
  }
  const given = { file: path, threads, ...(output === undefined ? {} : { output }) };
  if (kind === 'regressor') {
    const port = predictionPort(opened.file, path, output);
    const targets = await outputWidth(state, { ...port, shape: undefined }, x);
    const own: OnnxRegressorState = { ...state, output: port.name, targets };
    const names = jsonOf(opened.file, 'heddle.target', z.array(z.string()));
    const several = targets > 1;
    const target = {
      kind: 'values' as const,
      targets,
      several,
      names: several && names?.length === targets ? names : undefined,
    };
    return onnxRegressor(given).restore({ schema, target, state: own, summary });
  }
  const port = featurePort(opened.file, path, output);
  const width = await outputWidth(state, { ...port, shape: undefined }, x);
  const own: OnnxTransformerState = { ...state, output: port.name, names: featureNames(opened.file, width) };
  return onnxTransformer(given).restore({ schema, target: { kind: 'none' }, state: own, summary });
}

const known = ['kind', 'output', 'classes', 'positiveClass', 'columns', 'threads'];

function requireKnown(options: object): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new OptionError(
      'option/unknown',
      `importOnnx has no option '${name}'. Its options are ${known.join(', ')}.`,
      {
        option: name,
      },
    );
  }
}

function targetOf(classes: readonly Label[], { positiveClass }: ImportOnnxOptions): TargetSchema {
  if (positiveClass !== undefined && !classes.includes(positiveClass)) {
    throw new OptionError(
      'option/invalid',
      `positiveClass ${JSON.stringify(positiveClass)} is not among the classes ${JSON.stringify(classes.slice(0, 10))}.`,
      { option: 'positiveClass' },
    );
  }
  return {
    kind: 'classes',
    classes,
    positiveClass: classes.length === 2 ? (positiveClass ?? classes[1]!) : null,
  };
}

/** By heddle's metadata, else: labels or several probabilities named so make a classifier, one number a row a regressor, more a transformer. */
function kindOf(file: OnnxFile, path: string): 'regressor' | 'classifier' | 'transformer' {
  const said = file.metadata['heddle.kind'];
  if (said === 'regressor' || said === 'classifier' || said === 'transformer') return said;
  if (said === 'clusterer') return 'transformer';
  const floats = file.outputs.filter(({ element }) => element === 'float32' || element === 'float64');
  if (labelPort(file) !== undefined && (fileClasses(file) !== undefined || file.outputs.length > 1))
    return 'classifier';
  if (floats.some(({ name }) => name === 'probabilities')) return 'classifier';
  const [only] = floats;
  if (floats.length === 1 && only!.shape !== undefined)
    return rowSize(only!) === 1 ? 'regressor' : 'transformer';
  throw new OptionError(
    'option/required',
    `'${path}' does not say what it is. Say so with kind: 'regressor', 'classifier' or 'transformer'.`,
    { option: 'kind' },
  );
}
