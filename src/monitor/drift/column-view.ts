import { type Column, isMissing } from '../../core/frame.ts';
import { standardDeviation } from './wasserstein.ts';

/**
 * What drift needs of one column of a window. A frame's column gives every value or level; a summary of a reference has
 * the same form with fewer numbers, so that both are compared by the same code.
 */
export type ColumnView = NumberView | LevelView;

/** Sorted cells of the finite values: cell i holds `counts[i]` values (undefined: 1 each) from `lower[i]` to `upper[i]`. */
export interface NumberView {
  readonly kind: 'number' | 'date';
  /** Rows that are missing, NaN or infinite. */
  readonly missing: number;
  /** Rows with a finite value. */
  readonly present: number;
  /** Standard deviation (÷ n) of the finite values; 0 without any. */
  readonly deviation: number;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** Mean of the values of each cell. */
  readonly means: ArrayLike<number>;
  readonly counts?: ArrayLike<number> | undefined;
}

/** Rows per level, for levels that have any. */
export interface LevelView {
  readonly kind: 'string' | 'boolean';
  readonly missing: number;
  /** Rows that are not missing. */
  readonly present: number;
  readonly levels: readonly string[];
  readonly counts: ArrayLike<number>;
  /** Rows of levels that are not listed, and how many such levels there are. 0 where all are listed. */
  readonly otherRows: number;
  readonly otherLevels: number;
}

/** O(n log n) for numbers and dates, O(n) for levels. */
export function viewColumn(column: Column): ColumnView {
  if (column.kind === 'number' || column.kind === 'date') {
    const sorted = finiteValues(column.values, column.missing).sort();
    const points = { values: sorted, weights: undefined, total: sorted.length };
    return {
      kind: column.kind,
      missing: column.values.length - sorted.length,
      present: sorted.length,
      deviation: sorted.length === 0 ? 0 : standardDeviation(points),
      lower: sorted,
      upper: sorted,
      means: sorted,
    };
  }
  const names = column.kind === 'string' ? column.levels : ['false', 'true'];
  const codes = column.kind === 'string' ? column.codes : column.values;
  const rows = new Float64Array(names.length);
  let missing = 0;
  for (let i = 0; i < codes.length; i++) {
    if (isMissing(column, i)) missing++;
    else rows[codes[i]]++;
  }
  const seen = Array.from(names.keys()).filter((level) => rows[level] > 0);
  return {
    kind: column.kind,
    missing,
    present: codes.length - missing,
    levels: seen.map((level) => names[level]),
    counts: seen.map((level) => rows[level]),
    otherRows: 0,
    otherLevels: 0,
  };
}

/** A copy on memory of its own: sorting shared memory copies it once more. */
function finiteValues(values: Float64Array, missing: Uint8Array | undefined): Float64Array {
  const finite = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (missing?.[i] !== 1 && Number.isFinite(values[i])) finite[count++] = values[i];
  }
  return finite.slice(0, count);
}
