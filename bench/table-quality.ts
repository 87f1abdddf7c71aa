import { countMissing, type Frame } from '../src/core/frame.ts';
import type { Quality } from './workload.ts';

/** Counts and sums by which two readers of the same file can be compared. */
export function tableQuality(frame: Frame): Quality {
  const sums = { rows: frame.rows, missing: 0, levels: 0, codes: 0, total: 0 };
  for (const [, column] of frame.entries()) {
    sums.missing += countMissing(column);
    if (column.kind === 'string') {
      sums.levels += column.levels.length;
      for (const code of column.codes) sums.codes += code;
    } else {
      for (const value of column.values) if (!Number.isNaN(value)) sums.total += value;
    }
  }
  return sums;
}
