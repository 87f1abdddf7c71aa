import { FileError } from '../../core/errors.ts';
import { type Trees, TreesBuilder } from '../../math/trees/trees.ts';
import type { ColumnCategories } from '../tree-categories.ts';
import { readCategories } from './lightgbm-categories.ts';

/** What LightGBM's text model says. */
export interface LightgbmText {
  readonly trees: Trees;
  readonly columns: number;
  /** Absent where LightGBM made them up. */
  readonly names: readonly string[] | undefined;
  /** Trees an iteration. */
  readonly outputs: number;
  /** The name, then its parameters, e.g. `['binary', 'sigmoid:1']`; empty for an objective of the user's. */
  readonly objective: readonly string[];
  /** Whether the prediction is the mean of the iterations rather than their sum. */
  readonly isMean: boolean;
  /** Of the columns of categories. */
  readonly categories: readonly ColumnCategories[];
}

type Block = ReadonlyMap<string, string>;

/** Bits of `decision_type`. */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const MISSING = ['none', 'zero', 'nan'];

/**
 * Reads the text of a LightGBM model, version 3 or 4: numerical splits with any treatment of missing values, and splits by category.
 * @param file Named in messages.
 * @throws FileError for another text, a damaged one, or what these trees cannot express (zeros taken for missing values, linear leaves).
 */
export function parseLightgbm(text: string, file: string): LightgbmText {
  const fail = (code: string, reason: string): never => {
    throw new FileError(`file/${code}`, `'${file}' ${reason}`, { file });
  };
  if (!/^tree\r?\n/.test(text))
    fail('not-lightgbm', 'is no text model of LightGBM: its first line is not "tree".');
  const end = text.search(/^end of trees\r?$/m);
  if (end < 0) fail('damaged', 'is cut off: the line "end of trees" is missing.');
  const [head, ...blocks] = text
    .slice(0, end)
    .split(/^(?=Tree=)/m)
    .map(readBlock);
  const damaged = (reason: string) => fail('damaged', `is damaged: ${reason}.`);
  const count = (block: Block, key: string, least: number, where: string): number => {
    const value = Number(block.get(key) ?? Number.NaN);
    if (!(Number.isInteger(value) && value >= least && value < 2 ** 31))
      damaged(`${key} of ${where} is ${show(block.get(key))}, not a whole number of at least ${least}`);
    return value;
  };
  const columns = count(head!, 'max_feature_idx', 0, 'the model') + 1;
  const outputs = count(head!, 'num_tree_per_iteration', 1, 'the model');
  const names = head!.get('feature_names')?.split(' ') ?? [];
  if (names.length !== columns)
    damaged(`it names ${names.length} columns where max_feature_idx says there are ${columns}`);
  if (blocks.length % outputs !== 0)
    damaged(`${blocks.length} trees are not a multiple of the ${outputs} of an iteration`);
  const builder = new TreesBuilder(1);
  for (const [i, block] of blocks.entries()) {
    if (block.get('Tree') !== String(i)) damaged(`tree ${i} is called ${show(block.get('Tree'))}`);
    addTree(builder, block, i, { columns, count, damaged, fail });
  }
  const notes = {
    infos: head!.get('feature_infos')?.split(' ') ?? [],
    pandas: pandasOf(text, damaged),
    names,
  };
  return {
    ...readCategories(builder.finish(), notes, { damaged }),
    ...{ columns, outputs, isMean: head!.has('average_output') },
    names: names.every((name, j) => name === `Column_${j}`) ? undefined : names,
    objective: head!.get('objective')?.split(' ').filter(Boolean) ?? [],
  };
}

/** The value of the line `pandas_categorical:…` that Python adds; null where there is none. */
function pandasOf(text: string, damaged: (reason: string) => never): unknown {
  const [, json] = /^pandas_categorical:(.*?)\r?$/m.exec(text) ?? [];
  try {
    return json === undefined ? null : (JSON.parse(json) as unknown);
  } catch {
    return damaged('pandas_categorical is no JSON');
  }
}

/** Lines `key=value`; a line without a value is a key by itself. */
function readBlock(text: string): Block {
  return new Map(
    text
      .split(/\r?\n/)
      .filter(Boolean)
      .map((line) => {
        const at = line.indexOf('=');
        return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
      }),
  );
}

interface Reader {
  readonly columns: number;
  count(block: Block, key: string, least: number, where: string): number;
  damaged(reason: string): never;
  fail(code: string, reason: string): never;
}

