import type { Label } from '../../core/labels.ts';
import { heddleVersion } from '../../core/version.ts';
import { addOnnx, onnxMatrix } from '../../define/add-onnx.ts';
import type { Kind } from '../../define/definition.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { OnnxClassOutputs, OnnxTable, OnnxValue } from '../../define/onnx.ts';
import type { Specification } from '../../define/specification.ts';
import { OnnxGraph, type OnnxPort } from './onnx-graph.ts';
import { writeOnnx } from './write-onnx.ts';

export interface ExportOnnxOptions {
  /** Name of the target, for the file's metadata. */
  readonly target?: string | undefined;
  /** What the model is, for the file's documentation; default: the summary of the definition. */
  readonly doc?: string | undefined;
}

export interface OnnxExport {
  /** Content of the file. */
  readonly bytes: Uint8Array;
  /** float32 when an operator of the graph computes in float32 only. */
  readonly precision: 'float64' | 'float32';
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

const ROWS = 'rows';

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
  const graph = new OnnxGraph();
  const x = addInputs(graph, model);
  const added = await addOnnx(model.specification as Specification, model.state, x, graph);
  const more = addOutputs(graph, model, added);
  const used = graph.inputs.filter(({ name }) => graph.isUsed(name));
  const inputs = used.length > 0 ? used : graph.inputs.slice(0, 1);
  const { name, definition } = model.specification;
  const bytes = await writeOnnx(graph, {
    name,
    inputs,
    doc: options.doc ?? definition.summary,
    metadata: {
      'heddle.version': heddleVersion(),
      'heddle.model': name,
      'heddle.kind': definition.kind,
      'heddle.precision': graph.precision,
      'heddle.columns': JSON.stringify(describeColumns(model, x)),
      ...(options.target === undefined ? {} : { 'heddle.target': JSON.stringify([options.target]) }),
      ...more,
    },
  });
  return { bytes, precision: graph.precision, inputs, outputs: graph.outputs };
}

function addInputs(graph: OnnxGraph, { schema }: FittedModel): OnnxTable {
  const { names, kinds, columns } = schema;
  if (names === undefined || kinds === undefined) {
    return { kind: 'matrix', value: graph.input('x', 'float64', [ROWS, columns]), columns, names };
  }
  return {
    kind: 'frame',
    columns: names.map((name, j) => {
      const kind = kinds[j]!;
      const element = kind === 'string' ? 'string' : 'float64';
      const value = graph.input(name === '' ? graph.freeName(`column${j}`) : name, element, [ROWS, 1]);
      return { name, kind, value };
    }),
  };
}

interface ColumnDescription {
  readonly name: string | null;
  readonly kind: string;
  /** Which input it comes by. */
  readonly input: string;
}

function describeColumns({ schema }: FittedModel, x: OnnxTable): ColumnDescription[] {
  if (x.kind === 'frame') return x.columns.map(({ name, kind, value }) => ({ name, kind, input: value }));
  return Array.from({ length: x.columns }, (_, j) => ({
    name: schema.names?.[j] ?? null,
    kind: 'number',
    input: x.value,
  }));
}

/** Adds the outputs of a model; @returns further metadata. */
function addOutputs(graph: OnnxGraph, model: FittedModel, added: unknown): Record<string, string> {
  const { target } = model;
  const give = (
    name: string,
    value: OnnxValue,
    ...rest: [element: OnnxPort['element'], shape: OnnxPort['shape']]
  ) => graph.output(graph.freeName(name), value, ...rest);
  const kind: Kind = model.specification.kind;
  switch (kind) {
    case 'regressor': {
      const targets = target.kind === 'values' ? target.targets : 1;
      give('prediction', added as OnnxValue, 'float64', [ROWS, targets]);
      const names = target.kind === 'values' ? target.names : undefined;
      return names === undefined ? {} : { 'heddle.target': JSON.stringify(names) };
    }
    case 'clusterer':
      give('cluster', added as OnnxValue, 'int64', [ROWS]);
      return {};
    case 'classifier': {
      const { classes, positiveClass } = target as Extract<typeof target, { kind: 'classes' }>;
      const outputs = added as OnnxClassOutputs;
      const labels = labelTensor(graph, classes);
      const label = graph.node('Gather', [labels.value, codesOf(graph, outputs, classes.length)], {
        axis: 0,
      });
      give('label', label, labels.element, [ROWS]);
      const { probabilities, scores } = outputs;
      if (probabilities !== undefined)
        give('probabilities', probabilities, 'float64', [ROWS, classes.length]);
      else if (scores !== undefined)
        give('scores', scores, 'float64', [ROWS, scoreColumns(model, classes.length)]);
      return {
        'heddle.classes': JSON.stringify(classes),
        ...(positiveClass === null ? {} : { 'heddle.positiveClass': JSON.stringify(positiveClass) }),
      };
    }
    case 'transformer': {
      const table = added as OnnxTable;
      const hasText = table.kind === 'frame' && table.columns.some((column) => column.kind === 'string');
      if (hasText) {
        for (const { name, kind: of, value } of table.columns)
          give(`transformed_${name}`, value, of === 'string' ? 'string' : 'float64', [ROWS, 1]);
      } else {
        const { value, columns } = onnxMatrix(graph, table);
        give('transformed', value, 'float64', [ROWS, columns]);
      }
      const names = table.kind === 'frame' ? table.columns.map(({ name }) => name) : table.names;
      return names === undefined ? {} : { 'heddle.featureNamesOut': JSON.stringify(names) };
    }
    default:
      return kind satisfies never;
  }
}

function scoreColumns({ specification: { definition, options } }: FittedModel, classes: number): number {
  if (classes === 2 || definition.kind !== 'classifier') return 1;
  return definition.scoreColumns?.(options as never, classes) ?? classes;
}

function labelTensor(
  graph: OnnxGraph,
  classes: readonly Label[],
): { readonly value: OnnxValue; readonly element: OnnxPort['element'] } {
  if (typeof classes[0] === 'string')
    return { value: graph.constant(classes as string[]), element: 'string' };
  if (typeof classes[0] === 'boolean') {
    const bits = Uint8Array.from(classes as boolean[], Number);
    return { value: graph.constant(bits, [bits.length], 'bool'), element: 'bool' };
  }
  const numbers = classes as number[];
  return numbers.every(Number.isSafeInteger)
    ? { value: graph.constant(numbers), element: 'int64' }
    : { value: graph.constant(Float64Array.from(numbers)), element: 'float64' };
}

/** The class of each row as `predict` chooses it, int64 [rows]. */
function codesOf(
  graph: OnnxGraph,
  { codes, scores, probabilities }: OnnxClassOutputs,
  classes: number,
): OnnxValue {
  if (codes !== undefined) return codes;
  if (scores === undefined || classes > 2)
    return graph.node('ArgMax', [(scores ?? probabilities)!], { axis: 1, keepdims: 0 });
  const isSecond = graph.node('Greater', [scores, graph.scalar(0)]);
  return graph.node('Reshape', [graph.node('Cast', [isSecond], { to: 7 }), graph.constant([-1])]);
}
