import { DataError, OptionError, suggestion } from '../core/errors.ts';
import { type Column, Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { sharedArray } from '../core/shared.ts';
import { codeColumn } from '../prepare/category.ts';
import { type LearnedCategories, learnCategories, placesOf } from '../prepare/learned-categories.ts';

/** The categories of one column, as trees see them: whole numbers from 0. */
export interface ColumnCategories extends LearnedCategories {
  /** Its position in the table. */
  readonly column: number;
  /** The number of each level; the rarest share the last one where there are more levels than numbers. */
  readonly codes: Int32Array;
}

/** Names or positions of columns. */
export type ColumnChoices = readonly (string | number)[];

/**
 * The positions of columns that an option names.
 * @throws OptionError for a column that is not there.
 */
export function positionsOf(
  chosen: ColumnChoices,
  names: readonly string[] | undefined,
  columns: number,
  option: string,
): number[] {
  return chosen.map((choice) => {
    const position = typeof choice === 'number' ? choice : (names?.indexOf(choice) ?? -1);
    if (position >= 0 && position < columns) return position;
    throw new OptionError(
      'option/invalid',
      typeof choice === 'number'
        ? `${option} names column ${choice}; x has columns 0 to ${columns - 1}.`
        : `${option} names a column '${choice}', which x does not have.${suggestion(choice, names ?? [])}${names === undefined ? ' Its columns have no names; give positions.' : ''}`,
      { option, column: choice },
    );
  });
}

/**
 * Learns the categories of the columns of text and of those that are named.
 * @param most Numbers that a column may take; where it has more levels, the rarest share one.
 * @throws OptionError for a column that is not there; DataError for one of dates, or an infinity among codes.
 */
export function learnTreeCategories(
  x: Frame | Matrix,
  named: ColumnChoices | null,
  most: number,
  model: string,
): ColumnCategories[] {
  const isFrame = x instanceof Frame;
  const columns = isFrame ? x.names.length : x.columns;
  const positions = new Set(positionsOf(named ?? [], x.names, columns, 'categoricalFeatures'));
  if (isFrame) {
    for (const [j, [, column]] of x.entries().entries()) if (column.kind === 'string') positions.add(j);
  }
  return [...positions]
    .sort((a, b) => a - b)
    .map((column) => {
      const name = x.names?.[column] ?? `x${column}`;
      const coded = codeColumn(name, columnAt(x, column), model);
      const { categories, counts } = learnCategories(coded, {
        model,
        given: undefined,
        refusesUnknown: false,
      });
      // A missing value is no category: trees know it as such.
      return { ...categories, hasMissing: false, column, codes: codesByCount(counts, categories, most) };
    });
}

/** How many categories each column has, as numbers; 0 for columns of numbers. Undefined when there are none. */
export function categoryCounts(
  categories: readonly ColumnCategories[],
  columns: number,
): Int32Array | undefined {
  if (categories.length === 0) return undefined;
  const counts = new Int32Array(columns);
  for (const { column, codes } of categories)
    counts[column] = codes.reduce((most, code) => Math.max(most, code + 1), 0);
  return counts;
}

function codesByCount(counts: Int32Array, { levels }: LearnedCategories, most: number): Int32Array {
  const codes = Int32Array.from({ length: levels.length }, (_, place) => place);
  if (levels.length <= most) return codes;
  const byCount = codes.slice().sort((a, b) => counts[b]! - counts[a]! || a - b);
  codes.fill(most - 1);
  for (const [code, place] of byCount
    .slice(0, most - 1)
    .sort()
    .entries())
    codes[place] = code;
  return codes;
}

function columnAt(x: Frame | Matrix, column: number): Column {
  if (x instanceof Frame) return x.column(x.names[column]!);
  return { kind: 'number', values: x.column(column) };
}

/**
 * A table as numbers: categories by their codes, unknown and missing ones as NaN.
 * @throws DataError naming a column that holds no text where it did when the model was fitted, or text where it held numbers.
 */
export function encodeTable(x: Frame | Matrix, categories: readonly ColumnCategories[] = []): Matrix {
  if (categories.length === 0) return x instanceof Matrix ? x : x.toMatrix();
  const coded = categories.map((own) => ({ own, values: codesOf(columnAt(x, own.column), own) }));
  if (x instanceof Frame) {
    return coded
      .reduce((frame, { own, values }) => frame.with(frame.names[own.column]!, { kind: 'number', values }), x)
      .toMatrix();
  }
  const { rows, columns, names } = x;
  const data = sharedArray(Float64Array, x.data.length);
  data.set(x.data);
  for (const { own, values } of coded)
    for (let i = 0; i < rows; i++) data[i * columns + own.column] = values[i]!;
  return new Matrix({ rows, columns, names, data });
}

function codesOf(column: Column, own: ColumnCategories): Float64Array {
  if ((own.kind === 'string') !== (column.kind === 'string') || column.kind === 'date') {
    throw new DataError(
      'data/column-kind',
      `Column '${own.name}' held ${own.kind}s when the model was fitted, but now holds ${column.kind}s.`,
      { column: own.name, expected: own.kind, kind: column.kind },
    );
  }
  const coded = codeColumn(own.name, column, 'the model');
  const numbers = Float64Array.from(placesOf(own, coded), (place) => own.codes[place] ?? Number.NaN);
  const values = sharedArray(Float64Array, coded.codes.length);
  for (let i = 0; i < values.length; i++) values[i] = numbers[coded.codes[i]! + 1]!;
  return values;
}

/** The number that stands for a text of a column; NaN for an unknown one. */
export function codeOfText(
  categories: readonly ColumnCategories[] = [],
  column: number,
  text: string,
): number {
  const own = categories.find((one) => one.column === column);
  if (own === undefined) return Number.NaN;
  const codes = Int32Array.of(0);
  const [, place] = placesOf(own, { name: own.name, kind: 'string', codes, levels: [text] });
  return own.codes[place!] ?? Number.NaN;
}

/** A row whose texts are codes already, with its other categories as codes too; the row itself where there are none. */
export function encodeRow(categories: readonly ColumnCategories[] = [], row: Float64Array): Float64Array {
  const numeric = categories.filter(({ kind }) => kind !== 'string');
  if (numeric.length === 0) return row;
  const coded = row.slice();
  for (const own of numeric) {
    const value = row[own.column]!;
    const level = { name: own.name, kind: 'number' as const, codes: Int32Array.of(0), levels: [value] };
    const place = Number.isNaN(value) ? -1 : placesOf(own, level)[1]!;
    coded[own.column] = own.codes[place] ?? Number.NaN;
  }
  return coded;
}

/** The levels that a code stands for, in order. */
export function levelsOfCode(
  { levels, codes }: ColumnCategories,
  code: number,
): (string | number | boolean)[] {
  return Array.from(levels as ArrayLike<string | number | boolean>).filter(
    (_, place) => codes[place] === code,
  );
}
