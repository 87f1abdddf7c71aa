import assert from 'node:assert/strict';
import { Frame } from '../../src/core/frame.ts';
import type { Label } from '../../src/core/labels.ts';
import type { Matrix } from '../../src/core/matrix.ts';
import { exportOnnx, type OnnxExport } from '../../src/tensor/onnx/export-onnx.ts';
import { type OnnxTensor, openOnnxSession } from '../../src/tensor/onnx/onnx-session.ts';
import { tableFeeds } from '../../src/tensor/onnx/table-feeds.ts';
import type { CheckTable } from '../check.ts';
import { assertClose, type Output, type Outputs, outputsOf } from '../outputs.ts';
import { asFrame, type SampleRequest } from '../samples.ts';
import type { AnyFitted, Subject } from '../subject.ts';
import { hasOutputs } from './shapes.ts';

/** Both sides round each step; sums are taken in another order, and e^x is a unit of the last place off. */
const tolerances = { float64: 1e-12, float32: 1e-6 } as const;

/** A fitted model as a graph of another runtime. */
export const onnxChecks = {
  'onnx-agrees': {
    holds: 'ONNX Runtime computes from its ONNX graph what predict, predictProba and transform give',
    when: hasOutputs,
    async run(subject) {
      if (subject.definition.onnx === undefined) {
        assert.fail(
          'the definition says nothing of ONNX: give it a hook `onnx` that adds its nodes to a graph, or returns ' +
            "{ unsupported: 'reason' } and is among the exceptions",
        );
      }
      for (const { what, request, asRows } of variantsOf(subject)) {
        const training = subject.sample(request);
        // A category that the training rows lack is refused.
        const isNew = ['text', 'categories'].includes(subject.traits.columns) === false;
        const asked = isNew ? subject.sample({ ...request, seed: 1, rows: 60 }) : training;
        const x = asRows(training.x, 0);
        const model = await subject.fit({ x, y: training.y });
        const exported = await exportOnnx(model);
        const table = asRows(asked.x, isNew ? 1 : 0);
        for (const rows of [table, table.take([3])])
          await assertAgrees(model, exported, rows, `${what}, ${rows.rows} rows`);
      }
    },
  },
} satisfies CheckTable;

interface Variant {
  readonly what: string;
  readonly request: SampleRequest;
  asRows(x: Matrix | Frame, seed: number): Matrix | Frame;
}

/** Tables and rows of numbers; labels of all types; missing cells where the model takes them. */
function* variantsOf({ definition }: Subject): Generator<Variant> {
  const accepts = definition.missing === 'accepted';
  yield { what: 'a table', request: {}, asRows: asFrame };
  yield { what: 'a matrix', request: { labels: [true, false] }, asRows: (x) => x };
  if (definition.kind === 'classifier')
    yield { what: 'labels that are numbers', request: { labels: [7, 2, 4] }, asRows: (x) => x };
  if (accepts) {
    yield { what: 'a table with missing cells', request: { labels: ['no', 'yes'] }, asRows: withGaps };
    yield { what: 'a matrix with missing cells', request: { labels: [0.5, 2] }, asRows: matrixWithGaps };
  }
}

/** About a tenth of the cells missing. */
function withGaps(x: Matrix | Frame, seed: number): Frame {
  const records = asFrame(x).toRecords();
  const cells = records.map((record, i) =>
    Object.fromEntries(
      Object.entries(record).map(([name, cell], j) => [
        name,
        (7 * i + 3 * j + seed) % 10 === 0 ? null : cell,
      ]),
    ),
  );
  return Frame.fromRecords(cells);
}

function matrixWithGaps(x: Matrix | Frame, seed: number): Matrix | Frame {
  return x instanceof Frame ? withGaps(x, seed) : withGaps(x, seed).toMatrix();
}

