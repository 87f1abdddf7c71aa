import type { OnnxBuilder, OnnxMatrix, OnnxValue } from '../../define/onnx.ts';
import { codesOfSet } from '../../math/trees/category-sets.ts';
import { endOfTree, isLeaf, type Trees } from '../../math/trees/trees.ts';
import { constantNodes } from './constant-nodes.ts';

/**
 * Sums over trees on top of `start` (one number an output), float64 [rows, outputs], as {@link sumTrees} computes them. Trees with one value a leaf go
 * into a TreeEnsemble as they are. With several, the TreeEnsemble gives each row's leaf in each tree, whose values are looked up:
 * rows × trees × outputs numbers at a time.
 */
export function treeNodes(graph: OnnxBuilder, x: OnnxMatrix, trees: Trees, start: Float64Array): OnnxValue {
  const { roots, values, width } = trees;
  const outputs = start.length;
  if (roots.length === 0) return constantNodes(graph, x, start);
  const layout = layOut(trees);
  let sums: OnnxValue;
  if (width === 1) {
    sums = ensemble(graph, x, layout, {
      targets: outputs,
      target: (tree) => tree % outputs,
      weight: (_, node) => values[node]!,
    });
  } else {
    const places = ensemble(graph, x, layout, {
      targets: roots.length,
      target: (tree) => tree,
      weight: (leaf) => leaf,
    });
    const table = new Float64Array(layout.leaves.length * width);
    for (const [leaf, node] of layout.leaves.entries())
      table.set(values.subarray(node * width, (node + 1) * width), leaf * width);
    const leaves = graph.node('Cast', [places], { to: 7 });
    const found = graph.node('Gather', [graph.constant(table, [layout.leaves.length, width]), leaves], {
      axis: 0,
    });
    sums = graph.node('ReduceSum', [found, graph.constant([1])], { keepdims: 0 });
  }
  return start.every((value) => value === 0) ? sums : graph.node('Add', [sums, graph.constant(start)]);
}

const THRESHOLD_MODE = 0;
const MEMBER_MODE = 6;

/** Splits and leaves by their own numbers, over all trees. */
interface Layout {
  readonly trees: Trees;
  readonly roots: number[];
  readonly features: number[];
  readonly thresholds: number[];
  /** 0: value ≤ threshold goes left, 6: a value among `members` does, those of one split after another, each closed by a NaN. */
  readonly modes: number[];
  readonly members: number[];
  readonly missingLeft: number[];
  readonly lefts: number[];
  readonly rights: number[];
  /** 1 where `lefts` or `rights` counts among the leaves. */
  readonly leftIsLeaf: number[];
  readonly rightIsLeaf: number[];
  /** Node and tree of each leaf. */
  readonly leaves: number[];
  readonly treeOfLeaf: number[];
}

function layOut(trees: Trees): Layout {
  const { roots, feature, threshold, left, missingLeft } = trees;
  const place = new Int32Array(left.length);
  const layout: Layout = {
    trees,
    ...{ roots: [], features: [], thresholds: [], modes: [], members: [] },
    ...{ missingLeft: [], lefts: [], rights: [] },
    ...{ leftIsLeaf: [], rightIsLeaf: [], leaves: [], treeOfLeaf: [] },
  };
  let splits = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    for (let node = roots[tree]!; node < endOfTree(trees, tree); node++) {
      place[node] = isLeaf(trees, node) ? layout.leaves.length : splits++;
      if (!isLeaf(trees, node)) continue;
      layout.leaves.push(node);
      layout.treeOfLeaf.push(tree);
    }
    // The operator knows no tree of a single leaf: both ways of a split lead to it.
    if (isLeaf(trees, roots[tree]!)) splits++;
  }
  for (let tree = 0; tree < roots.length; tree++) {
    layout.roots.push(layout.features.length);
    for (let node = roots[tree]!; node < endOfTree(trees, tree); node++) {
      const isRoot = node === roots[tree];
      if (isLeaf(trees, node) && !isRoot) continue;
      const [l, r] = isLeaf(trees, node) ? [node, node] : [left[node]!, left[node]! + 1];
      layout.features.push(Math.max(0, feature[node]!));
      const set = trees.sets?.starts[node] ?? -1;
      layout.thresholds.push(isLeaf(trees, node) || set >= 0 ? 0 : threshold[node]!);
      layout.modes.push(set < 0 ? THRESHOLD_MODE : MEMBER_MODE);
      if (set >= 0) layout.members.push(...membersOf(codesOfSet(trees.sets!, set)), Number.NaN);
      layout.missingLeft.push(missingLeft[node]!);
      layout.lefts.push(place[l]!);
      layout.rights.push(place[r]!);
      layout.leftIsLeaf.push(isLeaf(trees, l) ? 1 : 0);
      layout.rightIsLeaf.push(isLeaf(trees, r) ? 1 : 0);
    }
  }
  return layout;
}

/** The operator wants a member where none but missing values go left. */
function membersOf(codes: readonly number[]): readonly number[] {
  return codes.length === 0 ? [-1] : codes;
}

interface LeafValues {
  readonly targets: number;
  target(tree: number): number;
  weight(leaf: number, node: number): number;
}

function ensemble(graph: OnnxBuilder, x: OnnxMatrix, layout: Layout, values: LeafValues): OnnxValue {
  const { leaves, treeOfLeaf } = layout;
  return graph.node('ai.onnx.ml.TreeEnsemble', [x.value], {
    // Sum; no transformation.
    aggregate_function: 1,
    post_transform: 0,
    n_targets: values.targets,
    tree_roots: layout.roots,
    nodes_featureids: layout.features,
    nodes_splits: { tensor: Float64Array.from(layout.thresholds) },
    // The true way is left.
    nodes_modes: { tensor: Uint8Array.from(layout.modes) },
    ...(layout.members.length > 0 && {
      membership_values: { tensor: Float64Array.from(layout.members) },
    }),
    nodes_truenodeids: layout.lefts,
    nodes_falsenodeids: layout.rights,
    nodes_trueleafs: layout.leftIsLeaf,
    nodes_falseleafs: layout.rightIsLeaf,
    nodes_missing_value_tracks_true: layout.missingLeft,
    leaf_targetids: treeOfLeaf.map((tree) => values.target(tree)),
    leaf_weights: { tensor: Float64Array.from(leaves, (node, leaf) => values.weight(leaf, node)) },
  });
}
