import type { Matrix } from '../../core/matrix.ts';
import { makeDesign } from '../design.ts';
import type { Workers } from '../least-squares-problem.ts';
import { centredGram } from '../normal-equations.ts';
import { reduceByCentring, reduceByQr } from '../reduce.ts';
import { refuseOverflow } from '../refuse-overflow.ts';
import { symmetricEigen } from '../symmetric-eigen/symmetric-eigen.ts';
import { type ThinSvd, thinSvd } from '../thin-svd.ts';
import { columnSquares, type Spectrum } from './spectrum.ts';

const problemOf = (x: Matrix, fitIntercept = true) => ({
  x,
  y: new Float64Array(0),
  targets: 0,
  fitIntercept,
});

/**
 * By the eigenvectors of the covariance matrix, which one pass over the rows gives. Variances below ε times the largest are rounding
 * errors.
 * @throws DataError naming a column whose squares overflow.
 */
export async function spectrumOfCovariance(workers: Workers, x: Matrix): Promise<Spectrum> {
  const { rows, columns } = x;
  const { design, means, xx } = await centredGram(workers, makeDesign(problemOf(x)));
  const scale = design.scale.subarray(1, 1 + columns);
  const covariance = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < columns; j++) {
      covariance[i * columns + j] = xx[i * columns + j]! / scale[i]! / scale[j]! / (rows - 1);
    }
  }
  const diagonal = Float64Array.from({ length: columns }, (_, j) => covariance[j * columns + j]!);
  refuseOverflow(x, diagonal);
  const { values, vectors } = symmetricEigen(workers, covariance, columns);
  const components = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    components.set(vectors.subarray((columns - 1 - i) * columns, (columns - i) * columns), i * columns);
  }
  const variances = values.reverse().map((value) => Math.max(0, value));
  return { mean: meansOf(design, means, columns), components, variances, totalVariance: sumOf(variances) };
}

/** By the singular values of the centred table itself: as many digits for the small variances as for the large. */
export async function spectrumOfRows(workers: Workers, x: Matrix): Promise<Spectrum> {
  const { singularValues, rightVectors, mean } = await decompose(workers, x, 'centred');
  const variances = singularValues.map((value) => (value / (x.rows - 1)) * value);
  refuseOverflow(x, new Float64Array(x.columns).fill(sumOf(variances)));
  return { mean, components: rightVectors, variances, totalVariance: sumOf(variances) };
}

/** Singular values, descending, and right singular vectors as rows, of the table as it is. */
export function singularVectors(workers: Workers, x: Matrix): Promise<ThinSvd> {
  return decompose(workers, x, 'raw');
}

async function decompose(
  workers: Workers,
  x: Matrix,
  form: 'centred' | 'raw',
): Promise<ThinSvd & { readonly mean: Float64Array }> {
  const { rows, columns } = x;
  const { arena } = workers.team;
  return arena.scopeAsync(async () => {
    const start = makeDesign(problemOf(x, form === 'centred'));
    const { design, matrix, means } =
      rows > columns ? await reduceByQr(workers, start) : reduceByCentring(workers, start);
    const scale = design.scale.subarray(1, 1 + columns);
    const reduced = new Float64Array(matrix.rows * columns);
    for (let j = 0; j < columns; j++) {
      const column = arena.viewF64(matrix.pointer + 8 * j * matrix.stride, matrix.rows);
      for (let i = 0; i < matrix.rows; i++) reduced[i * columns + j] = column[i]! / scale[j]!;
    }
    // Before rotations that would never come to an end on what is not finite.
    refuseOverflow(x, columnSquares(reduced, columns));
    const found = thinSvd(workers, reduced, matrix.rows, columns);
    return { ...found, mean: meansOf(design, means, columns) };
  });
}

/** Means of the columns from those about the shift, in the scaled units. */
function meansOf(
  { shift, scale }: ReturnType<typeof makeDesign>,
  means: Float64Array,
  columns: number,
): Float64Array {
  return Float64Array.from({ length: columns }, (_, j) => shift[1 + j]! + means[1 + j]! / scale[1 + j]!);
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
