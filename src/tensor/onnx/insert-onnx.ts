import type { OnnxUnsupported, OnnxValue } from '../../define/onnx.ts';
import {
  type AttributeMessage,
  type GraphMessage,
  type ModelMessage,
  modelType,
  type NodeMessage,
  type TensorMessage,
} from './onnx-messages.ts';

/** The nodes and constants of a file under names that are free in another graph. */
export interface InsertedOnnx {
  readonly nodes: readonly NodeMessage[];
  readonly initializers: readonly TensorMessage[];
  readonly opsets: Readonly<Record<string, number>>;
  readonly outputs: readonly OnnxValue[];
}

/**
 * Renames the values of a file's graph: its inputs become values of the graph around it, all others get `prefix` in front.
 * @param bytes Of a file that {@link readOnnx} has read.
 */
export async function renamedOnnx(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, OnnxValue>>,
  outputs: readonly string[],
  prefix: string,
): Promise<InsertedOnnx | OnnxUnsupported> {
  const model = (await modelType()).decode(bytes) as ModelMessage;
  if ((model.functions ?? []).length > 0) return { unsupported: 'its file defines functions of its own' };
  const rename = (name: string) =>
    name === '' ? '' : Object.hasOwn(feeds, name) ? feeds[name]! : prefix + name;
  const { node, initializer, sparseInitializer } = renameGraph(model.graph!, rename);
  if ((sparseInitializer ?? []).length > 0) return { unsupported: 'its file has sparse constants' };
  return {
    nodes: node ?? [],
    initializers: initializer ?? [],
    opsets: Object.fromEntries(
      (model.opsetImport ?? []).map(({ domain = '', version = 0 }) => [
        domain === 'ai.onnx' ? '' : domain,
        Number(version),
      ]),
    ),
    outputs: outputs.map(rename),
  };
}

type Rename = (name: string) => string;

function renameGraph(graph: GraphMessage, rename: Rename): GraphMessage {
  const named = <T extends { name?: string }>(list: T[] | undefined) =>
    (list ?? []).map((each) => ({ ...each, name: rename(each.name ?? '') }));
  return {
    name: graph.name ?? '',
    node: (graph.node ?? []).map((node) => ({
      ...node,
      name: rename(node.name ?? ''),
      input: (node.input ?? []).map(rename),
      output: (node.output ?? []).map(rename),
      attribute: (node.attribute ?? []).map((attribute) => renameAttribute(attribute, rename)),
    })),
    initializer: named(graph.initializer),
    ...(graph.sparseInitializer === undefined ? {} : { sparseInitializer: graph.sparseInitializer }),
    input: named(graph.input),
    output: named(graph.output),
  };
}

/** Graphs within a node, such as the body of a loop, read values of the graphs around them. */
function renameAttribute(attribute: AttributeMessage, rename: Rename): AttributeMessage {
  const { g, graphs } = attribute;
  return {
    ...attribute,
    ...(g == null ? {} : { g: renameGraph(g, rename) }),
    ...((graphs ?? []).length === 0 ? {} : { graphs: graphs!.map((each) => renameGraph(each, rename)) }),
  };
}
