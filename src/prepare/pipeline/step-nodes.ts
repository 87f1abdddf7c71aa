import { addOnnx } from '../../define/add-onnx.ts';
import type { OnnxBuilder, OnnxOutputs, OnnxTable } from '../../define/onnx.ts';
import type { Specification } from '../../define/specification.ts';
import type { PipelineState } from './run-steps.ts';
import { lastStep, type PipelineOptions } from './steps.ts';

/** The steps one after the other; gives what the last one, of kind `kind`, gives. @throws OptionError naming a step that has no ONNX form */
export async function stepNodes<K extends keyof OnnxOutputs>(
  kind: K,
  options: PipelineOptions,
  state: PipelineState,
  x: OnnxTable,
  graph: OnnxBuilder,
): Promise<OnnxOutputs[K]> {
  let table = x;
  for (const [i, [, step]] of options.steps.slice(0, -1).entries())
    table = await addOnnx(step as Specification<'transformer'>, state.steps[i]!, table, graph);
  const [, last] = lastStep(options);
  if (last.kind !== kind) throw new TypeError(`The last step of a ${kind} is a ${kind}.`);
  return addOnnx(last as Specification<K>, state.steps.at(-1)!, table, graph);
}
