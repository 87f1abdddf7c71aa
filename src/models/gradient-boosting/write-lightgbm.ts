import { writeFileAtomic } from '../../core/atomic-file.ts';
import { OptionError } from '../../core/errors.ts';
import { inSlices } from '../../core/slices.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { codesOfSet, wordsOfCodes } from '../../math/trees/category-sets.ts';
import { endOfTree, isLeaf, type Trees } from '../../math/trees/trees.ts';
import type { BoostingState } from './boosting-attributes.ts';
import { type WrittenCategories, writtenCategories } from './lightgbm-categories.ts';

/** Missing values are NaN, `decision_type` bits 2 and 3. */
const NAN_IS_MISSING = 8;
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
/** LightGBM's stand-in for infinity. */
const MOST = 1e300;

/**
 * Writes a fitted gradient boosting as LightGBM's text model, which `lightgbm.Booster(model_file=…)` loads: it predicts the same, to
 * rounding. Classes become 0, 1, … in their order; white space in names becomes `_`. Columns of text become pandas' columns of
 * categories, with the levels of training; columns of numbers that are codes stay so where they are whole and not negative.
 * @throws OptionError for another model, FileError when the file cannot be written.
 */
export async function writeLightgbm(model: FittedModel, file: string): Promise<void> {
  await writeFileAtomic(file, await lightgbmText(model));
}

/** What {@link writeLightgbm} writes. @throws OptionError for another model. */
export async function lightgbmText(model: FittedModel): Promise<string> {
  const { name } = model.specification;
  if (name !== 'gradient-boosting-classifier' && name !== 'gradient-boosting-regressor') {
    throw new OptionError(
      'model/no-method',
      `writeLightgbm takes a fitted gradient boosting, not ${name}. Other models are exported by exportOnnx.`,
      { model: name },
    );
  }
  const { trees, baseline, columns, categories = [] } = model.state as unknown as BoostingState;
  const outputs = baseline.length;
  const names = Array.from({ length: columns }, (_, j) =>
    (model.schema.names?.[j] ?? `Column_${j}`).replace(/\s+/g, '_'),
  );
  const written = writtenCategories(categories);
  const infos = names.map((_, j) => written.get(j)?.ids.flat().join(':') || 'none');
  const pandas = [...written.values()].flatMap((one) => (one.pandas === undefined ? [] : [one.pandas]));
  // The first iteration takes the baseline in; without any, single leaves do.
  const blocks: string[] = [];
  await inSlices(Math.max(outputs, trees.roots.length), 1, (tree) => {
    const added = tree < outputs ? baseline[tree]! : 0;
    blocks.push(tree < trees.roots.length ? treeText(trees, tree, added, written) : leafText(tree, added));
  });
  const head = [
    ...['tree', 'version=v4', `num_class=${outputs}`, `num_tree_per_iteration=${outputs}`, 'label_index=0'],
    ...[`max_feature_idx=${columns - 1}`, `objective=${objectiveOf(model, outputs)}`],
    ...[`feature_names=${names.join(' ')}`, `feature_infos=${infos.join(' ')}`],
    `tree_sizes=${blocks.map((block) => Buffer.byteLength(block)).join(' ')}`,
  ];
  return `${head.join('\n')}\n\n${blocks.join('')}end of trees\n\nparameters:\nend of parameters\n\npandas_categorical:${pandas.length === 0 ? 'null' : JSON.stringify(pandas)}\n`;
}

function objectiveOf(model: FittedModel, outputs: number): string {
  if (model.target.kind === 'classes')
    return outputs === 1 ? 'binary sigmoid:1' : `multiclass num_class:${outputs}`;
  const { loss, quantile, power } = model.specification.options as Readonly<Record<string, unknown>>;
  switch (loss) {
    case 'absoluteError':
      return 'regression_l1';
    case 'quantile':
      return `quantile alpha:${quantile}`;
    case 'tweedie':
      return `tweedie tweedie_variance_power:${power}`;
    case 'poisson':
    case 'gamma':
    case 'huber':
      return loss;
    default:
      return 'regression';
  }
}

