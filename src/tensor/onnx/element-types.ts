import type { OnnxData, OnnxElement } from '../../define/onnx.ts';

/** Number of each element type in files (TensorProto.DataType). */
export const elementNumbers: Readonly<Record<OnnxElement, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
};

const names = new Map(Object.entries(elementNumbers).map(([name, number]) => [number, name as OnnxElement]));

/** The element type of that number; undefined for one that heddle has no arrays for. */
export function elementName(number: number): OnnxElement | undefined {
  return names.get(number);
}

/** Bytes of an element; 0 for text. */
export const elementBytes: Readonly<Record<OnnxElement, number>> = {
  ...{ float32: 4, float64: 8, float16: 2, bfloat16: 2, bool: 1, string: 0 },
  ...{ int8: 1, int16: 2, int32: 4, int64: 8, uint8: 1, uint16: 2, uint32: 4, uint64: 8 },
};

/** The element type that an array stands for: text, int64 for an array of numbers, else that of the typed array. */
export function elementOf(data: OnnxData): OnnxElement {
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Int16Array) return 'int16';
  if (data instanceof Uint16Array) return 'uint16';
  if (data instanceof Uint32Array) return 'uint32';
  return typeof data[0] === 'string' ? 'string' : 'int64';
}
