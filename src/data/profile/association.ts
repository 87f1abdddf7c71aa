import { type Column, columnLength, isMissing } from '../../core/frame.ts';

/** How closely two columns go together, over the rows where both are present. */
export interface Association {
  /**
   * `pearson`: correlation of two columns of numbers, −1 … 1. `correlationRatio`: η, the share of a number's spread that lies between
   * the categories, as a root, 0 … 1. `cramersV`: of two columns of categories, 0 … 1, corrected for bias.
   */
  readonly measure: 'pearson' | 'correlationRatio' | 'cramersV';
  /** NaN when a column does not vary. */
  readonly value: number;
}

/** Numbers, booleans and dates count as numbers; text as categories. `asCategories` takes the second column as such anyway. */
export function associate(
  column: Column,
  target: Column,
  { asCategories = false }: { readonly asCategories?: boolean } = {},
): Association {
  const isNumeric = column.kind !== 'string';
  const isTargetNumeric = target.kind !== 'string' && !asCategories;
  const rows = rowsWithBoth(column, target);
  if (isNumeric && isTargetNumeric) {
    return { measure: 'pearson', value: pearson(numbersAt(column, rows), numbersAt(target, rows)) };
  }
  if (isNumeric !== isTargetNumeric) {
    const [numbers, categories] = isNumeric ? [column, target] : [target, column];
    return {
      measure: 'correlationRatio',
      value: correlationRatio(numbersAt(numbers, rows), codesAt(categories, rows)),
    };
  }
  return { measure: 'cramersV', value: cramersV(codesAt(column, rows), codesAt(target, rows)) };
}

function rowsWithBoth(a: Column, b: Column): Int32Array {
  const rows: number[] = [];
  const present = (column: Column, i: number) =>
    !isMissing(column, i) && (column.kind === 'string' || Number.isFinite(column.values[i]));
  for (let i = 0, n = columnLength(a); i < n; i++) if (present(a, i) && present(b, i)) rows.push(i);
  return Int32Array.from(rows);
}

function numbersAt(column: Column, rows: Int32Array): Float64Array {
  const values = column.kind === 'string' ? column.codes : column.values;
  return Float64Array.from(rows, (row) => values[row]!);
}

/** Codes 0, 1, … by first appearance. */
function codesAt(column: Column, rows: Int32Array): { codes: Int32Array; levels: number } {
  const codeOf = new Map<number, number>();
  const codes = Int32Array.from(numbersAt(column, rows), (value) => {
    const code = codeOf.get(value) ?? codeOf.size;
    codeOf.set(value, code);
    return code;
  });
  return { codes, levels: codeOf.size };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** r = Σ (a − ā)(b − b̄) / √(Σ (a − ā)² Σ (b − b̄)²) */
function pearson(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - meanA, b[i]! - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return clip(ab / (Math.sqrt(aa) * Math.sqrt(bb)), -1);
}

/** η = √(Σ_c n_c (ȳ_c − ȳ)² / Σ (y − ȳ)²) */
function correlationRatio(
  values: Float64Array,
  { codes, levels }: { codes: Int32Array; levels: number },
): number {
  const mean = meanOf(values);
  const sums = new Float64Array(levels);
  const counts = new Float64Array(levels);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sums[codes[i]!]! += values[i]! - mean;
    counts[codes[i]!]!++;
    total += (values[i]! - mean) ** 2;
  }
  const between = sums.reduce((sum, s, c) => sum + s ** 2 / counts[c]!, 0);
  return levels < 2 ? Number.NaN : clip(Math.sqrt(between / total), 0);
}

/**
 * Cramér's V with the bias correction of Bergsma (2013): φ̃² = max(0, χ²/n − (r−1)(c−1)/(n−1)), r̃ = r − (r−1)²/(n−1), c̃ alike,
 * V = √(φ̃² / (min(r̃, c̃) − 1)).
 */
function cramersV(
  a: { codes: Int32Array; levels: number },
  b: { codes: Int32Array; levels: number },
): number {
  const n = a.codes.length;
  if (a.levels < 2 || b.levels < 2) return Number.NaN;
  const cells = new Map<number, number>();
  const [rowSums, columnSums] = [new Float64Array(a.levels), new Float64Array(b.levels)];
  for (let i = 0; i < n; i++) {
    const cell = a.codes[i]! * b.levels + b.codes[i]!;
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
    rowSums[a.codes[i]!]!++;
    columnSums[b.codes[i]!]!++;
  }
  // χ²/n = Σ n_ij² / (n_i· n_·j) − 1, which visits occupied cells only.
  let phi2 = -1;
  for (const [cell, count] of cells) {
    phi2 += count ** 2 / (rowSums[Math.floor(cell / b.levels)]! * columnSums[cell % b.levels]!);
  }
  const corrected = Math.max(0, phi2 - ((a.levels - 1) * (b.levels - 1)) / (n - 1));
  const shrunk = (levels: number) => levels - (levels - 1) ** 2 / (n - 1);
  const least = Math.min(shrunk(a.levels), shrunk(b.levels)) - 1;
  return least <= 0 ? Number.NaN : clip(Math.sqrt(corrected / least), 0);
}

function clip(value: number, low: number): number {
  return Math.min(1, Math.max(low, value));
}
