import type { RegressorParts } from '../../define/definition.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { codeOfText, encodeRow, encodeTable } from '../tree-categories.ts';
import { codeNodes } from '../tree-code-nodes.ts';
import { type BoostingAttributes, type BoostingState, boostingAttributes } from './boosting-attributes.ts';
import type { boostingOptions } from './boosting-options.ts';
import { requireBoostingState } from './require-boosting-state.ts';

/** What boosted trees of one value a row do alike, whatever loss they were grown by. */
export const boostedValues = {
  input: 'table',
  scaling: 'irrelevant',
  missing: 'accepted',
  text: 'accepted',
  rowOperations: ({ trees }: BoostingState) => 4 * stepsOf(trees),
  checkState: requireBoostingState,
  predict({ trees, baseline, link, categories }, x, job) {
    const workers = { team: job.team, checkpoint: () => job.checkpoint() };
    const sums = sumTrees(workers, trees, encodeTable(x, categories), baseline);
    if (link !== 'log') return sums;
    return sums instanceof Promise ? sums.then(exponential) : exponential(sums);
  },
  encodeText: ({ categories }: BoostingState, column, text) => codeOfText(categories, column, text),
  predictRow({ trees, baseline, link, categories }, row) {
    const sum = sumTreesOfRow(trees, encodeRow(categories, row), baseline)[0]!;
    return link === 'log' ? Math.exp(sum) : sum;
  },
  onnx({ trees, baseline, link, categories }, x, graph) {
    const coded = codeNodes(graph, x, categories);
    if ('unsupported' in coded) return coded;
    const sums = treeNodes(graph, coded, trees, baseline);
    return link === 'log' ? graph.node('Exp', [sums]) : sums;
  },
  attributes: boostingAttributes,
} satisfies Partial<RegressorParts<typeof boostingOptions, BoostingState, BoostingAttributes, 'table'>>;

function exponential(sums: Float64Array): Float64Array {
  for (let i = 0; i < sums.length; i++) sums[i] = Math.exp(sums[i]!);
  return sums;
}
