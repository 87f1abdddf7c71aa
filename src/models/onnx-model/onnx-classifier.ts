import { z } from 'zod';
import { DataError, JobError, OptionError } from '../../core/errors.ts';
import { compareLabels, type Label } from '../../core/labels.ts';
import { option } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Table } from '../../core/table.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { scoresToCodes } from '../../define/run.ts';
import type { Job } from '../../jobs/job.ts';
import type { OnnxTensor } from '../../tensor/onnx/onnx-session.ts';
import { classNodes } from './class-nodes.ts';
import type { OnnxClassifierState } from './classifier-state.ts';
import { describeClasses } from './describe-classes.ts';
import { FROZEN } from './frozen.ts';
import { onnxOptions } from './onnx-options.ts';
import { openOnnx, readOnnxBytes } from './onnx-state.ts';
import { otherWidth, rowsOfTensor, runOnnx } from './run-onnx.ts';

/**
 * An ONNX model that predicts classes, run by ONNX Runtime. A fit reads the file and checks that it takes the columns of `x` and knows
 * the classes of `y`; nothing is learned. See {@link importOnnx} for a model without a fit.
 * @throws FileError for a file that is no such model; DataError for other classes; DependencyError when `onnxruntime-node` is not
 *   installed.
 */
export const onnxClassifier = defineClassifier({
  ...FROZEN,
  name: 'onnx-classifier',
  module: import.meta.url,
  summary: 'A classifier from an ONNX file, as it is.',
  options: onnxOptions.omit({ output: true }).extend({
    probabilities: option(
      z.string().nullable().optional(),
      'Name of the output with one number for each class; null where there is none.',
    ),
    classes: option(
      z
        .array(z.union([z.string(), z.number(), z.boolean()]))
        .min(2)
        .optional(),
      'The classes in the order of the probabilities; default: what the file says, else 0, 1, ….',
    ),
  }),
  offers: ({ probabilities }, method) => method !== 'predictProba' || probabilities !== null,
  async fit(options, { x, classes }): Promise<OnnxClassifierState> {
    const { file: path, threads } = options;
    const { file, state } = await openOnnx(await readOnnxBytes(path), path, threads);
    const { labels, ...outputs } = await describeClasses(file, state, { ...options, x });
    requireSame(classes, labels, path);
    return {
      ...state,
      ...outputs,
      classes,
      places: Int32Array.from(classes, (label) => labels.indexOf(label)),
    };
  },
  predictProba: async (state, x, job) => (await classify(state, x, job, 'probabilities')).probabilities!,
  predict: async (state, x, job) => (await classify(state, x, job, 'codes')).codes,
  onnx: classNodes,
  predictBoth: (state, x, job) => classify(state, x, job, 'both'),
});

function requireSame(classes: readonly Label[], labels: readonly Label[], path: string): void {
  const sorted = labels.toSorted(compareLabels);
  if (classes.length === sorted.length && classes.every((label, c) => label === sorted[c])) return;
  const show = (list: readonly Label[]) => JSON.stringify(list.slice(0, 10));
  throw new DataError(
    'data/other-classes',
    `'${path}' knows the classes ${show(sorted)}, but y has ${show(classes)}. Both must be the same; name those of the file with the ` +
      'option classes, in the order of its probabilities, or use importOnnx, which needs no y.',
  );
}

interface Classified {
  readonly codes: Int32Array;
  readonly probabilities: Float64Array | undefined;
}

/** What is `wanted` of each row, from one run of the graph. */
async function classify(
  state: OnnxClassifierState,
  x: Table,
  job: Pick<Job, 'checkpoint' | 'progress'>,
  wanted: 'codes' | 'probabilities' | 'both',
): Promise<Classified> {
  const { label, probabilities: output, classes } = state;
  if (output === null && wanted === 'probabilities') {
    throw new OptionError(
      'model/no-method',
      'onnx-classifier has no predictProba: its file gives labels only (export with zipmap=False for a tensor of probabilities).',
      {
        model: 'onnx-classifier',
        method: 'predictProba',
      },
    );
  }
  const takesLabel = label !== null && wanted !== 'probabilities';
  const takesProbabilities = output !== null && (wanted !== 'codes' || label === null);
  const codes = sharedArray(Int32Array, x.rows);
  const probabilities = sharedArray(Float64Array, takesProbabilities ? x.rows * classes.length : 0);
  const names = [...(takesLabel ? [label] : []), ...(takesProbabilities ? [output] : [])];
  const codeOf = new Map(classes.map((each, code) => [each, code]));
  await runOnnx(state, x, names, job, (tensors, from, rows) => {
    if (takesLabel) readCodes(tensors[0]!, label, rows, codeOf, codes.subarray(from, from + rows));
    if (takesProbabilities)
      readProbabilities(tensors.at(-1)!, state, rows, probabilities.subarray(from * classes.length));
  });
  if (!takesLabel && takesProbabilities) codes.set(scoresToCodes(probabilities, x.rows));
  return { codes, probabilities: takesProbabilities ? probabilities : undefined };
}

function readCodes(
  { element, data, dims }: OnnxTensor,
  output: string,
  rows: number,
  codeOf: ReadonlyMap<Label, number>,
  codes: Int32Array,
): void {
  if (data.length !== (dims[0] ?? 1)) throw otherWidth(output, data.length / (dims[0] ?? 1), 1);
  for (let i = 0; i < rows; i++) {
    const cell: unknown = data[i];
    const label = element === 'bool' ? Boolean(cell) : element === 'string' ? (cell as string) : Number(cell);
    const code = codeOf.get(label);
    if (code === undefined) {
      throw new JobError(
        'onnx/unexpected-output',
        `Output '${output}' of the ONNX model gives the class ${JSON.stringify(label)}, which is none of ${JSON.stringify([...codeOf.keys()].slice(0, 10))}.`,
        { output },
      );
    }
    codes[i] = code;
  }
}

function readProbabilities(
  tensor: OnnxTensor,
  { probabilities: output, width, places }: OnnxClassifierState,
  rows: number,
  into: Float64Array,
): void {
  const found = rowsOfTensor(tensor, output!, rows);
  if (found.width !== width) throw otherWidth(output!, found.width, width);
  for (let i = 0; i < rows; i++) {
    for (const [c, place] of places.entries()) {
      const value = found.at(i * width + (width === 1 ? 0 : place));
      into[i * places.length + c] = width === 1 && place === 0 ? 1 - value : value;
    }
  }
}