function addTree(builder: TreesBuilder, block: Block, tree: number, reader: Reader): void {
  const { columns, count, damaged, fail } = reader;
  const where = `tree ${tree}`;
  const leaves = count(block, 'num_leaves', 1, where);
  if (Number(block.get('is_linear') ?? 0) !== 0)
    fail('unsupported', `has linear models in its leaves (${where}), which heddle's trees do not know.`);
  const numbers = (key: string, length: number, missing?: number): number[] => {
    const given = block.get(key)?.split(' ').filter(Boolean) ?? [];
    if (given.length === 0 && missing !== undefined) return new Array<number>(length).fill(missing);
    if (given.length !== length)
      damaged(`${key} of ${where} has ${given.length} numbers where ${length} are needed`);
    const values = given.map(Number);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) damaged(`${key} of ${where} holds ${show(given[bad])}, not a finite number`);
    return values;
  };
  const leafValue = numbers('leaf_value', leaves);
  const leafCount = numbers('leaf_count', leaves, 1);
  const leafWeight = numbers('leaf_weight', leaves, 1);
  const splits = leaves - 1;
  const feature = numbers('split_feature', splits);
  const threshold = numbers('threshold', splits);
  const decision = numbers('decision_type', splits, DEFAULT_LEFT);
  const gain = numbers('split_gain', splits, 0);
  const children = [numbers('left_child', splits), numbers('right_child', splits)] as const;
  const counts = numbers('internal_count', splits, 1);
  const weights = numbers('internal_weight', splits, 1);
  const categories = block.has('num_cat') ? count(block, 'num_cat', 0, where) : 0;
  const bounds = categories === 0 ? [] : numbers('cat_boundaries', categories + 1);
  const words = categories === 0 ? [] : numbers('cat_threshold', bounds.at(-1)!);
  const setAt = (place: number, split: number): Int32Array => {
    const [from, to] = [bounds[place], bounds[place + 1]];
    const isFit = from !== undefined && to !== undefined && from >= 0 && to > from && to <= words.length;
    if (!isFit) damaged(`split ${split} of ${where} asks for set ${place} of ${categories}`);
    return Int32Array.from(words.slice(from, to), (word) => word | 0);
  };
  /** Rows of a child: a split by its number, a leaf by −1 less its number. */
  const rowsOf = (child: number) =>
    child >= 0
      ? { samples: counts[child]!, weight: weights[child]! }
      : { samples: leafCount[-1 - child]!, weight: leafWeight[-1 - child]! };
  const start = splits === 0 ? -1 : 0;
  const open = [{ child: start, node: builder.addRoot(rowsOf(start)) }];
  const seen = new Set<number>([start]);
  for (const { child, node } of open) {
    if (child < 0) {
      builder.setValue(node, leafValue[-1 - child]!);
      continue;
    }
    const column = feature[child]!;
    if (!(Number.isInteger(column) && column >= 0 && column < columns))
      damaged(`split ${child} of ${where} asks for column ${column} of ${columns}`);
    const below = [children[0][child]!, children[1][child]!] as const;
    for (const next of below) {
      if (!(Number.isInteger(next) && next < splits && next >= -leaves) || seen.has(next))
        damaged(`split ${child} of ${where} leads to ${next}, which is not there or has another parent`);
      seen.add(next);
    }
    const isBySet = (decision[child]! & CATEGORICAL) !== 0;
    const left = builder.split(
      ...([node, column, threshold[child]!] as const),
      !isBySet && missingLeft(decision[child]!, threshold[child]!, where, reader),
      ...([gain[child]!, [rowsOf(below[0]), rowsOf(below[1])]] as const),
    );
    // What is in no set goes right, missing values too.
    if (isBySet) builder.setCategories(node, setAt(threshold[child]!, child));
    open.push({ child: below[0], node: left }, { child: below[1], node: left + 1 });
  }
}

/** Where missing values go: to the default side, or where 0 goes when training saw none. */
function missingLeft(decision: number, threshold: number, where: string, { damaged, fail }: Reader): boolean {
  const missing = MISSING[(decision >> 2) & 3];
  if (!Number.isInteger(decision) || missing === undefined)
    damaged(`decision_type of ${where} is ${decision}`);
  const isDefaultLeft = (decision & DEFAULT_LEFT) !== 0;
  const zeroGoesLeft = threshold >= 0;
  if (missing === 'nan') return isDefaultLeft;
  if (missing === 'zero' && isDefaultLeft !== zeroGoesLeft)
    fail(
      'unsupported',
      `takes zeros for missing values (${where}), which heddle's trees do not. Train it with zero_as_missing=false.`,
    );
  return zeroGoesLeft;
}

function show(text: string | undefined): string {
  return text === undefined ? 'absent' : JSON.stringify(text.slice(0, 40));
}
