import { z } from 'zod';
import { option, parseOptions } from '../../core/options.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { mustRunInline } from '../../define/place.ts';
import { packSpecification } from '../../define/specification.ts';
import { runJob } from '../../jobs/pool.ts';
import type { ExportPayload } from './export-task.ts';
import type { OnnxPort } from './onnx-graph.ts';

export interface ExportOnnxOptions {
  /** Name of the target, for the file's metadata. */
  readonly target?: string | undefined;
  /** What the model is, for the file's documentation; default: the summary of the definition. */
  readonly doc?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const exportOptions = z.strictObject({
  target: option(z.string().optional(), "Name of the target, for the file's metadata."),
  doc: option(z.string().optional(), 'What the model is; default: the summary of the definition.'),
});

export interface OnnxExport {
  /** Content of the file. */
  readonly bytes: Uint8Array;
  /** float32 when an operator of the graph computes in float32 only. */
  readonly precision: 'float64' | 'float32';
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

/**
 * A fitted model or pipeline as one ONNX graph (operator set 21, ai.onnx.ml 5), from raw columns to predictions, in float64.
 *
 * A model fitted on a frame has one input [rows, 1] for each column that it uses, of the column's name: text as strings ('' is missing), numbers,
 * booleans (0 and 1) and dates (milliseconds since 1970, UTC) as float64 (NaN is missing). A model fitted on a matrix has one input `x`
 * [rows, columns]. Outputs:
 *
 * | kind | outputs |
 * | --- | --- |
 * | regressor | `prediction` float64 [rows, targets] |
 * | classifier | `label` [rows] (strings, int64, float64 or booleans, as the classes are), `probabilities` float64 [rows, classes] or, without those, `scores` |
 * | clusterer | `cluster` int64 [rows] |
 * | transformer | `transformed` float64 [rows, columns]; with text among the columns one output `transformed_NAME` [rows, 1] a column |
 *
 * The metadata have what heddle knows beyond that (`heddle.kind`, `heddle.classes`, `heddle.columns`, …).
 * @throws OptionError `onnx/unsupported` with the reason when the model or a step of it has no ONNX form.
 */
export async function exportOnnx(model: FittedModel, options: ExportOnnxOptions = {}): Promise<OnnxExport> {
  const { specification, schema, target, state } = model;
  const { signal, ...rest } = options;
  const { target: targetName, doc } = parseOptions(exportOptions, rest, 'exportOnnx');
  const names = { target: targetName, doc };
  const { wire, functions, modules } = packSpecification(specification);
  if (mustRunInline(modules)) {
    const { buildExport } = await import('./export-task.ts');
    return buildExport(model, names);
  }
  return runJob<ExportPayload, OnnxExport>({
    signal,
    module: new URL(`./export-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href,
    name: 'exportTask' satisfies keyof typeof import('./export-task.ts'),
    payload: { model: { schema, target, state }, specification: wire, ...names },
    functions,
  });
}
