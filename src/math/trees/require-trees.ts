import { DataError } from '../../core/errors.ts';
import { isSound } from './category-sets.ts';
import { endOfTree, type Trees } from './trees.ts';

export interface TreesShape {
  readonly columns: number;
  /** Numbers a node that are possible. */
  readonly widths: readonly number[];
}

/**
 * Trees of a file that may be forged or damaged, before anything goes down them: kernels read what nodes name without looking. Each node but the
 * roots has one parent, before it; so every way ends.
 * @throws DataError that names the node.
 */
export function requireTrees(trees: Trees, { columns, widths }: TreesShape): void {
  requireArrays(trees, widths);
  const { roots, feature, threshold, left, missingLeft, sets } = trees;
  const nodes = left.length;
  for (const [tree, root] of roots.entries()) {
    const isNext = tree === 0 ? root === 0 : root > roots[tree - 1]!;
    if (!isNext || root >= nodes) refuse(`tree ${tree} begins at node ${root} of ${nodes}`);
  }
  if (roots.length === 0 && nodes > 0) refuse(`its ${nodes} nodes are of no tree`);
  const hasParent = new Uint8Array(nodes);
  for (let tree = 0; tree < roots.length; tree++) {
    const end = endOfTree(trees, tree);
    for (let node = roots[tree]!; node < end; node++) {
      const own = left[node]!;
      if (missingLeft[node]! > 1) refuse(`node ${node} sends missing values nowhere`);
      if (feature[node] === -1) {
        if (own !== node || threshold[node] !== Number.POSITIVE_INFINITY || missingLeft[node] !== 1)
          refuse(`node ${node} is a leaf that leads on`);
        continue;
      }
      if (!(feature[node]! >= 0 && feature[node]! < columns))
        refuse(`node ${node} asks for column ${feature[node]} of ${columns}`);
      if (!(own > node && own + 1 < end)) refuse(`node ${node} leads to ${own}, which is not below it`);
      if (hasParent[own] === 1 || hasParent[own + 1] === 1)
        refuse(`node ${own} or ${own + 1} has two parents`);
      hasParent.fill(1, own, own + 2);
      const start = sets?.starts[node] ?? -1;
      if (start === -1 ? Number.isNaN(threshold[node]) : !isSound(sets!, start))
        refuse(`node ${node} asks for a set of categories that is not there`);
      if (start !== -1 && !Number.isNaN(threshold[node]))
        refuse(`node ${node} has a threshold and a set of categories`);
    }
  }
}

function requireArrays(trees: Trees, widths: readonly number[]): void {
  const { width, sets } = trees;
  const nodes = trees.left?.length;
  if (!widths.includes(width))
    refuse(`its nodes hold ${width} numbers, where ${widths.join(' or ')} is possible`);
  const wanted = [
    ['roots', Int32Array, trees.roots?.length],
    ['left', Int32Array, nodes],
    ['feature', Int32Array, nodes],
    ['samples', Int32Array, nodes],
    ['missingLeft', Uint8Array, nodes],
    ['threshold', Float64Array, nodes],
    ['weight', Float64Array, nodes],
    ['gain', Float64Array, nodes],
    ['values', Float64Array, nodes * width],
  ] as const;
  for (const [name, Kind, length] of wanted) {
    const found = trees[name];
    if (!(found instanceof Kind && found.length === length))
      refuse(`${name} holds ${found?.length} numbers, where ${length} of ${Kind.name} are needed`);
  }
  if (sets === undefined) return;
  const isWhole =
    sets.starts instanceof Int32Array && sets.words instanceof Int32Array && sets.starts.length === nodes;
  if (!isWhole) refuse('its sets of categories are not those of its nodes');
}

function refuse(reason: string): never {
  throw new DataError('model/unfit-state', `Its trees cannot be those of a model: ${reason}.`);
}
