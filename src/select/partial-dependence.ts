import { OptionError } from '../core/errors.ts';
import { type Column, Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { sharedArray } from '../core/shared.ts';
import { columnCount, type Table, type TableLike, toSharedTable } from '../core/table.ts';
import { applyFitted, type FittedModel } from '../define/fitted.ts';
import type { JobOptions } from '../jobs/job.ts';
import { columnLabels, placeOfColumn } from './column-places.ts';
import { requireKnownOptions } from './cross-validate/known-options.ts';
import { requireCount } from './search/search-options.ts';

export interface PartialDependenceOptions extends Pick<JobOptions, 'threads' | 'signal' | 'onProgress'> {
  /** A column, or two whose values are varied together; by name, or by number where `x` has no names. */
  readonly features: string | number | readonly [string | number, string | number];
  /** Values of a column of numbers; columns with fewer distinct ones are shown at those. Default 100. */
  readonly gridResolution?: number | undefined;
  /** Shares of the rows below the first and the last value of the grid. Default [0.05, 0.95]. */
  readonly percentiles?: readonly [number, number] | undefined;
  /** Whether the predictions of each row are wanted beside their mean. Default false. */
  readonly individual?: boolean | undefined;
  /** Weights of the rows in the mean. */
  readonly sampleWeight?: ArrayLike<number> | undefined;
}

/** One value of a grid. */
export type GridValue = number | string | boolean;

export interface PartialDependence {
  /** One name a column. */
  readonly names: readonly string[];
  /** The values of each column. */
  readonly grid: readonly (readonly GridValue[])[];
  /** What the rows of `average` are about: of two classes the second (the positive one), of more each; null for a regressor. */
  readonly labels: readonly (string | number | boolean | null)[];
  /** Mean prediction, labels × points of the grid, the last column's values fastest. */
  readonly average: Matrix;
  /** Predictions of the first label, rows × points of the grid; only when asked for. */
  readonly individual: Matrix | undefined;
}

const optionNames = [
  ...['features', 'gridResolution', 'percentiles', 'individual', 'sampleWeight'],
  ...['threads', 'signal', 'onProgress'],
];
/** Cells of a table in which several values are predicted at once. */
const STACKED_CELLS = 2_000_000;

/**
 * How the prediction depends on one or two columns: the mean over the rows of `x` of what the model predicts when all of them have the same value
 * there (J. H. Friedman, "Greedy function approximation", 2001), scikit-learn's `partial_dependence` by brute force. With `individual` also each
 * row's own curve (A. Goldstein et al., "Peeking inside the black box", 2015). A classifier is shown by its probabilities.
 * @throws OptionError for an unknown column or option, or a model that predicts neither values nor probabilities; AbortError.
 */
export async function partialDependence(
  model: FittedModel,
  x: TableLike,
  options: PartialDependenceOptions,
): Promise<PartialDependence> {
  requireKnownOptions('partialDependence', options, optionNames);
  const { gridResolution = 100, percentiles = [0.05, 0.95], individual = false, sampleWeight } = options;
  requireCount('gridResolution', gridResolution, 2);
  requirePercentiles(percentiles);
  const table = await toSharedTable(x);
  const { rows } = table;
  const weights = weightsOf(sampleWeight, rows);
  const names = columnLabels(table);
  const places = [options.features]
    .flat()
    .map((one) => placeOfColumn(one as string | number, names, 'features'));
  const grid = places.map((place) => gridOf(columnAt(table, place), gridResolution, percentiles));
  const points = grid.reduce<GridValue[][]>(
    (lists, values) => lists.flatMap((list) => values.map((value) => [...list, value])),
    [[]],
  );
  const { labels, method, outputs, take } = responseOf(model);
  const average = Matrix.zeros(labels.length, points.length);
  const each = individual ? Matrix.zeros(rows, points.length) : undefined;
  const step = Math.max(1, Math.floor(STACKED_CELLS / (rows * columnCount(table))));
  for (let from = 0; from < points.length; from += step) {
    const block = points.slice(from, from + step);
    const stacked = table.take(Int32Array.from({ length: rows * block.length }, (_, i) => i % rows)) as Table;
    const set = places.reduce(
      (changed, place, c) =>
        withValues(
          changed,
          place,
          block.map((point) => point[c]!),
          rows,
        ),
      stacked,
    );
    const { threads, signal } = options;
    const output = (await applyFitted(model, method, set, { threads, signal })) as Float64Array;
    for (const [k] of block.entries()) {
      for (const [l, label] of take.entries()) {
        let sum = 0;
        for (let i = 0; i < rows; i++) {
          const value = output[(k * rows + i) * outputs + label]!;
          sum += weights.values[i]! * value;
          if (l === 0 && each !== undefined) each.data[i * points.length + from + k] = value;
        }
        average.data[l * points.length + from + k] = sum / weights.total;
      }
    }
    options.onProgress?.({ fraction: Math.min(1, (from + step) / points.length), message: 'predicting' });
  }
  return { names: places.map((place) => names[place]!), grid, labels, average, individual: each };
}

interface Response {
  readonly labels: PartialDependence['labels'];
  readonly method: 'predict' | 'predictProba';
  /** Numbers a row, and which of them are shown. */
  readonly outputs: number;
  readonly take: readonly number[];
}

function responseOf({ target, specification }: FittedModel): Response {
  const { name, kind, definition } = specification as FittedModel['specification'] & {
    readonly kind: string;
  };
  if (target.kind === 'values') {
    const take = Array.from({ length: target.targets }, (_, k) => k);
    return { labels: take.map(() => null), method: 'predict', outputs: target.targets, take };
  }
  if (target.kind !== 'classes' || !('predictProba' in definition)) {
    throw new OptionError(
      'model/no-method',
      `partialDependence is about predicted values or probabilities, which ${name} (a ${kind}) does not give. Wrap a classifier in calibratedClassifier.`,
      { model: name },
    );
  }
  const { classes, positiveClass } = target;
  const take =
    classes.length === 2 ? [Math.max(0, classes.indexOf(positiveClass as never))] : [...classes.keys()];
  return {
    labels: take.map((k) => classes[k] as string),
    ...{ method: 'predictProba', outputs: classes.length, take },
  };
}

function requirePercentiles([low, high]: readonly [number, number]): void {
  if (low >= 0 && low < high && high <= 1) return;
  throw new OptionError(
    'option/invalid',
    `percentiles are two shares of the rows, 0 ≤ low < high ≤ 1, not [${low}, ${high}].`,
    { option: 'percentiles' },
  );
}

function weightsOf(
  given: ArrayLike<number> | undefined,
  rows: number,
): { values: ArrayLike<number>; total: number } {
  if (given === undefined) return { values: new Float64Array(rows).fill(1), total: rows };
  let total = 0;
  for (let i = 0; i < given.length; i++) total += given[i]! >= 0 ? given[i]! : Number.NaN;
  if (given.length === rows && total > 0) return { values: given, total };
  throw new OptionError(
    'option/invalid',
    `sampleWeight needs ${rows} numbers of at least 0, not all of them 0.`,
    {
      option: 'sampleWeight',
    },
  );
}

function columnAt(table: Table, place: number): Column {
  if (table instanceof Frame) return table.column(table.names[place]!);
  return { kind: 'number', values: table.column(place) };
}

/** The values at which a column is shown: all of few, else evenly between two quantiles. */
function gridOf(column: Column, resolution: number, [low, high]: readonly [number, number]): GridValue[] {
  if (column.kind === 'string') {
    const present = new Set(column.codes);
    return column.levels.filter((_, code) => present.has(code));
  }
  const { missing } = column;
  const values = Float64Array.from(column.values).filter(
    (value, i) => !Number.isNaN(value) && missing?.[i] !== 1,
  );
  const sorted = values.sort();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (column.kind === 'boolean') return Array.from(distinct, Boolean);
  if (distinct.length < resolution) return Array.from(distinct);
  const [first, last] = [quantile(sorted, low), quantile(sorted, high)];
  if (!(first < last)) {
    throw new OptionError(
      'option/invalid',
      `Between the percentiles ${low} and ${high} the column has one value, ${first}. Widen percentiles.`,
      { option: 'percentiles' },
    );
  }
  return Array.from({ length: resolution }, (_, i) => first + ((last - first) * i) / (resolution - 1));
}

/** SciPy's `mquantiles` with its defaults (α = β = 0.4), whose grid scikit-learn takes. */
function quantile(sorted: Float64Array, p: number): number {
  const n = sorted.length;
  const place = n * p + 0.4 + 0.2 * p;
  const k = Math.floor(Math.min(Math.max(place, 1), n - 1));
  const share = Math.min(Math.max(place - k, 0), 1);
  return (1 - share) * sorted[k - 1]! + share * sorted[k]!;
}

/** The column at `place` with the k-th value in the k-th group of `rows` rows. */
function withValues(table: Table, place: number, values: readonly GridValue[], rows: number): Table {
  if (table instanceof Frame) {
    const name = table.names[place]!;
    return table.with(name, repeatedColumn(table.column(name), values, rows));
  }
  // Rows that were taken for this call: nobody else sees them.
  const { data, columns } = table;
  for (const [k, value] of values.entries()) {
    for (let i = k * rows; i < (k + 1) * rows; i++) data[i * columns + place] = value as number;
  }
  return table;
}

function repeatedColumn(column: Column, values: readonly GridValue[], rows: number): Column {
  const fill = <A extends Float64Array | Int32Array | Uint8Array>(
    array: A,
    of: (value: GridValue) => number,
  ): A => {
    for (const [k, value] of values.entries()) array.fill(of(value), k * rows, (k + 1) * rows);
    return array;
  };
  const count = rows * values.length;
  switch (column.kind) {
    case 'string': {
      const { levels } = column;
      return {
        kind: 'string',
        levels,
        codes: fill(sharedArray(Int32Array, count), (v) => levels.indexOf(v as string)),
      };
    }
    case 'boolean':
      return { kind: 'boolean', values: fill(sharedArray(Uint8Array, count), Number) };
    default:
      return { kind: column.kind, values: fill(sharedArray(Float64Array, count), Number) };
  }
}
