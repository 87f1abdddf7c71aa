import { Matrix } from '../../core/matrix.ts';
import { columnNames } from '../../core/table.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { FROZEN } from './frozen.ts';
import { insertNodes, numbersOfOutput } from './insert-nodes.ts';
import { onnxOptions } from './onnx-options.ts';
import { type OnnxState, openOnnx, readOnnxBytes } from './onnx-state.ts';
import { outputWidth } from './output-width.ts';
import { featureNames, featurePort } from './ports.ts';
import { runForNumbers } from './run-onnx.ts';

export interface OnnxTransformerState extends OnnxState {
  readonly output: string;
  readonly names: readonly string[];
}

/**
 * An ONNX model whose output becomes columns, e.g. a network without its last layer: a frozen step of a pipeline. Rows go in, in the order
 * of their columns, in whatever shape the model's input has (a picture of 3 × 224 × 224 is 150,528 columns); what comes out is
 * flattened likewise. A fit reads the file; nothing is learned.
 * @throws FileError for a file that is no such model; DependencyError when `onnxruntime-node` is not installed.
 */
export const onnxTransformer = defineTransformer({
  ...FROZEN,
  name: 'onnx-transformer',
  module: import.meta.url,
  summary: 'The outputs of an ONNX file as columns, as they are.',
  use: 'As a frozen feature step in front of a model, e.g. a network that was trained elsewhere.',
  options: onnxOptions,
  async fit({ file, output, threads }, { x }): Promise<OnnxTransformerState> {
    const opened = await openOnnx(await readOnnxBytes(file), file, threads);
    const port = featurePort(opened.file, file, output);
    // Also where the width is declared: a fit shows whether the columns suit the inputs.
    const width = await outputWidth(opened.state, { ...port, shape: undefined }, x);
    return { ...opened.state, output: port.name, names: featureNames(opened.file, width) };
  },
  async transform(state, x, job) {
    const { output, names } = state;
    const data = await runForNumbers(state, x, output, names.length, job);
    return new Matrix({ rows: x.rows, columns: names.length, data, names: columnNames(x) && names });
  },
  async onnx(state, x, graph) {
    const { output, names } = state;
    const outputs = await insertNodes(graph, state, x, [output]);
    if ('unsupported' in outputs) return outputs;
    const value = numbersOfOutput(graph, outputs[0]!, names.length);
    return { kind: 'matrix', value, columns: names.length, names };
  },
  attributes: ({ names }: OnnxTransformerState) => ({
    /** Names of the columns that come out. */
    featureNamesOut: names,
  }),
});