function treeText(
  trees: Trees,
  tree: number,
  added: number,
  written: ReadonlyMap<number, WrittenCategories>,
): string {
  const root = trees.roots[tree]!;
  const nodes = Array.from({ length: endOfTree(trees, tree) - root }, (_, i) => root + i);
  const splits = nodes.filter((node) => !isLeaf(trees, node));
  const leaves = nodes.filter((node) => isLeaf(trees, node));
  if (splits.length === 0) return leafText(tree, trees.values[root]! + added);
  const places = new Map(splits.map((node, place) => [node, place]));
  for (const [place, node] of leaves.entries()) places.set(node, -1 - place);
  const line = (key: string, of: readonly number[], value: (node: number) => number) =>
    `${key}=${of.map(value).join(' ')}`;
  const sets = splits.filter((node) => setOf(trees, node) >= 0);
  const setWords = sets.map((node) => wordsOfCodes(idsOf(trees, node, written.get(trees.feature[node]!)!)));
  const bounds = [0];
  for (const { length } of setWords) bounds.push(bounds.at(-1)! + length);
  const sides = (node: number) => {
    const [left, right] = [trees.left[node]!, trees.left[node]! + 1];
    return isTurned(trees, node) ? [right, left] : [left, right];
  };
  const bounded = (value: number) => Math.max(-MOST, Math.min(MOST, value));
  return block(tree, [
    ...[`num_leaves=${leaves.length}`, `num_cat=${sets.length}`],
    line('split_feature', splits, (node) => trees.feature[node]!),
    line('split_gain', splits, (node) => trees.gain[node]!),
    line('threshold', splits, (node) =>
      setOf(trees, node) < 0 ? bounded(trees.threshold[node]!) : sets.indexOf(node),
    ),
    line(
      'decision_type',
      splits,
      (node) =>
        NAN_IS_MISSING + (setOf(trees, node) < 0 ? DEFAULT_LEFT * trees.missingLeft[node]! : CATEGORICAL),
    ),
    line('left_child', splits, (node) => places.get(sides(node)[0]!)!),
    line('right_child', splits, (node) => places.get(sides(node)[1]!)!),
    ...(sets.length === 0
      ? []
      : [
          `cat_boundaries=${bounds.join(' ')}`,
          `cat_threshold=${setWords.flatMap((words) => Array.from(words, (word) => word >>> 0)).join(' ')}`,
        ]),
    line('leaf_value', leaves, (node) => trees.values[node]! + added),
    line('leaf_weight', leaves, (node) => trees.weight[node]!),
    line('leaf_count', leaves, (node) => trees.samples[node]!),
    line('internal_value', splits, () => 0),
    line('internal_weight', splits, (node) => trees.weight[node]!),
    line('internal_count', splits, (node) => trees.samples[node]!),
  ]);
}

function setOf({ sets }: Trees, node: number): number {
  return sets?.starts[node] ?? -1;
}

/** LightGBM sends what is in no set right, missing values too: where they go left here, the sides change places. */
function isTurned(trees: Trees, node: number): boolean {
  return setOf(trees, node) >= 0 && trees.missingLeft[node] === 1;
}

/** LightGBM's numbers of the categories that go left there. */
function idsOf(trees: Trees, node: number, { ids }: WrittenCategories): number[] {
  const left = new Set(codesOfSet(trees.sets!, setOf(trees, node)));
  return ids.flatMap((own, code) => (left.has(code) !== isTurned(trees, node) ? own : []));
}

function leafText(tree: number, value: number): string {
  return block(tree, ['num_leaves=1', 'num_cat=0', `leaf_value=${value}`]);
}

function block(tree: number, lines: readonly string[]): string {
  return `Tree=${tree}\n${lines.join('\n')}\nis_linear=0\nshrinkage=1\n\n\n`;
}
