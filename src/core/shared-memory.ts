import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * V8 does not count shared memory when it decides to collect garbage, and every thread that has seen a buffer keeps it alive
 * until it collects: a loop of large results would grow without bound. So each thread counts the shared bytes that it
 * made or received, and collects when these are many beside the heap, whose size is what a collection costs (about 1 ms a
 * MiB). It must be a full collection: what arrives from another thread is put among the old objects.
 */
const COLLECT_BYTES = 256 * 2 ** 20;
const BYTES_PER_HEAP_BYTE = 8;
/** While a job runs, collecting would hold it up: what it made is collected behind it, if it is not more than this. */
const COLLECT_BYTES_IN_JOB = 512 * 2 ** 20;

type Collect = (options: { readonly type: 'major' }) => void;

let counted = 0;
let bound = COLLECT_BYTES;
let collections = 0;
let collect: Collect | undefined;

/** A zeroed shared buffer of `bytes` bytes. */
export function sharedBuffer(bytes: number): SharedArrayBuffer {
  countShared(bytes);
  return new SharedArrayBuffer(bytes);
}

/** Tells that this thread made or received `bytes` of shared memory. */
export function countShared(bytes: number): void {
  counted += bytes;
  collectAbove(bound);
}

/** Says that this thread runs a job from now on; {@link endJob} collects what came together. */
export function beginJob(): void {
  bound = COLLECT_BYTES_IN_JOB;
}

export function endJob(): void {
  bound = COLLECT_BYTES;
  collectAbove(bound);
}

function collectAbove(bytes: number): void {
  if (counted < bytes) return;
  if (counted < bytes + BYTES_PER_HEAP_BYTE * getHeapStatistics().used_heap_size) return;
  collectShared();
}

/** Collects now. */
export function collectShared(): void {
  counted = 0;
  collections++;
  collect ??= exposeCollect();
  collect({ type: 'major' });
}

/** How often this thread has collected for the sake of shared memory. */
export function sharedCollections(): number {
  return collections;
}

/** Shared bytes in the typed arrays of a tree of plain data whose buffers are not in `known`; they are then. */
export function newSharedBytes(value: unknown, known: WeakSet<SharedArrayBuffer>): number {
  const buffers = new Set<SharedArrayBuffer>();
  visit(value, buffers);
  let bytes = 0;
  for (const buffer of buffers) {
    if (known.has(buffer)) continue;
    known.add(buffer);
    bytes += buffer.byteLength;
  }
  return bytes;
}

function visit(value: unknown, buffers: Set<SharedArrayBuffer>): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof SharedArrayBuffer) buffers.add(value.buffer);
    return;
  }
  // Arrays of numbers or texts hold no buffers.
  if (Array.isArray(value) && typeof value[0] !== 'object') return;
  for (const part of Object.values(value)) visit(part, buffers);
}

function exposeCollect(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
