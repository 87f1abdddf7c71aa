import { z } from 'zod';
import { option } from '../../core/options.ts';

/** The options of models that are ONNX files. */
export const onnxOptions = z.strictObject({
  file: option(z.string().min(1), 'Path of the ONNX file; its content becomes part of the fitted model.'),
  output: option(z.string().optional(), 'Name of the output to take; needed where several would do.'),
  threads: option(
    z.int().positive().max(256).default(1),
    'Threads of each operator; another number may round in another order.',
  ),
});

export type OnnxModelOptions = z.output<typeof onnxOptions>;
