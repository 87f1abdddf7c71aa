import { z } from 'zod';
import { FileError } from '../../core/errors.ts';
import { wordsOfCodes } from '../../math/trees/category-sets.ts';
import { type Trees, TreesBuilder } from '../../math/trees/trees.ts';

/** What XGBoost's JSON model says. */
export interface XgboostJson {
  /** Iteration by iteration, in each a tree for every output. */
  readonly trees: Trees;
  readonly columns: number;
  readonly names: readonly string[] | undefined;
  readonly outputs: number;
  /** As `binary:logistic`. */
  readonly objective: string;
  /** As the file has it: in the space of predictions, one an output or one for all. */
  readonly baseScore: readonly number[];
}

const whole = z
  .int()
  .min(-1)
  .lt(2 ** 31);
const flag = z.union([z.boolean(), z.int()]).transform(Number);
const text = z.string().transform(Number).pipe(z.int().nonnegative());

const treeSchema = z.object({
  left_children: z.array(whole),
  right_children: z.array(whole),
  split_indices: z.array(z.int().nonnegative()),
  split_conditions: z.array(z.number()),
  default_left: z.array(flag),
  loss_changes: z.array(z.number()),
  sum_hessian: z.array(z.number()),
  split_type: z.array(z.int()).optional(),
  categories: z.array(z.int().nonnegative()).optional(),
  categories_nodes: z.array(z.int().nonnegative()).optional(),
  categories_segments: z.array(z.int().nonnegative()).optional(),
  categories_sizes: z.array(z.int().nonnegative()).optional(),
  tree_param: z.object({ size_leaf_vector: z.string().optional() }).optional(),
});

const modelSchema = z.object({
  trees: z.array(treeSchema),
  tree_info: z.array(z.int().nonnegative()),
});

const fileSchema = z.object({
  learner: z.object({
    feature_names: z.array(z.string()).optional(),
    objective: z.object({ name: z.string() }),
    learner_model_param: z.object({
      base_score: z.string(),
      num_class: text,
      num_feature: text,
      num_target: text.optional(),
    }),
    gradient_booster: z.union([
      z.object({ name: z.literal('gbtree'), model: modelSchema }),
      z.object({
        name: z.literal('dart'),
        gbtree: z.object({ model: modelSchema }),
        weight_drop: z.array(z.number()),
      }),
      z.object({ name: z.string() }),
    ]),
  }),
});

type Tree = z.output<typeof treeSchema>;
type Booster = z.output<typeof fileSchema>['learner']['gradient_booster'];

/**
 * Reads the JSON of an XGBoost model (`booster.save_model('model.json')`, version 1 to 3): trees and DART, splits by numbers and by categories.
 * @param file Named in messages.
 * @throws FileError for another text, a damaged one, or what these trees cannot express (linear boosters, leaves of several numbers).
 */
export function parseXgboost(content: string, file: string): XgboostJson {
  const fail = (code: string, reason: string): never => {
    throw new FileError(`file/${code}`, `'${file}' ${reason}`, { file });
  };
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    fail('not-xgboost', `is no JSON model of XGBoost: ${error instanceof Error ? error.message : error}.`);
  }
  const isObject = typeof json === 'object' && json !== null && 'learner' in json;
  if (!isObject)
    fail('not-xgboost', 'is no JSON model of XGBoost: it has no "learner". Save it as model.json.');
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return fail('damaged', `is damaged: ${path.join('.')}: ${message}.`);
  }
  const { feature_names, objective, learner_model_param, gradient_booster } = parsed.data.learner;
  const damaged = (reason: string) => fail('damaged', `is damaged: ${reason}.`);
  const booster = treesOf(gradient_booster, fail);
  const columns = learner_model_param.num_feature;
  if ((learner_model_param.num_target ?? 1) > 1)
    fail('unsupported', 'predicts several targets at once, which heddle does not. Train a model for each.');
  const outputs = Math.max(1, learner_model_param.num_class);
  const names = feature_names !== undefined && feature_names.length > 0 ? feature_names : undefined;
  if (names !== undefined && names.length !== columns)
    damaged(`it names ${names.length} columns where num_feature says there are ${columns}`);
  if (booster.info.length !== booster.trees.length)
    damaged(`tree_info has ${booster.info.length} numbers for ${booster.trees.length} trees`);
  const builder = new TreesBuilder(1);
  for (const i of byIteration(booster.info, outputs, damaged))
    addTree(builder, booster.trees[i]!, booster.weights?.[i] ?? 1, {
      where: `tree ${i}`,
      columns,
      damaged,
      fail,
    });
  return {
    ...{ trees: builder.finish(), columns, names, outputs, objective: objective.name },
    baseScore: baseScoreOf(learner_model_param.base_score, outputs, damaged),
  };
}

