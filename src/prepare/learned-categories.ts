import { DataError, OptionError } from '../core/errors.ts';
import { compareLabels, type Label } from '../core/labels.ts';
import { type Category, type CodedColumn, countLevels } from './category.ts';

/** The categories of one column, as plain data. */
export interface LearnedCategories {
  readonly name: string;
  readonly kind: CodedColumn['kind'];
  readonly levels: readonly string[] | readonly boolean[] | Float64Array;
  /** Whether a missing value is a category of its own; it then comes after the levels. */
  readonly hasMissing: boolean;
}

export interface CountedCategories {
  readonly categories: LearnedCategories;
  /** Training rows of each category, the missing one last. */
  readonly counts: Int32Array;
}

export interface CategoryRules {
  /** Named in messages. */
  readonly model: string;
  /** The categories to take, in that order, null last; undefined: those that occur, in order. */
  readonly given: readonly Category[] | undefined;
  readonly refusesUnknown: boolean;
}

/**
 * The categories of a column: text by code point, numbers by value, false before true, missing last (scikit-learn's order).
 * @throws OptionError for given categories that are unfit, DataError for a training row that has none of them.
 */
export function learnCategories(column: CodedColumn, rules: CategoryRules): CountedCategories {
  const { levels: counts, missing } = countLevels(column);
  const { given } = rules;
  if (given !== undefined) requireFit(column, given, rules.model);
  const found = column.levels.map((level, code) => ({ level, count: counts[code]! }));
  const present = found.filter(({ count }) => count > 0);
  const order =
    given === undefined
      ? present.map(({ level }) => level).sort(compareLabels)
      : given.filter((level) => level !== null);
  const hasMissing = given === undefined ? missing > 0 : given.includes(null);
  const levels = (
    column.kind === 'number' ? Float64Array.from(order as number[]) : order
  ) as LearnedCategories['levels'];
  const categories = { name: column.name, kind: column.kind, levels, hasMissing };
  if (rules.refusesUnknown && given !== undefined)
    requireKnown(column, placesOf(categories, column), rules.model);
  const countOf = new Map(found.map(({ level, count }) => [level, count]));
  const all = order.map((level) => countOf.get(level) ?? 0);
  return { categories, counts: Int32Array.from(hasMissing ? [...all, missing] : all) };
}

function requireFit({ name, kind }: CodedColumn, given: readonly Category[], model: string): void {
  const problem = unfitness(kind, given);
  if (problem === undefined) return;
  throw new OptionError('option/invalid', `${model}: option 'categories' of column '${name}' ${problem}.`, {
    option: 'categories',
    column: name,
  });
}

function unfitness(kind: CodedColumn['kind'], given: readonly Category[]): string | undefined {
  const levels = given.filter((level) => level !== null);
  const other = levels.find((level) => typeof level !== kind);
  if (other !== undefined) return `names ${JSON.stringify(other)}, but the column holds ${kind}s`;
  if (new Set(given).size < given.length) return 'names a category twice';
  if (given.slice(0, -1).includes(null)) return 'must name null, the missing value, last';
  if (kind === 'number' && levels.some((level, i) => i > 0 && level < levels[i - 1]!)) {
    return 'must name numbers in ascending order';
  }
  return undefined;
}

/** All categories as a user sees them. */
export function listCategories({ levels, hasMissing }: LearnedCategories): Category[] {
  const list: Category[] = Array.from(levels as ArrayLike<Label>);
  return hasMissing ? [...list, null] : list;
}

/** The category of each code of `column` at place code + 1, so that place 0 is the missing one; −1 is unknown. */
export function placesOf(categories: LearnedCategories, column: CodedColumn): Int32Array {
  const placeOf = placeMap(categories);
  const places = new Int32Array(column.levels.length + 1);
  places[0] = categories.hasMissing ? categories.levels.length : -1;
  for (const [code, level] of column.levels.entries()) {
    // A column may turn from booleans to numbers between tables; true is then 1.
    const label = typeof level === categories.kind ? level : convert(level, categories.kind);
    places[code + 1] = placeOf.get(label) ?? -1;
  }
  return places;
}

/** Kept as long as the categories, since the prediction of a single row takes less time than to build it. */
const placeMaps = new WeakMap<LearnedCategories, ReadonlyMap<Label, number>>();

function placeMap(categories: LearnedCategories): ReadonlyMap<Label, number> {
  let map = placeMaps.get(categories);
  if (map === undefined) {
    map = new Map(Array.from(categories.levels as ArrayLike<Label>, (level, place) => [level, place]));
    placeMaps.set(categories, map);
  }
  return map;
}

function convert(level: Label, kind: CodedColumn['kind']): Label {
  if (kind === 'number') return Number(level);
  return kind === 'boolean' && (level === 0 || level === 1) ? level === 1 : level;
}

/** @throws DataError naming the first row whose category is unknown. */
export function requireKnown({ name, codes, levels }: CodedColumn, places: Int32Array, model: string): void {
  if (!places.includes(-1)) return;
  const row = codes.findIndex((code) => places[code + 1] === -1);
  if (row < 0) return;
  const value = levels[codes[row]!];
  throw new DataError(
    'data/unknown-category',
    `Column '${name}' ${value === undefined ? 'has no value' : `holds ${JSON.stringify(value)}`} in row ${row}, which is none of the ` +
      `categories that ${model} knows. Correct the row, or set handleUnknown.`,
    { column: name, row, category: value ?? null },
  );
}
