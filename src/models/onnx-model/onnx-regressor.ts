import { DataError } from '../../core/errors.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { FROZEN } from './frozen.ts';
import { insertNodes, numbersOfOutput } from './insert-nodes.ts';
import { onnxOptions } from './onnx-options.ts';
import { type OnnxState, openOnnx, readOnnxBytes } from './onnx-state.ts';
import { outputWidth } from './output-width.ts';
import { predictionPort } from './ports.ts';
import { otherWidth, runForNumbers } from './run-onnx.ts';

export interface OnnxRegressorState extends OnnxState {
  readonly output: string;
  readonly targets: number;
}

/**
 * An ONNX model that predicts numbers, run by ONNX Runtime. A fit reads the file and checks that it takes the columns of `x`; nothing is
 * learned. See {@link importOnnx} for a model without a fit.
 * @throws FileError for a file that is no such model; DependencyError when `onnxruntime-node` is not installed.
 */
export const onnxRegressor = defineRegressor({
  ...FROZEN,
  name: 'onnx-regressor',
  module: import.meta.url,
  summary: 'A regressor from an ONNX file, as it is.',
  severalTargets: true,
  options: onnxOptions,
  async fit({ file, output, threads }, { x, targets }): Promise<OnnxRegressorState> {
    const opened = await openOnnx(await readOnnxBytes(file), file, threads);
    const port = predictionPort(opened.file, file, output);
    const width = await outputWidth(opened.state, { ...port, shape: undefined }, x);
    if (width !== targets) {
      throw new DataError('data/several-targets', otherWidth(port.name, width, targets).message, { targets });
    }
    return { ...opened.state, output: port.name, targets };
  },
  async onnx(state, x, graph) {
    const outputs = await insertNodes(graph, state, x, [state.output]);
    return 'unsupported' in outputs ? outputs : numbersOfOutput(graph, outputs[0]!, state.targets);
  },
  predict: (state, x, job) => runForNumbers(state, x, state.output, state.targets, job),
});
