/**
 * A least-squares problem reduced to few rows: min ‖A β − b‖ over the centred columns, as a column-major matrix [A, b …] in
 * kernel memory that every solution of the original also solves.
 */
import { type Design, isConstant, padded } from './design.ts';
import type { Workers } from './least-squares-problem.ts';
import type { ColumnMatrix } from './pivoted-qr.ts';
import { triangleOfRows } from './row-pass.ts';

export interface Reduced {
  readonly design: Design;
  /** The scaled columns of X, then Y as extra columns; a column constant to rounding errors is 0. */
  readonly matrix: ColumnMatrix;
  /** Means of Z's scaled columns, `width` numbers; 0 without intercept. */
  readonly means: Float64Array;
}

/** By a QR factorisation that streams over the rows; for at least as many rows as columns. */
export async function reduceByQr(workers: Workers, design: Design): Promise<Reduced> {
  const triangle = await triangleOfRows(workers, design);
  const { problem, stride, width } = design;
  const { columns } = problem.x;
  const { arena } = workers.team;
  // The first row of R is √Σw times the signed means.
  const root = triangle[0]!;
  const means = new Float64Array(width);
  if (root !== 0) for (let j = 1; j < width; j++) means[j] = triangle[j]! / root;
  const ld = padded(columns);
  const pointer = arena.zeros((columns + problem.targets) * ld);
  for (let j = 0; j < columns + problem.targets; j++) {
    const column = arena.viewF64(pointer + 8 * j * ld, columns);
    let square = 0;
    for (let i = 0; i < columns; i++) {
      column[i] = j < columns && i > j ? 0 : triangle[(1 + i) * stride + 1 + j]!;
      square += column[i]! ** 2;
    }
    if (j < columns && isConstant(design, j, square, means[1 + j]!, root ** 2)) column.fill(0);
  }
  return {
    design,
    means,
    matrix: { pointer, rows: columns, columns, extra: problem.targets, stride: ld },
  };
}

/** By centring the rows themselves; for fewer rows than columns. */
export function reduceByCentring(workers: Workers, design: Design): Reduced {
  const { problem, shift, scale, width } = design;
  const { x, y, targets, sampleWeight, fitIntercept } = problem;
  const { rows, columns } = x;
  const { arena } = workers.team;
  const ld = padded(rows);
  const pointer = arena.zeros((columns + targets) * ld);
  const roots = Float64Array.from({ length: rows }, (_, i) => Math.sqrt(sampleWeight?.[i] ?? 1));
  let total = 0;
  if (fitIntercept) for (const root of roots) total += root ** 2;
  const means = new Float64Array(width);
  for (let j = 0; j < columns + targets; j++) {
    const column = arena.viewF64(pointer + 8 * j * ld, rows);
    const [data, step, at] = j < columns ? [x.data, columns, j] : [y, targets, j - columns];
    const [m, s] = [shift[1 + j]!, scale[1 + j]!];
    for (let i = 0; i < rows; i++) column[i] = (data[i * step + at]! - m) * s * roots[i]!;
    if (total > 0) means[1 + j] = subtractMean(column, roots, total) + subtractMean(column, roots, total);
    let square = 0;
    for (let i = 0; i < rows; i++) square += column[i]! ** 2;
    if (j < columns && isConstant(design, j, square, means[1 + j]!, total)) column.fill(0);
    if (j % 64 === 0) workers.checkpoint();
  }
  return { design, means, matrix: { pointer, rows, columns, extra: targets, stride: ld } };
}

/** Makes the column orthogonal to √w; returns its weighted mean. */
function subtractMean(column: Float64Array, roots: Float64Array, total: number): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += roots[i]! * column[i]!;
  const mean = sum / total;
  for (let i = 0; i < column.length; i++) column[i]! -= roots[i]! * mean;
  return mean;
}
