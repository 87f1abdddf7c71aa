import { sharedBuffer } from './shared-memory.ts';

/**
 * Typed arrays on `SharedArrayBuffer`, the storage of tables: worker threads read them without a copy.
 */

export type TypedArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array;

export type FloatArray = Float64Array | Float32Array;

interface TypedArrayConstructor<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer): A;
}

/** A zeroed typed array of `length` elements on shared memory. */
export function sharedArray<A>(Kind: TypedArrayConstructor<A>, length: number): A {
  return new Kind(sharedBuffer(length * Kind.BYTES_PER_ELEMENT));
}

export function isShared(array: ArrayBufferView): boolean {
  return array.buffer instanceof SharedArrayBuffer;
}

export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
