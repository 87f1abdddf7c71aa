import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';

/** Distances of rows that clusters are built on; `precomputed`: the table is the square matrix of distances. */
export const linkageMetrics = [
  'euclidean',
  'sqeuclidean',
  'manhattan',
  'chebyshev',
  'cosine',
  'correlation',
  'precomputed',
] as const;
export type LinkageMetric = (typeof linkageMetrics)[number];
export type RowMetric = Exclude<LinkageMetric, 'precomputed'>;

/** What the kernels call a metric. */
export function metricCode(metric: RowMetric): number {
  return { chebyshev: 0, manhattan: 1, euclidean: 2, sqeuclidean: 3, cosine: 4, correlation: 4 }[metric];
}

/** Rows column by column, `stride` numbers a column, padded with zeros; those of a cosine have length 1. */
export interface ColumnwiseRows {
  readonly data: Float64Array;
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Rows as the kernels read them.
 * @throws DataError for rows that have no direction (cosine, correlation), and for values whose distances overflow.
 */
export function columnwiseRows(x: Matrix, metric: RowMetric, multiple: number): ColumnwiseRows {
  const { rows, columns } = x;
  const stride = Math.ceil(rows / multiple) * multiple;
  const isAngle = metric === 'cosine' || metric === 'correlation';
  const data = new Float64Array(stride * columns);
  for (let i = 0; i < rows; i++) {
    const values = isAngle ? unitRow(x, i, metric) : x.row(i);
    for (let j = 0; j < columns; j++) data[j * stride + i] = values[j]!;
  }
  if (!isAngle) requireFiniteDistances(x, metric);
  return { data, stride, rows, columns };
}

function unitRow(x: Matrix, row: number, metric: RowMetric): Float64Array {
  const values = Float64Array.from(x.row(row));
  if (metric === 'correlation') {
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    for (let j = 0; j < values.length; j++) values[j]! -= mean;
  }
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const length = most * Math.sqrt(values.reduce((sum, value) => sum + (value / (most || 1)) ** 2, 0));
  if (!(length > 0 && length < Number.POSITIVE_INFINITY)) {
    const what = metric === 'cosine' ? 'holds only zeros' : 'holds the same value in every column';
    throw new DataError(
      'data/no-direction',
      `Row ${row} ${what}, so its ${metric} distance from others is not defined. Leave the row out or choose another metric.`,
      { row, metric },
    );
  }
  for (let j = 0; j < values.length; j++) values[j]! /= length;
  return values;
}

function requireFiniteDistances({ rows, columns, data, names }: Matrix, metric: RowMetric): void {
  const power = metric === 'euclidean' || metric === 'sqeuclidean' ? 2 : 1;
  let sum = 0;
  for (let j = 0; j < columns; j++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < rows; i++) {
      const value = data[i * columns + j]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    sum += (high - low) ** power;
    if (sum < Number.MAX_VALUE) continue;
    const column = names?.[j] ?? j;
    throw new DataError(
      'data/too-large',
      `Column ${typeof column === 'string' ? `'${column}'` : column} holds values so far apart that distances overflow. Divide it by a constant first.`,
      { column },
    );
  }
}
