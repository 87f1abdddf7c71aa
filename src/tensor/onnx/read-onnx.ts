import { FileError } from '../../core/errors.ts';
import type { OnnxElement } from '../../define/onnx.ts';
import { elementBytes, elementName } from './element-types.ts';
import type { OnnxShape } from './onnx-graph.ts';
import {
  type AttributeMessage,
  type GraphMessage,
  type Long,
  type ModelMessage,
  modelType,
  type TensorMessage,
  type ValueMessage,
} from './onnx-messages.ts';

/** An input or output of a file's graph. */
export interface OnnxFilePort {
  readonly name: string;
  /** Undefined for what is no tensor, or a tensor of elements that heddle has no arrays for. */
  readonly element: OnnxElement | undefined;
  /** What it is, for messages: `tensor`, `sequence`, `map`, `optional`, `sparse tensor`. */
  readonly kind: string;
  /** Undefined when the file does not say; a size that varies is a text, '' when it has no name. */
  readonly shape: OnnxShape | undefined;
}

/** What a file says of its model. */
export interface OnnxFile {
  /** What must be fed; parameters that have values in the file are not among them. */
  readonly inputs: readonly OnnxFilePort[];
  readonly outputs: readonly OnnxFilePort[];
  /** Version of each operator set, '' being ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: { readonly name: string; readonly version: string };
  readonly doc: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly nodes: number;
  /** The class labels that a classifier's node lists, if there is one: text or whole numbers. */
  readonly classLabels: readonly string[] | readonly number[] | undefined;
}

/** As many bytes as a message of protobuf may have. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Reads what an ONNX file says of itself. All tensors in it are checked to hold as many bytes as their shapes say; nothing is run.
 * @param file Named in messages.
 * @throws FileError for what is no ONNX model, is damaged, or keeps its numbers in other files.
 */
export async function readOnnx(bytes: Uint8Array, file = 'the model'): Promise<OnnxFile> {
  const fail: Fail = (code, what) => {
    throw new FileError(code, `Cannot read '${file}': ${what}`, { file });
  };
  if (bytes.length > MOST_BYTES) fail('file/too-large', 'it is larger than the 2 GiB of an ONNX file.');
  const type = await modelType();
  let model: ModelMessage;
  try {
    model = type.decode(bytes) as ModelMessage;
  } catch (error) {
    return fail('file/not-onnx', `it is no ONNX model, or damaged (${(error as Error).message}).`);
  }
  const { graph } = model;
  const opsets = new Map(
    (model.opsetImport ?? []).map(({ domain = '', version = 0 }) => [domain, integer(version, fail)]),
  );
  if (graph == null || opsets.size === 0 || (graph.output ?? []).length === 0)
    return fail('file/not-onnx', 'it is no ONNX model: it has no graph with outputs and operator sets.');
  checkGraph(graph, fail);
  for (const { node = [] } of model.functions ?? []) checkGraph({ node }, fail);
  const given = new Set((graph.initializer ?? []).map(({ name = '' }) => name));
  return {
    inputs: (graph.input ?? []).filter(({ name = '' }) => !given.has(name)).map((port) => portOf(port, fail)),
    outputs: (graph.output ?? []).map((port) => portOf(port, fail)),
    opsets: Object.fromEntries(opsets),
    producer: { name: model.producerName ?? '', version: model.producerVersion ?? '' },
    doc: model.docString ?? '',
    metadata: Object.fromEntries((model.metadataProps ?? []).map(({ key = '', value = '' }) => [key, value])),
    nodes: (graph.node ?? []).length,
    classLabels: classLabelsOf(graph, fail),
  };
}

/** Attributes of the classifiers of ai.onnx.ml. */
const labelAttributes = ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints'];

