import { DataError, OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { type Column, countMissing, Frame } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { Job } from '../../jobs/job.ts';
import { type Category, codeColumn, mostFrequent } from '../category.ts';
import { momentsOf } from '../moments.ts';
import { infiniteError, type NumberView, namesOf, numbersOf, numberViews, viewOf } from '../number-view.ts';
import { mediansOf } from './medians.ts';
import { surveyOf } from './survey.ts';

export type FillValue = number | string | boolean;

/** What was learned of one column. */
export interface ImputedColumn {
  readonly name: string;
  /** Null: the column had no value and is left out. */
  readonly fill: FillValue | null;
  /** Rows without a value in `fit`. */
  readonly missing: number;
}

export interface SimpleImputerState {
  readonly columns: readonly ImputedColumn[];
  /** Positions of the columns that had missing values in `fit` and get an indicator. */
  readonly indicator: Int32Array;
}

export interface ImputerOptions {
  readonly strategy: 'mean' | 'median' | 'mostFrequent' | 'constant';
  readonly fillValue?: FillValue | undefined;
  readonly keepEmptyFeatures: boolean;
}

const MODEL = 'simple-imputer';

/** What fills each column of `x`. @throws DataError, OptionError naming the column */
export function fillValuesOf(
  job: Job,
  x: Frame | Matrix,
  rows: number,
  options: ImputerOptions,
): Eventually<ImputedColumn[]> {
  const columns = describeColumns(x);
  requireStatistic(columns, options);
  const withViews = columns.filter(({ view }) => view !== undefined);
  const views = withViews.map(({ view }) => view!);
  return andThen(surveyOf(job, views, rows), (survey) => {
    if (survey.hasInfinity) {
      throw infiniteError(
        views,
        rows,
        withViews.map(({ name }) => name),
        MODEL,
      );
    }
    const missing = columns.map((column) =>
      column.view === undefined ? countMissing(column.column!) : survey.missing[withViews.indexOf(column)]!,
    );
    return andThen(statisticsOf(job, columns, rows, options), (found) =>
      columns.map(({ name, kind }, j) => {
        const empty = options.keepEmptyFeatures ? emptyFill(kind, options) : null;
        return { name, fill: missing[j]! < rows ? found[j]! : empty, missing: missing[j]! };
      }),
    );
  });
}

interface DescribedColumn {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Absent for text. */
  readonly view: NumberView | undefined;
  /** Absent for a column of a matrix. */
  readonly column: Column | undefined;
}

function describeColumns(x: Frame | Matrix): DescribedColumn[] {
  if (!(x instanceof Frame)) {
    const names = namesOf(x);
    return numberViews(x).map((view, j) => ({ name: names[j]!, kind: 'number', view, column: undefined }));
  }
  return x.entries().map(([name, column]) => {
    const { kind } = column;
    if (kind === 'string') return { name, kind, view: undefined, column };
    return { name, kind, view: viewOf(kind === 'boolean' ? numbersOf(column) : column.values), column };
  });
}

function requireStatistic(
  columns: readonly DescribedColumn[],
  { strategy, fillValue }: ImputerOptions,
): void {
  for (const { name, kind } of columns) {
    if (kind === 'string' && (strategy === 'mean' || strategy === 'median')) {
      throw new DataError(
        'data/not-a-number',
        `Column '${name}' holds text, which has no ${strategy}. Use simpleImputer({ strategy: 'mostFrequent' }) or ` +
          "'constant' for it, in a columnTransformer when others are numbers.",
        { column: name, strategy },
      );
    }
    if (strategy !== 'constant') continue;
    if (kind === 'date') {
      throw new DataError(
        'data/column-kind',
        `Column '${name}' holds dates, which no constant fills. Use strategy 'median' or 'mostFrequent', or take them apart with dateParts().`,
        { column: name, kind },
      );
    }
    if (fillValue !== undefined && typeof fillValue !== kind) {
      throw new OptionError(
        'option/invalid',
        `${MODEL}: option 'fillValue' is ${JSON.stringify(fillValue)}, but column '${name}' holds ` +
          `${kind === 'string' ? 'text' : `${kind}s`}. Give each kind of column an imputer of its own in a columnTransformer.`,
        { option: 'fillValue', column: name },
      );
    }
  }
}

const constants = { number: 0, boolean: false, string: 'missing_value', date: 0 } as const;

function emptyFill(kind: Column['kind'], { strategy, fillValue }: ImputerOptions): FillValue {
  if (strategy === 'constant') return fillValue ?? constants[kind];
  return kind === 'string' ? constants.string : kind === 'boolean' && strategy === 'mostFrequent' ? false : 0;
}

/** One value a column; of a column without values whatever. */
function statisticsOf(
  job: Job,
  columns: readonly DescribedColumn[],
  rows: number,
  { strategy, fillValue }: ImputerOptions,
): Eventually<ArrayLike<Category>> {
  switch (strategy) {
    case 'mean':
      return andThen(momentsOf(job, viewsOf(columns), rows), (moments) => moments.map(({ mean }) => mean));
    case 'median':
      return mediansOf(job, viewsOf(columns), rows);
    case 'mostFrequent':
      return columns.map(({ name, column, view }) => {
        const coded = column === undefined || column.kind === 'date' ? numberColumn(view!, rows) : column;
        job.checkpoint();
        return mostFrequent(codeColumn(name, coded, MODEL));
      });
    case 'constant':
      return columns.map(({ kind }) => fillValue ?? constants[kind]);
    default:
      return strategy satisfies never;
  }
}

/** Mean and median are asked for where no column is text only. */
function viewsOf(columns: readonly DescribedColumn[]): NumberView[] {
  return columns.map(({ view }) => view!);
}

function numberColumn({ values, offset, stride }: NumberView, rows: number): Column {
  return {
    kind: 'number',
    values:
      stride === 1 ? values : Float64Array.from({ length: rows }, (_, i) => values[offset + i * stride]!),
  };
}
