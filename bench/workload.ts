/** What a benchmark needs to know of a workload. A workload is a file here and one for the peer, of the same name. */
export type Workload = InProcess | Command;

/** Figures that say how good a result is. */
export type Quality = Readonly<Record<string, number>>;

interface Described {
  readonly title: string;
  /** The ratio peer ÷ heddle that is wanted. */
  readonly goal: number;
  /** What differs between the two results, or nothing when they are equally good. */
  compare(heddle: Quality, peer: Quality): string | undefined;
}

/** Measured inside a warm process. The peer's file exports `make(directory)`, `prepare(directory)` and `quality(result)`. */
export interface InProcess extends Described {
  /** Reads what `make` wrote and returns the work to be timed. */
  prepare(directory: string): Promise<Timed>;
}

export interface Timed {
  run(): Promise<unknown>;
  quality(result: never): Quality;
}

/** Measured as a whole process, start included; both print the figures to compare as their last line, as JSON. */
export interface Command extends Described {
  readonly heddle: readonly string[];
  readonly peer: readonly string[];
}

/** A row-major float64 array that the peer wrote with `tofile`, on shared memory. */
export async function readF64(path: string): Promise<Float64Array> {
  return new Float64Array(await readBytes(path));
}

/** {@link readF64} rounded to float32, which is what networks compute with on both sides. */
export async function readRounded(path: string): Promise<Float32Array> {
  const wide = await readF64(path);
  const narrow = new Float32Array(new SharedArrayBuffer(4 * wide.length));
  narrow.set(wide);
  return narrow;
}

/** The bytes that the peer wrote with `tofile`, on shared memory. */
export async function readBytes(path: string): Promise<SharedArrayBuffer> {
  const { open } = await import('node:fs/promises');
  const file = await open(path);
  const { size } = await file.stat();
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(size - at, 2 ** 28), at);
    at += bytesRead;
  }
  await file.close();
  return bytes.buffer;
}

/** Largest difference relative to the largest magnitude. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < a.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(a[i]!), Math.abs(b[i]!));
  }
  return scale === 0 ? difference : difference / scale;
}

/** A `compare` that lets every figure differ by `tolerance`, relative to the larger. */
export function figuresAgree(tolerance: number): Described['compare'] {
  return (heddle, peer) => {
    for (const [name, figure] of Object.entries(peer)) {
      const ours = heddle[name];
      if (ours === undefined) return `${name} is missing`;
      const scale = Math.max(Math.abs(ours), Math.abs(figure), Number.MIN_VALUE);
      if (!(Math.abs(ours - figure) <= tolerance * scale)) return `${name}: ${ours} against ${figure}`;
    }
    return undefined;
  };
}
