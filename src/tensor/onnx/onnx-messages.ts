import { readFileSync } from 'node:fs';
import type { Type } from 'protobufjs';

/**
 * The messages of the ONNX format as protobufjs takes and gives them: names in camelCase, absent fields left out. The fields are those of
 * the official onnx-ml.proto (`onnx-schema.json`, Apache-2.0).
 */
export interface ModelMessage {
  irVersion?: number | Long;
  opsetImport?: { domain?: string; version?: number | Long }[];
  producerName?: string;
  producerVersion?: string;
  docString?: string;
  metadataProps?: { key?: string; value?: string }[];
  graph?: GraphMessage;
  functions?: { node?: NodeMessage[] }[];
}

export interface GraphMessage {
  name?: string;
  node?: NodeMessage[];
  initializer?: TensorMessage[];
  sparseInitializer?: { values?: TensorMessage; indices?: TensorMessage }[];
  input?: ValueMessage[];
  output?: ValueMessage[];
}

export interface NodeMessage {
  input?: string[];
  output?: string[];
  name?: string;
  opType?: string;
  domain?: string;
  attribute?: AttributeMessage[];
}

export interface AttributeMessage {
  name?: string;
  type?: number;
  f?: number;
  i?: number | Long;
  s?: Uint8Array;
  t?: TensorMessage;
  g?: GraphMessage;
  floats?: number[];
  ints?: (number | Long)[];
  strings?: Uint8Array[];
  tensors?: TensorMessage[];
  graphs?: GraphMessage[];
  sparseTensor?: { values?: TensorMessage; indices?: TensorMessage };
  sparseTensors?: { values?: TensorMessage; indices?: TensorMessage }[];
}

export interface TensorMessage {
  dims?: (number | Long)[];
  dataType?: number;
  name?: string;
  rawData?: Uint8Array;
  stringData?: Uint8Array[];
  floatData?: number[];
  int32Data?: number[];
  int64Data?: (number | Long)[];
  doubleData?: number[];
  uint64Data?: (number | Long)[];
  externalData?: unknown[];
  dataLocation?: number;
}

export interface ValueMessage {
  name?: string;
  type?: {
    tensorType?: { elemType?: number; shape?: { dim?: { dimValue?: number | Long; dimParam?: string }[] } };
    sequenceType?: object;
    mapType?: object;
    optionalType?: object;
    sparseTensorType?: object;
  };
}

/** A 64-bit integer as protobufjs decodes it. */
export interface Long {
  readonly low: number;
  readonly high: number;
  toNumber(): number;
}

let model: Promise<Type> | undefined;

/** The type of a whole model; the protobuf library is loaded on the first call. */
export function modelType(): Promise<Type> {
  model ??= load();
  return model;
}

async function load(): Promise<Type> {
  const { default: protobuf } = await import('protobufjs/light.js');
  const schema = JSON.parse(readFileSync(new URL('./onnx-schema.json', import.meta.url), 'utf8'));
  return protobuf.Root.fromJSON(schema).lookupType('onnx.ModelProto');
}