interface Found {
  readonly trees: readonly Tree[];
  readonly info: readonly number[];
  /** What each tree counts; absent where all count alike. */
  readonly weights: readonly number[] | undefined;
}

function treesOf(booster: Booster, fail: (code: string, reason: string) => never): Found {
  if ('model' in booster)
    return { trees: booster.model.trees, info: booster.model.tree_info, weights: undefined };
  if ('gbtree' in booster) {
    const { trees, tree_info } = booster.gbtree.model;
    if (booster.weight_drop.length !== trees.length)
      fail(
        'damaged',
        `is damaged: weight_drop has ${booster.weight_drop.length} numbers for ${trees.length} trees.`,
      );
    return { trees, info: tree_info, weights: booster.weight_drop };
  }
  return fail(
    'unsupported',
    `has a booster '${booster.name}', which heddle does not know. Known are gbtree and dart.`,
  );
}

/** The trees' numbers such that each iteration has one for every output; parallel trees of a round follow one another. */
function byIteration(info: readonly number[], outputs: number, damaged: (reason: string) => never): number[] {
  const lists: number[][] = Array.from({ length: outputs }, () => []);
  for (const [i, output] of info.entries()) {
    if (output >= outputs) damaged(`tree ${i} is for output ${output} of ${outputs}`);
    lists[output]!.push(i);
  }
  const rounds = lists[0]!.length;
  if (lists.some((list) => list.length !== rounds)) damaged('its outputs have different numbers of trees');
  return Array.from({ length: rounds }, (_, round) => lists.map((list) => list[round]!)).flat();
}

function baseScoreOf(given: string, outputs: number, damaged: (reason: string) => never): number[] {
  // A number, or from version 3.1 on a list in brackets.
  const scores = given
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (scores.some((score) => !Number.isFinite(score)) || (scores.length !== 1 && scores.length !== outputs))
    damaged(`base_score is ${JSON.stringify(given.slice(0, 40))}`);
  return scores;
}

interface Reader {
  readonly where: string;
  readonly columns: number;
  damaged(reason: string): never;
  fail(code: string, reason: string): never;
}

