import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { type Category, codeColumn } from '../category.ts';
import { encoderOptions, givenCategories } from '../encoder-options.ts';
import { learnCategories, listCategories } from '../learned-categories.ts';
import { rareCategories } from '../rare-categories.ts';
import { writeMatrix } from '../write-matrix.ts';
import { codeNodes } from './code-nodes.ts';
import { decodeRows, MODEL, type OrdinalColumn, orderCategories, writeCodes } from './codes.ts';

interface OrdinalEncoderState {
  readonly columns: readonly OrdinalColumn[];
}

export interface OrdinalEncoderAttributes {
  /** The categories of each column, in order; null is the missing value. */
  readonly categories: readonly (readonly Category[])[];
  /** The categories of each column that share a number; null where there are none. */
  readonly infrequentCategories: readonly (readonly Category[] | null)[];
  readonly featureNamesOut: readonly string[];
}

/**
 * Turns each category into its number, 0, 1, … in the order of the categories. Text, numbers and booleans; a missing value becomes
 * `encodedMissingValue`, or an unknown category where the training rows had none. Options and defaults of scikit-learn's
 * OrdinalEncoder; an option that is NaN there is null here.
 * @throws DataError naming the column and row of an unknown category, unless `handleUnknown` says otherwise; naming a column of
 *   dates, or an infinity. OptionError when `unknownValue` or `encodedMissingValue` is the number of a category.
 */
export const ordinalEncoder = defineTransformer({
  name: MODEL,
  module: import.meta.url,
  summary: 'Turns categories into whole numbers.',
  use: 'For categories in front of models of trees, or for categories that have an order.',
  input: 'frame',
  missing: 'accepted',
  weighted: false,
  options: z.strictObject({
    categories: encoderOptions.categories,
    handleUnknown: option(
      z.enum(['error', 'useEncodedValue']).default('error'),
      'A category that was not in the training rows: refuse it, or encode it as unknownValue.',
    ),
    unknownValue: option(
      z.int().nullable().optional(),
      "The number of unknown categories under handleUnknown 'useEncodedValue'; null is NaN.",
    ),
    encodedMissingValue: option(
      z.number().nullable().default(null),
      'The number of missing values; null keeps them missing (NaN).',
    ),
    minFrequency: encoderOptions.minFrequency,
    maxCategories: encoderOptions.maxCategories,
  }),
  check({ handleUnknown, unknownValue }) {
    if ((handleUnknown === 'useEncodedValue') === (unknownValue !== undefined)) return;
    throw new OptionError(
      'option/invalid',
      handleUnknown === 'error'
        ? `${MODEL}: option 'unknownValue' goes with handleUnknown 'useEncodedValue' only.`
        : `${MODEL}: handleUnknown 'useEncodedValue' needs the option 'unknownValue', a whole number or null (NaN).`,
      { option: 'unknownValue' },
    );
  },
  fit(options, { x, rows }, job): OrdinalEncoderState {
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
        // A missing value has its own number, however rare.
        const rare = rareCategories(counts.subarray(0, categories.levels.length), rows, options);
        return orderCategories(categories, rare, options);
      }),
    };
  },
  transform({ columns }, x, job, options) {
    const shape = { rows: x.rows, columns: columns.length, names: x.names };
    return writeMatrix(shape, (block) => writeCodes(job, columns, x, block, options));
  },
  transformInto: ({ columns }, x, block, job, options) => writeCodes(job, columns, x, block, options),
  inverseTransform: ({ columns }, x, job, options) => decodeRows(job, columns, x, options),
  onnx: ({ columns }, x, graph, options) => codeNodes(graph, columns, x, options),
  attributes({ columns }: OrdinalEncoderState): OrdinalEncoderAttributes {
    const categories = columns.map((column) => listCategories(column.categories));
    return {
      categories,
      infrequentCategories: columns.map(({ rare }, j) =>
        rare.length === 0 ? null : Array.from(rare, (place) => categories[j]![place]!),
      ),
      featureNamesOut: columns.map((column) => column.categories.name),
    };
  },
});
