import { z } from 'zod';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { Frame } from '../../core/frame.ts';
import { choices, option } from '../../core/options.ts';
import { onnxNames } from '../../define/add-onnx.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { namesOf } from '../number-view.ts';
import { writeMatrix } from '../write-matrix.ts';
import { imputeFrame, imputeMatrixBlock } from './impute.ts';
import { imputeNodes } from './impute-nodes.ts';
import { type FillValue, fillValuesOf, type SimpleImputerState } from './statistics.ts';

export interface SimpleImputerAttributes {
  /** What fills each column of `x`; null for a column without any value, which is left out. A date as milliseconds since 1970. */
  readonly statistics: readonly (FillValue | null)[];
  /** Positions of the columns that have an indicator. */
  readonly indicatorFeatures: Int32Array;
  readonly featureNamesOut: readonly string[];
}

/**
 * Fills missing values by the mean, the median, the most frequent value (the least among equals) or a constant of their column.
 * Text and booleans keep their kind under `mostFrequent` and `constant`; text has no mean or median, booleans count as 0 and 1
 * there. A column without any value is left out with a warning, unless `keepEmptyFeatures` fills it with 0 (or `fillValue`).
 * With `addIndicator` a column `missingindicator_NAME` of 0 and 1 follows for every column that had missing values in `fit`.
 * A matrix gives a matrix, a frame a frame. Options and defaults of scikit-learn's SimpleImputer.
 * @throws DataError naming a column that has no such statistic, or an infinity; OptionError when `fillValue` is of another
 *   kind than a column.
 */
export const simpleImputer = defineTransformer({
  name: 'simple-imputer',
  module: import.meta.url,
  summary: 'Fills missing values by mean, median, most frequent value or a constant.',
  use: 'In front of models that take no missing values.',
  input: 'table',
  missing: 'accepted',
  weighted: false,
  options: z.strictObject({
    strategy: option(
      z.enum(['mean', 'median', 'mostFrequent', 'constant']).default('mean'),
      'What missing values become.',
      choices('mean', 'median', 'mostFrequent'),
    ),
    fillValue: option(
      z.union([z.number(), z.string(), z.boolean()]).optional(),
      "The constant; default: 0 for numbers, false for booleans, 'missing_value' for text.",
    ),
    addIndicator: option(
      z.boolean().default(false),
      'Whether to add a column of 0 and 1 for each column that had missing values.',
      choices(true, false),
    ),
    keepEmptyFeatures: option(
      z.boolean().default(false),
      'Whether to keep columns without any value, filled with 0 (or fillValue), instead of leaving them out.',
    ),
  }),
  fit(options, { x, rows }, job): Eventually<SimpleImputerState> {
    return andThen(fillValuesOf(job, x, rows, options), (columns) => {
      const empty = columns.filter(({ fill }) => fill === null).map(({ name }) => `'${name}'`);
      if (empty.length > 0) {
        job.warn(
          'simple-imputer/empty-column',
          `${empty.length === 1 ? 'Column' : 'Columns'} ${empty.join(', ')} without any value ` +
            `${empty.length === 1 ? 'is' : 'are'} left out. Set keepEmptyFeatures to keep ${empty.length === 1 ? 'it' : 'them'}.`,
        );
      }
      const withGaps = columns.flatMap(({ missing }, j) => (missing > 0 ? [j] : []));
      return { columns, indicator: Int32Array.from(options.addIndicator ? withGaps : []) };
    });
  },
  transform(state, x, job) {
    if (x instanceof Frame) return imputeFrame(job, state, x, outputNames(state, namesOf(x)));
    const names = outputNames(state, namesOf(x));
    const shape = { rows: x.rows, columns: names.length, names: x.names && names };
    return writeMatrix(shape, (block) => imputeMatrixBlock(job, state, x, block));
  },
  transformInto: (state, x, block, job) => imputeMatrixBlock(job, state, x, block),
  onnx: (state, x, graph) => imputeNodes(graph, state, x, outputNames(state, onnxNames(x))),
  attributes: (state: SimpleImputerState): SimpleImputerAttributes => ({
    statistics: state.columns.map(({ fill }) => fill),
    indicatorFeatures: state.indicator,
    featureNamesOut: outputNames(
      state,
      state.columns.map(({ name }) => name),
    ),
  }),
});

function outputNames({ columns, indicator }: SimpleImputerState, names: readonly string[]): string[] {
  const kept = names.filter((_, j) => columns[j]!.fill !== null);
  return [...kept, ...Array.from(indicator, (j) => `missingindicator_${names[j]}`)];
}
