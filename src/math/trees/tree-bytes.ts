import type { CategorySets } from './category-sets.ts';
import type { Trees } from './trees.ts';

/**
 * One tree in shared memory, so that the thread that grew it can hand it over: node count, width and words of sets (three float64), then
 * threshold, values, weight and gain as float64, feature, left and samples as 32-bit integers, missingLeft as bytes, sets of categories (32-bit integers).
 */
export function treeBytes(nodes: number, width: number, levels = 0): number {
  // Every second node at most is a split.
  const sets = levels === 0 ? 0 : 4 * nodes + 4 * Math.ceil(nodes / 2) * (1 + wordsOf(levels));
  return Math.ceil((24 + nodes * (8 * (3 + width) + 4 * 3 + 1) + 8 + sets) / 64) * 64;
}

function wordsOf(levels: number): number {
  return (levels >>> 5) + 1;
}

/** @returns the bytes that it takes. */
export function writeTree(buffer: ArrayBufferLike, pointer: number, tree: Trees): number {
  const nodes = tree.left.length;
  const { sets, width } = tree;
  new Float64Array(buffer, pointer, 3).set([nodes, width, sets?.words.length ?? 0]);
  const views = treeViews(buffer, pointer, nodes, width);
  for (const name of Object.keys(views) as (keyof typeof views)[]) views[name].set(tree[name]);
  if (sets === undefined) return treeBytes(nodes, width);
  const { starts, words } = setViews(buffer, pointer, nodes, width, sets.words.length);
  starts.set(sets.starts);
  words.set(sets.words);
  return words.byteOffset + words.byteLength - pointer;
}

/**
 * Moves the first `nodes` nodes of arrays that have room for `most` together, so that {@link readTree} reads them.
 * @returns the bytes that they take.
 */
export function packTree(
  buffer: ArrayBufferLike,
  pointer: number,
  { nodes, most, width }: { readonly nodes: number; readonly most: number; readonly width: number },
): number {
  new Float64Array(buffer, pointer, 3).set([nodes, width, 0]);
  const [from, to] = [treeViews(buffer, pointer, most, width), treeViews(buffer, pointer, nodes, width)];
  // Arrays move down one after another, in the order of their places.
  for (const name of Object.keys(to) as (keyof typeof to)[]) {
    const { length } = to[name];
    to[name].set(from[name].subarray(0, length));
  }
  return treeBytes(nodes, width);
}

export function readTree(buffer: ArrayBufferLike, pointer: number): Trees {
  const [nodes, width, length] = new Float64Array(buffer, pointer, 3);
  const { threshold, values, weight, gain, feature, left, samples, missingLeft } = treeViews(
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
    ...(length! > 0 && { sets: copied(setViews(buffer, pointer, nodes!, width!, length!)) }),
  };
}

function copied({ starts, words }: CategorySets): CategorySets {
  return { starts: starts.slice(), words: words.slice() };
}

/** The sets lie behind all else. */
function setViews(
  buffer: ArrayBufferLike,
  pointer: number,
  nodes: number,
  width: number,
  length: number,
): CategorySets {
  const { missingLeft } = treeViews(buffer, pointer, nodes, width);
  const at = Math.ceil((missingLeft.byteOffset + missingLeft.byteLength) / 8) * 8;
  return { starts: new Int32Array(buffer, at, nodes), words: new Int32Array(buffer, at + 4 * nodes, length) };
}

/** The arrays of a tree of `nodes` nodes that begins at `pointer`. */
export function treeViews(buffer: ArrayBufferLike, pointer: number, nodes: number, width: number) {
  let at = pointer + 24;
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
