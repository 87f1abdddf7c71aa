import { DataError } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';
import type { Team } from '../kernels/host/team.ts';
import type { PlacedColumns } from './column-form.ts';

export interface ColumnsOptions {
  /** Row-major, rows × targets. */
  readonly y: Float64Array;
  readonly targets: number;
  readonly sampleWeight: Float64Array | undefined;
  /** Subtract weighted means from the columns and the targets. */
  readonly center: boolean;
  readonly checkpoint: (() => void) | undefined;
}

export interface CenteredColumns extends PlacedColumns {
  readonly center: Float64Array;
  readonly targetCenter: Float64Array;
  /** √(s_i / Σ s) (y_i − ȳ) */
  target(target: number): Float64Array;
}

/** Rows turned into columns at a time: their lines of the cache are used up before they leave it. */
const BLOCK_ROWS = 32;

/** Places a table column by column: √(s_i / Σ s) (x_ij − μ_j), so that sums of squares are weighted means. */
export function placeColumns(team: Team, matrix: Matrix, options: ColumnsOptions): CenteredColumns {
  const { rows, columns, data } = matrix;
  const { y, targets, sampleWeight, center: centered, checkpoint } = options;
  const shares = new Float64Array(rows).fill(1);
  if (sampleWeight !== undefined) shares.set(sampleWeight);
  const total = shares.reduce((sum, s) => sum + s, 0);
  if (!(total > 0)) {
    throw new DataError('data/no-weight', 'No row has a positive weight, so there is nothing to fit.', {
      rows,
    });
  }
  for (let i = 0; i < rows; i++) shares[i]! /= total;
  const center = centered ? weightedMeans(data, shares, columns) : new Float64Array(columns);
  const targetCenter = centered ? weightedMeans(y, shares, targets) : new Float64Array(targets);
  const roots = shares.map(Math.sqrt);
  const stride = Math.max(4, Math.ceil(rows / 4) * 4);
  const x = team.arena.f64(stride * columns);
  const values = team.arena.viewF64(x, stride * columns);
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const to = Math.min(rows, from + BLOCK_ROWS);
    for (let j = 0; j < columns; j++) {
      const column = j * stride;
      const mean = center[j]!;
      for (let i = from; i < to; i++) values[column + i] = roots[i]! * (data[i * columns + j]! - mean);
    }
    checkpoint?.();
  }
  for (let j = 0; j < columns; j++) values.fill(0, j * stride + rows, (j + 1) * stride);
  return {
    ...{ x, stride, columns, rows, center, targetCenter },
    target: (t) => roots.map((root, i) => root * (y[i * targets + t]! - targetCenter[t]!)),
  };
}

/** Shifted by the first row, so that a large mean costs no digits of a small spread. */
function weightedMeans(data: Float64Array, shares: Float64Array, columns: number): Float64Array {
  const origin = data.slice(0, columns);
  const means = new Float64Array(columns);
  for (let i = 0, at = 0; i < shares.length; i++) {
    for (let j = 0; j < columns; j++, at++) means[j]! += shares[i]! * (data[at]! - origin[j]!);
  }
  for (let j = 0; j < columns; j++) means[j]! += origin[j]!;
  return means;
}
