import type { Trees } from './trees.ts';

/**
 * One tree in shared memory, so that the thread that grew it can hand it over: node count and width (two float64), then
 * threshold, values, weight and gain as float64, feature, left and samples as 32-bit integers, missingLeft as bytes.
 */
export function treeBytes(nodes: number, width: number): number {
  return Math.ceil((16 + nodes * (8 * (3 + width) + 4 * 3 + 1)) / 64) * 64;
}

export function writeTree(buffer: ArrayBufferLike, pointer: number, tree: Trees): void {
  const nodes = tree.left.length;
  new Float64Array(buffer, pointer, 2).set([nodes, tree.width]);
  const views = viewsOf(buffer, pointer, nodes, tree.width);
  for (const name of Object.keys(views) as (keyof typeof views)[]) views[name].set(tree[name]);
}

export function readTree(buffer: ArrayBufferLike, pointer: number): Trees {
  const [nodes, width] = new Float64Array(buffer, pointer, 2);
  const { threshold, values, weight, gain, feature, left, samples, missingLeft } = viewsOf(
    buffer,
    pointer,
    nodes!,
    width!,
  );
  return {
    roots: Int32Array.of(0),
    width: width!,
    threshold: Float64Array.from(threshold),
    values: Float64Array.from(values),
    weight: Float64Array.from(weight),
    gain: Float64Array.from(gain),
    feature: Int32Array.from(feature),
    left: Int32Array.from(left),
    samples: Int32Array.from(samples),
    missingLeft: Uint8Array.from(missingLeft),
  };
}

function viewsOf(buffer: ArrayBufferLike, pointer: number, nodes: number, width: number) {
  let at = pointer + 16;
  const next = (bytes: number) => {
    const start = at;
    at += bytes;
    return start;
  };
  return {
    threshold: new Float64Array(buffer, next(8 * nodes), nodes),
    values: new Float64Array(buffer, next(8 * nodes * width), nodes * width),
    weight: new Float64Array(buffer, next(8 * nodes), nodes),
    gain: new Float64Array(buffer, next(8 * nodes), nodes),
    feature: new Int32Array(buffer, next(4 * nodes), nodes),
    left: new Int32Array(buffer, next(4 * nodes), nodes),
    samples: new Int32Array(buffer, next(4 * nodes), nodes),
    missingLeft: new Uint8Array(buffer, next(nodes), nodes),
  };
}
