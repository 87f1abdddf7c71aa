import { JobError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { ARENA_BASE } from '../layout.ts';
import type { WasmMemory } from './webassembly.ts';

const PAGE_BYTES = 65536;
const LIMIT_BYTES = 65536 * PAGE_BYTES;
/** Blocks start on cache lines, so that vectors are aligned and threads do not share lines. */
const ALIGNMENT = 64;

/**
 * A stack of blocks in the WASM memory of a team: scratch of one job, freed wholesale. Addresses are byte offsets.
 * Views go stale when the memory grows only in that a new view sees more; the bytes stay where they are.
 */
export class Arena {
  readonly memory: WasmMemory;
  #top = ARENA_BASE;

  constructor(memory: WasmMemory) {
    this.memory = memory;
  }

  /**
   * Uninitialised bytes (whatever an earlier block left there).
   * @throws JobError when the 4 GiB of WASM memory do not suffice.
   */
  allocate(bytes: number): number {
    const pointer = this.#top;
    const top = pointer + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (top > LIMIT_BYTES) throw outOfMemory(bytes);
    const missing = top - this.memory.buffer.byteLength;
    if (missing > 0) {
      // Growing by an eighth at least keeps the number of grow calls logarithmic.
      const wanted = Math.max(missing, this.memory.buffer.byteLength / 8);
      const room = (LIMIT_BYTES - this.memory.buffer.byteLength) / PAGE_BYTES;
      try {
        this.memory.grow(Math.min(Math.ceil(wanted / PAGE_BYTES), room));
      } catch {
        throw outOfMemory(bytes);
      }
    }
    this.#top = top;
    return pointer;
  }

  /** An uninitialised block of `count` float64 numbers. */
  f64(count: number): number {
    return this.allocate(count * 8);
  }

  f32(count: number): number {
    return this.allocate(count * 4);
  }

  i32(count: number): number {
    return this.allocate(count * 4);
  }

  /** A block of `count` float64 zeros. */
  zeros(count: number): number {
    const pointer = this.f64(count);
    this.viewF64(pointer, count).fill(0);
    return pointer;
  }

  /** A block holding a copy of `values`, of the same element type. */
  place(values: Float64Array | Float32Array | Int32Array | Uint8Array): number {
    const pointer = this.allocate(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.memory.buffer, pointer, values.byteLength).set(bytes);
    return pointer;
  }

  placeMatrix(matrix: Matrix): number {
    return this.place(matrix.data);
  }

  viewF64(pointer: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, pointer, count);
  }

  viewF32(pointer: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, count);
  }

  viewI32(pointer: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, pointer, count);
  }

  viewU8(pointer: number, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, count);
  }

  /** A copy outside the arena of `count` float64 numbers. */
  copyF64(pointer: number, count: number): Float64Array {
    return this.viewF64(pointer, count).slice();
  }

  /** Runs `work` and frees what it allocated. */
  scope<T>(work: () => T): T {
    const mark = this.#top;
    try {
      return work();
    } finally {
      this.#top = mark;
    }
  }

  /** {@link scope} for work that waits; nothing else may allocate meanwhile. */
  async scopeAsync<T>(work: () => Promise<T>): Promise<T> {
    const mark = this.#top;
    try {
      return await work();
    } finally {
      this.#top = mark;
    }
  }

  /** The present end of the stack, for {@link release}. */
  mark(): number {
    return this.#top;
  }

  /** Frees what was allocated since `mark` was taken; without a mark, everything. */
  release(mark: number = ARENA_BASE): void {
    this.#top = mark;
  }
}

function outOfMemory(bytes: number): JobError {
  return new JobError(
    'job/out-of-memory',
    `The job needs ${Math.ceil(bytes / 2 ** 20)} MiB more than its 4 GiB of kernel memory hold. ` +
      'Fit on fewer rows or columns, or choose a model that processes the data in blocks.',
    { bytes },
  );
}
