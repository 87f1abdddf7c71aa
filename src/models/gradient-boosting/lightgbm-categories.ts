import { codesOfSet, wordsOfCodes } from '../../math/trees/category-sets.ts';
import { isLeaf, type Trees } from '../../math/trees/trees.ts';
import { type ColumnCategories, levelsOfCode } from '../tree-categories.ts';

/** LightGBM's categories are whole numbers from 0, whose meaning pandas' levels give where it was trained on a table of theirs. */
export interface CategoryNotes {
  /** `feature_infos`: `[least:most]` of numbers, `3:0:1` of categories, `none`. */
  readonly infos: readonly string[];
  /** The levels of each column of categories in order, parsed from `pandas_categorical`; null for none. */
  readonly pandas: unknown;
  readonly names: readonly string[];
}

interface Refusals {
  damaged(reason: string): never;
}

/**
 * The trees with the numbers in their sets as heddle's codes, and what these stand for.
 * @throws FileError for a column that is asked for both ways, or levels that are no list of texts, numbers or booleans.
 */
export function readCategories(
  trees: Trees,
  notes: CategoryNotes,
  { damaged }: Refusals,
): { readonly trees: Trees; readonly categories: ColumnCategories[] } {
  const { sets, feature } = trees;
  if (sets === undefined) return { trees, categories: [] };
  const found = new Map<number, Set<number>>();
  for (const [node, start] of sets.starts.entries()) {
    if (start < 0) continue;
    const column = feature[node]!;
    if (!found.has(column)) found.set(column, new Set(infoCategories(notes.infos[column])));
    for (const id of codesOfSet(sets, start)) found.get(column)!.add(id);
  }
  for (const [node, start] of sets.starts.entries()) {
    if (start < 0 && !isLeaf(trees, node) && found.has(feature[node]!))
      damaged(`column ${feature[node]} is asked for as numbers and as categories`);
  }
  const pandas = pandasLevels(notes, [...found.keys()], damaged);
  const categories = [...found]
    .sort(([a], [b]) => a - b)
    .map(([column, ids]): ColumnCategories => {
      const levels = pandas.get(column) ?? Float64Array.from([...ids].sort((a, b) => a - b));
      const first = levels[0];
      const kind = typeof first === 'string' || typeof first === 'boolean' ? typeof first : 'number';
      return {
        ...{ name: notes.names[column]!, kind: kind as ColumnCategories['kind'], hasMissing: false, column },
        levels: kind === 'number' ? Float64Array.from(levels as number[]) : (levels as string[]),
        codes: Int32Array.from({ length: levels.length }, (_, code) => code),
      };
    });
  return { trees: withCodes(trees, categories, pandas), categories };
}

function infoCategories(info: string | undefined): number[] {
  if (info === undefined || info.startsWith('[') || !/^-?\d+(?::-?\d+)*$/.test(info)) return [];
  return info
    .split(':')
    .map(Number)
    .filter((id) => id >= 0);
}

/** Levels by column; empty where the lists do not fit the columns. */
function pandasLevels(
  { infos, pandas }: CategoryNotes,
  asked: readonly number[],
  damaged: Refusals['damaged'],
): Map<number, readonly (string | number | boolean)[]> {
  if (pandas === null || pandas === undefined) return new Map();
  const columns = infos.flatMap((info, column) => (infoCategories(info).length > 0 ? [column] : []));
  if (!Array.isArray(pandas) || !asked.every((column) => columns.includes(column)))
    return damaged('pandas_categorical is no list of levels for its columns of categories');
  if (pandas.length !== columns.length) return new Map();
  return new Map(
    columns.map((column, i) => {
      const levels: unknown = pandas[i];
      const isList = Array.isArray(levels) && new Set(levels).size === levels.length;
      const kinds = new Set(isList ? levels.map((level) => typeof level) : []);
      const [kind] = kinds;
      if (!isList || kinds.size !== 1 || !['string', 'number', 'boolean'].includes(kind!))
        return damaged(`pandas_categorical has no distinct levels of one kind for column ${column}`);
      return [column, levels as (string | number | boolean)[]];
    }),
  );
}

function withCodes(
  trees: Trees,
  categories: readonly ColumnCategories[],
  pandas: ReadonlyMap<number, unknown>,
): Trees {
  const codes = new Map(
    categories.map(({ column, levels }) => [
      column,
      new Map(
        Array.from(levels as ArrayLike<unknown>, (level, code): [number, number] => [
          pandas.has(column) ? code : Number(level),
          code,
        ]),
      ),
    ]),
  );
  const starts = trees.sets!.starts.slice();
  const words: number[] = [];
  for (const [node, start] of starts.entries()) {
    if (start < 0) continue;
    const codeOf = codes.get(trees.feature[node]!)!;
    const own = codesOfSet(trees.sets!, start).flatMap((id) => codeOf.get(id) ?? []);
    const set = wordsOfCodes(own);
    starts[node] = words.length;
    words.push(set.length);
    for (const word of set) words.push(word);
  }
  return { ...trees, sets: { starts, words: Int32Array.from(words) } };
}

/** Numbers up to which LightGBM's sets hold the levels themselves. */
const MOST_ID = 1 << 16;

/** How a column's levels are numbered in LightGBM's text: by themselves, or by their places among pandas' levels. */
export interface WrittenCategories {
  /** LightGBM's numbers of each code. */
  readonly ids: readonly (readonly number[])[];
  /** Pandas' levels; undefined where the numbers are the levels. */
  readonly pandas: readonly (string | number | boolean)[] | undefined;
}

/** All columns alike, since pandas' levels are told apart by their order only. */
export function writtenCategories(
  categories: readonly ColumnCategories[],
): ReadonlyMap<number, WrittenCategories> {
  const isPlain = categories.every(({ levels }) =>
    Array.from(levels as ArrayLike<unknown>).every(
      (level) => Number.isInteger(level) && Number(level) >= 0 && Number(level) < MOST_ID,
    ),
  );
  return new Map(categories.map((own) => [own.column, isPlain ? byLevel(own) : byPlace(own)]));
}

function byLevel(own: ColumnCategories): WrittenCategories {
  const codes = Array.from({ length: new Set(own.codes).size }, (_, code) => code);
  return { ids: codes.map((code) => levelsOfCode(own, code).map(Number)), pandas: undefined };
}

function byPlace({ codes, levels }: ColumnCategories): WrittenCategories {
  const ids: number[][] = Array.from(new Set(codes), () => []);
  for (const [place, code] of codes.entries()) ids[code]!.push(place);
  return { ids, pandas: Array.from(levels as ArrayLike<string | number | boolean>) };
}