/** @throws AssertionError unless ONNX Runtime computes from the graph what the model says of `x`. */
export async function assertAgrees(
  model: AnyFitted,
  { bytes, inputs, precision }: OnnxExport,
  x: Matrix | Frame,
  what: string,
): Promise<void> {
  const session = await openOnnxSession(bytes);
  const given = await session.run(tableFeeds(inputs, x));
  // Graphs give predictions without intervals.
  const { decisionFunction: scores, predictInterval: _, ...wanted } = await outputsOf(model, x);
  const { label, ...rest } = given;
  const found = outputsFrom(rest, x.rows);
  const tolerance = tolerances[precision];
  if (label !== undefined) {
    const codes = wanted.predict!.cells;
    assertLabels(labelsOf(label), codes, wanted.predictProba ?? scores, tolerance, what, model.classes!);
  }
  const { predict, ...others } = wanted;
  const expected: Outputs = label === undefined ? wanted : others;
  if (found.scores !== undefined) {
    assertClose({ decisionFunction: found.scores }, { decisionFunction: scores! }, tolerance, what);
    return;
  }
  const actual = Object.fromEntries(Object.keys(expected).map((method) => [method, found[method]]));
  assertClose(actual as Outputs, withoutNames(expected), tolerance, what);
}

/** Outputs of a graph by the method that they stand for. */
function outputsFrom(tensors: Readonly<Record<string, OnnxTensor>>, rows: number): Record<string, Output> {
  const columns = Object.entries(tensors).filter(([name]) => name.startsWith('transformed_'));
  const methods = { prediction: 'predict', cluster: 'predict', probabilities: 'predictProba' };
  const outputs = Object.entries({ ...methods, scores: 'scores', transformed: 'transform' }).flatMap(
    ([name, method]) => (tensors[name] === undefined ? [] : [[method, outputOf([tensors[name]], rows)]]),
  );
  if (columns.length > 0)
    outputs.push([
      'transform',
      outputOf(
        columns.map(([, tensor]) => tensor),
        rows,
      ),
    ]);
  return Object.fromEntries(outputs);
}

function outputOf(tensors: readonly OnnxTensor[], rows: number): Output {
  const cells = tensors.map(({ data }) =>
    Array.from(data as ArrayLike<unknown>, (cell) => (typeof cell === 'bigint' ? Number(cell) : cell)),
  );
  const width = tensors.length > 1 || rows === 0 ? tensors.length : cells[0]!.length / rows;
  return {
    rows,
    columns: width,
    names: undefined,
    cells: (tensors.length === 1
      ? cells[0]!
      : Array.from({ length: rows }, (_, i) => cells.map((column) => column[i])).flat()) as Label[],
  };
}

/** Without names, and with the text '' for what is missing. */
function withoutNames(outputs: Outputs): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([method, output]) => {
      const hasText = output.cells.some((cell) => typeof cell === 'string');
      const cells = output.cells.map((cell) =>
        cell === null ? (hasText ? '' : Number.NaN) : typeof cell === 'boolean' ? Number(cell) : cell,
      );
      return [method, { ...output, cells, names: undefined }];
    }),
  );
}

function labelsOf({ element, data }: OnnxTensor): Label[] {
  return Array.from(data as ArrayLike<unknown>, (cell) =>
    element === 'bool' ? Boolean(cell) : typeof cell === 'bigint' ? Number(cell) : (cell as Label),
  );
}

/** Labels must be equal, except where the two classes are about equally likely. */
function assertLabels(
  actual: readonly Label[],
  expected: readonly (Label | null)[],
  scores: Output | undefined,
  tolerance: number,
  what: string,
  classes: readonly unknown[],
): void {
  assert.equal(actual.length, expected.length, `${what}: the number of labels`);
  for (const [i, label] of expected.entries()) {
    if (Object.is(actual[i], label)) continue;
    const place = (of: unknown) => classes.indexOf(of);
    const own = (of: unknown) => Number(scores?.cells[i * scores.columns + place(of)] ?? Number.NaN);
    const isTie =
      scores?.columns === classes.length &&
      place(actual[i]) >= 0 &&
      Math.abs(own(actual[i]) - own(label)) <= tolerance * Math.abs(own(label));
    assert.ok(
      isTie,
      `${what}: the label of row ${i} is ${JSON.stringify(actual[i])} where ${JSON.stringify(label)} is expected`,
    );
  }
}
