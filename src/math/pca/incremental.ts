/**
 * Principal components of rows that come in batches: the directions so far, each as long as its singular value, the batch about its
 * mean and one row for the distance of the two means have, stacked, nearly the singular vectors of all rows seen.
 * Source: D. Ross, J. Lim, R.-S. Lin and M.-H. Yang, "Incremental learning for robust visual tracking", IJCV 77 (2008), section 3.1.
 */
import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Workers } from '../least-squares-problem.ts';
import { singularVectors } from './exact.ts';
import { fixSigns } from './spectrum.ts';

/** What is known after some batches. */
export interface SeenRows {
  readonly rows: number;
  readonly mean: Float64Array;
  /** Σ (x − mean)² of each column. */
  readonly squares: Float64Array;
  /** Row-major, components × columns. */
  readonly components: Float64Array;
  readonly singularValues: Float64Array;
  /** Mean variance along the directions of the last stack that were left out. */
  readonly noiseVariance: number;
}

/** The components of the rows seen and a batch; `count` of them. */
export async function addBatch(
  workers: Workers,
  seen: SeenRows | undefined,
  batch: Matrix,
  count: number,
): Promise<SeenRows> {
  const { columns } = batch;
  const own = momentsOf(batch);
  const earlier = seen?.rows ?? 0;
  const rows = earlier + batch.rows;
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const apart = seen === undefined ? 0 : own.mean[j]! - seen.mean[j]!;
    mean[j] = seen === undefined ? own.mean[j]! : seen.mean[j]! + (apart * batch.rows) / rows;
    // T. Chan, G. Golub and R. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
    squares[j] = own.squares[j]! + (seen?.squares[j] ?? 0) + (apart ** 2 * earlier * batch.rows) / rows;
  }
  const stack = stackOf(seen, batch, own.mean, rows);
  const { singularValues, rightVectors } = await singularVectors(workers, stack);
  const components = rightVectors.slice(0, count * columns);
  fixSigns(components, columns);
  const left = singularValues.subarray(count);
  const hasNoise = count !== batch.rows && count !== columns && left.length > 0;
  const noise = hasNoise ? left.reduce((sum, s) => sum + s ** 2, 0) / left.length / (rows - 1) : 0;
  return {
    rows,
    mean,
    squares,
    components,
    singularValues: singularValues.slice(0, count),
    noiseVariance: noise,
  };
}

function stackOf(seen: SeenRows | undefined, batch: Matrix, batchMean: Float64Array, rows: number): Matrix {
  const { columns } = batch;
  const kept = seen?.singularValues.length ?? 0;
  const height = batch.rows + (seen === undefined ? 0 : kept + 1);
  const data = sharedArray(Float64Array, height * columns);
  for (let k = 0; k < kept; k++) {
    for (let j = 0; j < columns; j++) {
      data[k * columns + j] = seen!.singularValues[k]! * seen!.components[k * columns + j]!;
    }
  }
  for (let i = 0; i < batch.rows; i++) {
    const to = (kept + i) * columns;
    for (let j = 0; j < columns; j++) data[to + j] = batch.data[i * columns + j]! - batchMean[j]!;
  }
  if (seen !== undefined) {
    const factor = Math.sqrt((seen.rows / rows) * batch.rows);
    for (let j = 0; j < columns; j++)
      data[(height - 1) * columns + j] = factor * (seen.mean[j]! - batchMean[j]!);
  }
  return new Matrix({ rows: height, columns, data, names: batch.names });
}

function momentsOf({ rows, columns, data }: Matrix): { mean: Float64Array; squares: Float64Array } {
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) mean[j]! += (data[i * columns + j]! - mean[j]!) / (i + 1);
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) squares[j]! += (data[i * columns + j]! - mean[j]!) ** 2;
  }
  return { mean, squares };
}