function classLabelsOf({ node = [] }: GraphMessage, fail: Fail): string[] | number[] | undefined {
  const attributes = node.flatMap(({ attribute = [] }) => attribute);
  const listed = attributes.findLast(
    ({ name = '', strings = [], ints = [] }) =>
      labelAttributes.includes(name) && strings.length + ints.length > 1,
  );
  if (listed === undefined) return undefined;
  const { strings = [], ints = [] } = listed;
  return strings.length > 0
    ? strings.map((text) => utf8.decode(text))
    : ints.map((number) => integer(number, fail));
}

const utf8 = new TextDecoder();

type Fail = (code: string, what: string) => never;

function integer(value: number | Long, fail: Fail): number {
  const number = typeof value === 'number' ? value : value.toNumber();
  return Number.isSafeInteger(number) ? number : fail('file/damaged', `${number} is too large for a size.`);
}

function portOf({ name = '', type }: ValueMessage, fail: Fail): OnnxFilePort {
  const kinds = ['sequenceType', 'mapType', 'optionalType', 'sparseTensorType'] as const;
  const other = kinds.find((kind) => type?.[kind] != null);
  if (other !== undefined) {
    const kind = other === 'sparseTensorType' ? 'sparse tensor' : other.replace('Type', '');
    return { name, element: undefined, kind, shape: undefined };
  }
  const tensor = type?.tensorType;
  const shape = tensor?.shape?.dim?.map((dim) => {
    // What the file does not say is inherited as a default, which says nothing.
    if (!Object.hasOwn(dim, 'dimValue')) return dim.dimParam ?? '';
    const size = integer(dim.dimValue!, fail);
    return size >= 0 ? size : fail('file/damaged', `'${name}' has a size of ${size}.`);
  });
  return { name, element: elementName(tensor?.elemType ?? 0), kind: 'tensor', shape };
}

function checkGraph({ node = [], initializer = [], sparseInitializer = [] }: GraphMessage, fail: Fail): void {
  for (const tensor of initializer) checkTensor(tensor, fail);
  for (const { values, indices } of sparseInitializer)
    for (const tensor of [values, indices]) if (tensor != null) checkTensor(tensor, fail);
  for (const { attribute = [] } of node) for (const each of attribute) checkAttribute(each, fail);
}

function checkAttribute(attribute: AttributeMessage, fail: Fail): void {
  const { t, g, tensors = [], graphs = [], sparseTensor, sparseTensors = [] } = attribute;
  for (const tensor of t == null ? tensors : [t, ...tensors]) checkTensor(tensor, fail);
  for (const graph of g == null ? graphs : [g, ...graphs]) checkGraph(graph, fail);
  const sparse = sparseTensor == null ? sparseTensors : [sparseTensor, ...sparseTensors];
  if (sparse.length > 0) checkGraph({ sparseInitializer: sparse }, fail);
}

const EXTERNAL = 1;

function checkTensor(tensor: TensorMessage, fail: Fail): void {
  const { dims = [], dataType = 0, name = '', rawData } = tensor;
  if (tensor.dataLocation === EXTERNAL || (tensor.externalData ?? []).length > 0) {
    fail(
      'file/external-data',
      `the numbers of '${name}' are in another file. Save the model as one file (save_as_external_data=False).`,
    );
  }
  const elements = dims.reduce<number>((product, dim) => {
    const size = integer(dim, fail);
    return size >= 0 ? product * size : fail('file/damaged', `tensor '${name}' has a size of ${size}.`);
  }, 1);
  const element = elementName(dataType);
  // Types beyond those of arrays, such as 4-bit integers, are left to the runtime.
  if (element === undefined) return;
  const found =
    rawData != null && rawData.length > 0
      ? rawData.length / elementBytes[element]
      : Math.max(
          0,
          ...[tensor.floatData, tensor.int32Data, tensor.int64Data, tensor.doubleData].map(lengthOf),
          ...[tensor.uint64Data, tensor.stringData].map(lengthOf),
        );
  if (found !== elements) {
    fail('file/damaged', `tensor '${name}' of shape [${dims.join(', ')}] holds ${found} elements.`);
  }
}

function lengthOf(list: readonly unknown[] | undefined): number {
  return list?.length ?? 0;
}
