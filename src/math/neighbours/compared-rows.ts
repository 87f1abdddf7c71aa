import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Metric } from './metric.ts';
import { unitRows } from './unit-rows.ts';

/** Rows in the coordinates that are compared, row-major. */
export interface ComparedRows {
  readonly data: Float64Array;
  readonly columns: number;
}

/**
 * Rows as distances are taken of them: of length 1 and two columns wider for the cosine distance, points on the unit sphere for haversine (chords order as arcs
 * do), else as they are.
 * @throws DataError for haversine unless there are two columns.
 */
export function comparedRows(x: Matrix, metric: Metric, role: 'indexed' | 'asked'): ComparedRows {
  const { data, columns } = x;
  if (metric.name === 'cosine') return { data: unitRows(data, columns, role), columns: columns + 2 };
  if (metric.name !== 'haversine') return { data, columns };
  if (columns !== 2) {
    throw new DataError(
      'data/column-count',
      `The haversine distance takes two columns, latitude and longitude in radians, but x has ${columns}.`,
      { expected: 2, columns },
    );
  }
  const points = sharedArray(Float64Array, 3 * x.rows);
  for (let i = 0; i < x.rows; i++) {
    const [latitude, longitude] = [data[2 * i]!, data[2 * i + 1]!];
    points[3 * i] = Math.cos(latitude) * Math.cos(longitude);
    points[3 * i + 1] = Math.cos(latitude) * Math.sin(longitude);
    points[3 * i + 2] = Math.sin(latitude);
  }
  return { data: points, columns: 3 };
}
