import type { Label } from '../../core/labels.ts';
import { heddleVersion } from '../../core/version.ts';
import { addOnnx, onnxMatrix } from '../../define/add-onnx.ts';
import type { Kind } from '../../define/definition.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { OnnxClassOutputs, OnnxTable, OnnxValue } from '../../define/onnx.ts';
import { type Specification, unpackSpecification } from '../../define/specification.ts';
import type { Job } from '../../jobs/job.ts';
import type { OnnxExport } from './export-onnx.ts';
import { OnnxGraph, type OnnxPort } from './onnx-graph.ts';
import { writeOnnx } from './write-onnx.ts';

/** What of a fitted model its graph is made of. */
export type Exported = Pick<FittedModel, 'specification' | 'schema' | 'target' | 'state'>;

export interface ExportNames {
  readonly target: string | undefined;
  readonly doc: string | undefined;
}

export interface ExportPayload extends ExportNames {
  readonly model: Omit<Exported, 'specification'>;
  /** As data. */
  readonly specification: unknown;
}

/** {@link buildExport} for a model that arrives as data: on a worker thread, since a large forest takes a second. */
export async function exportTask(
  { model, specification, ...names }: ExportPayload,
  job: Job,
): Promise<OnnxExport> {
  const unpacked = await unpackSpecification(specification, job.call);
  return buildExport({ ...model, specification: unpacked }, names);
}

const ROWS = 'rows';

/** The graph of a fitted model as a file. @throws OptionError `onnx/unsupported` */
export async function buildExport(model: Exported, { target, doc }: ExportNames): Promise<OnnxExport> {
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
    doc: doc ?? definition.summary,
    metadata: {
      'heddle.version': heddleVersion(),
      'heddle.model': name,
      'heddle.kind': definition.kind,
      'heddle.precision': graph.precision,
      'heddle.columns': JSON.stringify(describeColumns(model, x)),
      ...(target === undefined ? {} : { 'heddle.target': JSON.stringify([target]) }),
      ...more,
    },
  });
  return { bytes, precision: graph.precision, inputs, outputs: graph.outputs };
}

function addInputs(graph: OnnxGraph, { schema }: Exported): OnnxTable {
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

function describeColumns({ schema }: Exported, x: OnnxTable): ColumnDescription[] {
  if (x.kind === 'frame') return x.columns.map(({ name, kind, value }) => ({ name, kind, input: value }));
  return Array.from({ length: x.columns }, (_, j) => ({
    name: schema.names?.[j] ?? null,
    kind: 'number',
    input: x.value,
  }));
}

/** Adds the outputs of a model; @returns further metadata. */
function addOutputs(graph: OnnxGraph, model: Exported, added: unknown): Record<string, string> {
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

function scoreColumns({ specification: { definition, options } }: Exported, classes: number): number {
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
