import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { type Label, rankLabels } from '../../core/labels.ts';
import type { State } from '../../define/definition.ts';
import type { TargetSchema } from '../../define/fitted.ts';
import type { InputSchema } from '../../define/schema.ts';
import { openOnnxSession } from '../../tensor/onnx/onnx-session.ts';
import type { OnnxFile } from '../../tensor/onnx/read-onnx.ts';
import type { OnnxClassifierState } from './classifier-state.ts';
import { describeClasses } from './describe-classes.ts';
import type { ParsedImportOnnxOptions } from './import-onnx-options.ts';
import { type ImportedKind, kindOfFile } from './kind-of-file.ts';
import type { OnnxRegressorState } from './onnx-regressor.ts';
import { type OnnxState, openOnnx, readOnnxBytes } from './onnx-state.ts';
import type { OnnxTransformerState } from './onnx-transformer.ts';
import { blankRow, outputWidth } from './output-width.ts';
import { featureNames, featurePort, jsonOf, labelPort, predictionPort, probabilityPorts } from './ports.ts';
import { schemaOfInputs } from './schema-of-inputs.ts';

export interface ImportPayload {
  /** Of the file, or for messages when there are bytes. */
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
  readonly options: ParsedImportOnnxOptions;
}

/** What a fitted model is restored from. */
export interface ImportedParts {
  readonly kind: ImportedKind;
  /** Of the specification. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly schema: InputSchema;
  readonly target: TargetSchema;
  readonly state: State;
}

/** Reads a file, finds its columns and outputs and opens it; on a worker thread, since a large model takes seconds. */
export async function importTask({ path, bytes, options }: ImportPayload): Promise<ImportedParts> {
  const { threads, output } = options;
  const { file, state } = await openOnnx(bytes ?? (await readOnnxBytes(path)), path, threads);
  const schema = schemaOfInputs({ file, state }, options.columns, path);
  const kind = options.kind ?? kindOfFile(file, path);
  // Now, so that a model which the runtime does not know is refused here.
  await openOnnxSession(state.bytes, { digest: state.digest, threads, file: path });
  const common = { file: path, threads };
  if (kind === 'classifier') return classifierParts(file, state, schema, { ...options, ...common });
  const x = blankRow(state, schema.columns);
  const given = { ...common, ...(output === undefined ? {} : { output }) };
  if (kind === 'regressor') {
    const port = predictionPort(file, path, output);
    const targets = await outputWidth(state, port, x);
    const own: OnnxRegressorState = { ...state, output: port.name, targets };
    const told = jsonOf(file, 'heddle.target', z.array(z.string()));
    const names = targets > 1 && told?.length === targets ? told : undefined;
    return {
      ...{ kind, options: given, schema, state: own },
      target: { kind: 'values', targets, several: targets > 1, names },
    };
  }
  const port = featurePort(file, path, output);
  const width = await outputWidth(state, port, x);
  const own: OnnxTransformerState = { ...state, output: port.name, names: featureNames(file, width) };
  return { kind, options: given, schema, target: { kind: 'none' }, state: own };
}

async function classifierParts(
  file: OnnxFile,
  state: OnnxState,
  schema: InputSchema,
  {
    file: path,
    threads,
    output,
    classes: given,
    positiveClass,
  }: ParsedImportOnnxOptions & { readonly file: string },
): Promise<ImportedParts> {
  const hasNone = probabilityPorts(file).length === 0 && output === undefined;
  const probabilities = hasNone && labelPort(file) !== undefined ? null : output;
  const x = blankRow(state, schema.columns);
  const { labels, ...outputs } = await describeClasses(file, state, {
    file: path,
    probabilities,
    classes: given,
    x,
  });
  const { classes, rank } = rankLabels(labels);
  const places = new Int32Array(rank.length);
  for (const [place, code] of rank.entries()) places[code] = place;
  const own: OnnxClassifierState = { ...state, ...outputs, classes, places };
  return {
    ...{ kind: 'classifier', schema, state: own, target: targetOf(classes, positiveClass) },
    options: {
      ...{ file: path, threads, classes: [...labels] },
      ...(probabilities === undefined ? {} : { probabilities }),
    },
  };
}

function targetOf(classes: readonly Label[], positiveClass: Label | undefined): TargetSchema {
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
