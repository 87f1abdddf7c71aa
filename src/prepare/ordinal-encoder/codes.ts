import { DataError, OptionError } from '../../core/errors.ts';
import type { Eventually } from '../../core/eventually.ts';
import { type Column, Frame } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { ColumnBlock } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { overBlocks } from '../../kernels/host/over-blocks.ts';
import { type Category, codeColumn } from '../category.ts';
import { decodeColumn, INFREQUENT } from '../decode-column.ts';
import { type LearnedCategories, listCategories, placesOf, requireKnown } from '../learned-categories.ts';
import { MAP_ROWS } from '../map-numbers.ts';
import { groupRare } from '../rare-categories.ts';

export const MODEL = 'ordinal-encoder';

/** One column of categories and their numbers. */
export interface OrdinalColumn {
  readonly categories: LearnedCategories;
  /** Places of the categories that share the last number, ascending. */
  readonly rare: Int32Array;
  /** Number of each category but the missing one. */
  readonly numbers: Int32Array;
}

export interface OrdinalValues {
  readonly handleUnknown: 'error' | 'useEncodedValue';
  readonly unknownValue?: number | null | undefined;
  readonly encodedMissingValue: number | null;
}

/** @throws OptionError naming a column in which a value for unknown or missing ones is the number of a category. */
export function orderCategories(
  categories: LearnedCategories,
  rare: Int32Array,
  { unknownValue, encodedMissingValue }: OrdinalValues,
): OrdinalColumn {
  const numbers = groupRare(categories.levels.length, rare);
  const taken = rare.length === 0 ? numbers.length : numbers.length - rare.length + 1;
  const refuse = (option: string, value: number | null | undefined) => {
    if (value === null || value === undefined || value < 0 || value >= taken) return;
    throw new OptionError(
      'option/invalid',
      `${MODEL}: option '${option}' cannot be ${value}: in column '${categories.name}' that is the number of a category. ` +
        `Take a negative number or one from ${taken} up.`,
      { option, column: categories.name },
    );
  };
  refuse('unknownValue', unknownValue);
  if (categories.hasMissing) refuse('encodedMissingValue', encodedMissingValue);
  return { categories, rare, numbers };
}

interface CodesPayload {
  readonly block: ColumnBlock;
  /** `values[c + 1]` is the number of code c. */
  readonly columns: readonly { readonly codes: Int32Array; readonly values: Float64Array }[];
}

export function writeCodes(
  job: Job,
  columns: readonly OrdinalColumn[],
  x: Frame,
  block: ColumnBlock,
  { handleUnknown, unknownValue, encodedMissingValue }: OrdinalValues,
): Eventually<void> {
  const tasks = x.entries().map(([name, column], j) => {
    const { categories, numbers } = columns[j]!;
    const coded = codeColumn(name, column, MODEL);
    const places = placesOf(categories, coded);
    if (handleUnknown === 'error') requireKnown(coded, places, MODEL);
    const values = Float64Array.from(places, (place) => {
      if (place < 0) return unknownValue ?? Number.NaN;
      return place < numbers.length ? numbers[place]! : (encodedMissingValue ?? Number.NaN);
    });
    job.checkpoint();
    return { codes: coded.codes, values };
  });
  const work = {
    module: import.meta.url,
    name: 'writeCodesOfRows' as const,
    run: writeCodesOfRows,
    count: x.rows,
    size: MAP_ROWS,
    cost: 2 * columns.length,
  };
  return overBlocks(job, work, { block, columns: tasks });
}

export function writeCodesOfRows({ block, columns }: CodesPayload, from: number, to: number): void {
  const { data, stride, at } = block;
  for (const [j, { codes, values }] of columns.entries()) {
    for (let i = from, place = at + j + from * stride; i < to; i++, place += stride) {
      data[place] = values[codes[i]! + 1]!;
    }
  }
}

/** @throws DataError naming the column and row of a number that stands for no category. */
export function decodeRows(
  job: Job,
  columns: readonly OrdinalColumn[],
  x: Matrix,
  { handleUnknown, unknownValue, encodedMissingValue }: OrdinalValues,
): Frame {
  if (x.columns !== columns.length) {
    throw new DataError(
      'data/column-count',
      `${MODEL} gives ${columns.length} columns, but the table to turn back has ${x.columns}.`,
      { expected: columns.length, columns: x.columns },
    );
  }
  const none = [encodedMissingValue ?? Number.NaN];
  if (handleUnknown === 'useEncodedValue') none.push(unknownValue ?? Number.NaN);
  return new Frame(
    columns.map(({ categories, rare, numbers }, j): [string, Column] => {
      job.checkpoint();
      const labels: Category[] = [];
      const list = listCategories(categories);
      for (const [place, number] of numbers.entries()) {
        labels[number] = rare.includes(place) ? INFREQUENT : list[place]!;
      }
      const decoded = decodeColumn(categories, x.rows, (row) => {
        const number = x.at(row, j);
        if (number in labels) return labels[number]!;
        if (none.some((value) => Object.is(value, number))) return null;
        throw new DataError(
          'data/unknown-category',
          `Column '${categories.name}' holds ${number} in row ${row}, which is the number of none of its ${labels.length} categories.`,
          { column: categories.name, row },
        );
      });
      return [categories.name, decoded];
    }),
    x.rows,
  );
}
