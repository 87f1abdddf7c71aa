import { z } from 'zod';
import { choices, option } from '../../core/options.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { type Category, codeColumn } from '../category.ts';
import { encoderOptions, givenCategories } from '../encoder-options.ts';
import { learnCategories, listCategories } from '../learned-categories.ts';
import { rareCategories } from '../rare-categories.ts';
import { writeMatrix } from '../write-matrix.ts';
import { decodeRows } from './decode.ts';
import { writeOnes } from './encode.ts';
import { onesNodes } from './encode-nodes.ts';
import { layOut, namesOfColumns, type OneHotColumn } from './layout.ts';

const MODEL = 'one-hot-encoder';

interface OneHotEncoderState {
  readonly columns: readonly OneHotColumn[];
}

export interface OneHotEncoderAttributes {
  /** The categories of each column, in order; null is the missing value. */
  readonly categories: readonly (readonly Category[])[];
  /** The category of each column that has no column of its own; null where all have. */
  readonly dropIdx: readonly (number | null)[];
  /** The categories of each column that share one; null where there are none. */
  readonly infrequentCategories: readonly (readonly Category[] | null)[];
  /** E.g. `color_red`, `color_nan` for the missing value, `color_infrequent` for the rare ones. */
  readonly featureNamesOut: readonly string[];
}

/**
 * Turns each column into one column of 0 and 1 per category. Text, numbers and booleans; a missing value is a category of its own
 * where the training rows have one. Rare categories can share a column (`minFrequency`, `maxCategories`). Options
 * and defaults of scikit-learn's OneHotEncoder; the result is dense. `inverseTransform` gives the categories back: no
 * column set is the dropped category, else a missing value.
 * @throws DataError naming the column and row of an unknown category, unless `handleUnknown` says otherwise; naming a column of
 *   dates, or an infinity.
 */
export const oneHotEncoder = defineTransformer({
  name: MODEL,
  module: import.meta.url,
  summary: 'Turns categories into one column of 0 and 1 each.',
  use: 'For text and other categories in front of models that take numbers, when there are not too many levels.',
  input: 'frame',
  missing: 'accepted',
  weighted: false,
  options: z.strictObject({
    categories: encoderOptions.categories,
    drop: option(
      z.enum(['first', 'ifBinary']).nullable().default(null),
      "Categories without a column: 'first' of every column, 'ifBinary' the first of two, or null for none.",
      choices(null, 'ifBinary'),
    ),
    handleUnknown: option(
      z.enum(['error', 'ignore', 'infrequentIfExist']).default('error'),
      "A category that was not in the training rows: refuse it, leave all its columns 0 ('ignore'), or count it as rare.",
    ),
    minFrequency: encoderOptions.minFrequency,
    maxCategories: encoderOptions.maxCategories,
  }),
  fit(options, { x, rows }, job): OneHotEncoderState {
    const given = givenCategories(options.categories, x.names.length, MODEL);
    const refusesUnknown = options.handleUnknown === 'error';
    return {
      columns: x.entries().map(([name, column], j) => {
        job.checkpoint();
        const coded = codeColumn(name, column, MODEL);
        const { categories, counts } = learnCategories(coded, {
          model: MODEL,
          given: given[j],
          refusesUnknown,
        });
        return layOut(categories, rareCategories(counts, rows, options), options.drop);
      }),
    };
  },
  transform({ columns }, x, job, { handleUnknown }) {
    const names = namesOfColumns(columns);
    const shape = { rows: x.rows, columns: names.length, names };
    return writeMatrix(shape, (block) => writeOnes(job, columns, x, block, handleUnknown));
  },
  transformInto: ({ columns }, x, block, job, { handleUnknown }) =>
    writeOnes(job, columns, x, block, handleUnknown),
  inverseTransform: ({ columns }, x, job) => decodeRows(job, columns, x),
  onnx: ({ columns }, x, graph, { handleUnknown }) => onesNodes(graph, columns, x, handleUnknown),
  attributes({ columns }: OneHotEncoderState): OneHotEncoderAttributes {
    const categories = columns.map((column) => listCategories(column.categories));
    return {
      categories,
      dropIdx: columns.map(({ grouped, drop }) => (drop < 0 ? null : grouped.indexOf(drop))),
      infrequentCategories: columns.map(({ rare }, j) =>
        rare.length === 0 ? null : Array.from(rare, (place) => categories[j]![place]!),
      ),
      featureNamesOut: namesOfColumns(columns),
    };
  },
});