function addTree(builder: TreesBuilder, tree: Tree, weight: number, reader: Reader): void {
  const { where, columns, damaged, fail } = reader;
  if (Number(tree.tree_param?.size_leaf_vector ?? 1) > 1)
    fail('unsupported', `has leaves of several numbers (${where}), which heddle's trees do not know.`);
  const nodes = tree.left_children.length;
  if (nodes === 0) damaged(`${where} has no nodes`);
  const arrays = ['right_children', 'split_indices', 'split_conditions', 'default_left'] as const;
  for (const key of [...arrays, 'loss_changes', 'sum_hessian'] as const) {
    if (tree[key].length !== nodes)
      damaged(`${key} of ${where} has ${tree[key].length} numbers for ${nodes} nodes`);
  }
  const rights = categoriesThatGoRight(tree, where, damaged);
  // XGBoost counts no rows; second derivatives stand for them, which for squared errors are rows.
  const rowsOf = (node: number) => {
    const hessian = tree.sum_hessian[node]!;
    return { samples: Math.max(1, Math.min(2 ** 31 - 1, Math.round(hessian) || 0)), weight: hessian };
  };
  const open = [{ from: 0, to: builder.addRoot(rowsOf(0)) }];
  const seen = new Set<number>([0]);
  for (const { from, to } of open) {
    const below = [tree.left_children[from]!, tree.right_children[from]!] as const;
    if (below[0] < 0 && below[1] < 0) {
      builder.setValue(to, weight * Math.fround(tree.split_conditions[from]!));
      continue;
    }
    const column = tree.split_indices[from]!;
    if (column >= columns) damaged(`node ${from} of ${where} asks for column ${column} of ${columns}`);
    for (const next of below) {
      if (!(next >= 0 && next < nodes) || seen.has(next))
        damaged(`node ${from} of ${where} leads to ${next}, which is not there or has another parent`);
      seen.add(next);
    }
    const gain = tree.loss_changes[from]!;
    const isDefaultLeft = tree.default_left[from] === 1;
    const categories = rights.get(from);
    // The set of a split by category holds what goes right, and all others go left: both sides change places here.
    const [first, second] = categories === undefined ? below : [below[1], below[0]];
    const left = builder.split(
      ...([to, column, lastBelow(tree.split_conditions[from]!)] as const),
      ...([isDefaultLeft === (categories === undefined), gain, [rowsOf(first), rowsOf(second)]] as const),
    );
    if (categories !== undefined) builder.setCategories(to, wordsOfCodes(categories));
    open.push({ from: first, to: left }, { from: second, to: left + 1 });
  }
}

function categoriesThatGoRight(
  tree: Tree,
  where: string,
  damaged: (reason: string) => never,
): ReadonlyMap<number, readonly number[]> {
  const { categories = [], categories_nodes = [], categories_segments = [], categories_sizes = [] } = tree;
  const sets = new Map<number, readonly number[]>();
  for (const [i, node] of categories_nodes.entries()) {
    const [start, size] = [categories_segments[i], categories_sizes[i]];
    if (start === undefined || size === undefined || start + size > categories.length)
      damaged(`the categories of node ${node} of ${where} are not all there`);
    sets.set(node, categories.slice(start!, start! + size!));
  }
  const missing = tree.split_type?.findIndex((type, node) => type === 1 && !sets.has(node)) ?? -1;
  if (missing >= 0) damaged(`node ${missing} of ${where} splits by categories that are not there`);
  const beyond = categories.findIndex((code) => code >= 2 ** 24);
  if (beyond >= 0) damaged(`a category of ${where} is ${categories[beyond]}`);
  return sets;
}

const bits = new Float32Array(1);
const words = new Int32Array(bits.buffer);

/**
 * The largest float64 number that XGBoost sends left of condition c: it rounds values to float32 and asks whether they are below c. Those that
 * round to the float32 number p before c do, up to the middle between p and c, the middle itself where rounding to even gives p.
 */
function lastBelow(condition: number): number {
  const c = Math.fround(condition);
  if (!Number.isFinite(c)) return c;
  bits[0] = c;
  // The next float32 number towards −∞: of positive ones the bits less one, of negative ones more, of zero the smallest negative.
  if (c === 0) words[0] = 0x80000001 | 0;
  else words[0] = words[0]! + (c > 0 ? -1 : 1);
  const before = bits[0]!;
  if (!Number.isFinite(before)) return before;
  const middle = before / 2 + c / 2;
  if (Math.fround(middle) === before) return middle;
  return nextBelow(middle);
}

const wide = new Float64Array(1);
const wideBits = new BigInt64Array(wide.buffer);

/** The next float64 number towards −∞. */
function nextBelow(value: number): number {
  wide[0] = value;
  if (value === 0) return -Number.MIN_VALUE;
  wideBits[0] = wideBits[0]! + (value > 0 ? -1n : 1n);
  return wide[0]!;
}
