/**
 * A least-squares problem reduced to few rows: min ‖A β − b‖ over the centred columns, as a column-major matrix [A, b …] in
 * kernel memory that every solution of the original also solves.
 */
import { type Design, isConstant, padded, recentred } from './design.ts';
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
export async function reduceByQr(workers: Workers, start: Design): Promise<Reduced> {
  const first = await triangleOfRows(workers, start);
  const { columns } = start.problem.x;
  const squares = Float64Array.from({ length: columns }, (_, j) => squareOf(start, first, j));
  const design = recentred(start, meansOf(start, first), squares, first[0]! ** 2);
  if (design === undefined) return columnsOf(workers, start, first);
  return columnsOf(workers, design, await triangleOfRows(workers, design));
}

/** The first row of R is √Σw times the means, but for its sign. */
function meansOf({ width }: Design, triangle: Float64Array): Float64Array {
  const root = triangle[0]!;
  const means = new Float64Array(width);
  if (root !== 0) for (let j = 1; j < width; j++) means[j] = triangle[j]! / root;
  return means;
}

/** Sum of squares about the mean of column j of X. */
function squareOf({ stride }: Design, triangle: Float64Array, j: number): number {
  let square = 0;
  for (let i = 1; i <= 1 + j; i++) square += triangle[i * stride + 1 + j]! ** 2;
  return square;
}

function columnsOf({ team }: Workers, design: Design, triangle: Float64Array): Reduced {
  const { problem, stride } = design;
  const { columns } = problem.x;
  const means = meansOf(design, triangle);
  const ld = padded(columns);
  const pointer = team.arena.zeros((columns + problem.targets) * ld);
  for (let j = 0; j < columns + problem.targets; j++) {
    const column = team.arena.viewF64(pointer + 8 * j * ld, columns);
    if (j < columns) {
      const square = squareOf(design, triangle, j);
      if (isConstant(design, j, square, means[1 + j]!, triangle[0]! ** 2)) continue;
    }
    for (let i = 0; i < columns; i++) {
      if (j >= columns || i <= j) column[i] = triangle[(1 + i) * stride + 1 + j]!;
    }
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
