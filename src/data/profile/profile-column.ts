import {
  type Column,
  type DateColumn,
  isMissing,
  type NumberColumn,
  type StringColumn,
} from '../../core/frame.ts';

/** One column at a glance. */
export type ColumnProfile = NumberProfile | DateProfile | LevelProfile;

interface CommonProfile {
  readonly name: string;
  readonly rows: number;
  readonly missing: number;
  /** Distinct present values. */
  readonly distinct: number;
}

export interface NumberProfile extends CommonProfile {
  readonly kind: 'number';
  /** Whether every present value is a whole number. */
  readonly isInteger: boolean;
  /** The figures and the histogram are of the finite values; NaN and no bins without any. */
  readonly min: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly max: number;
  readonly mean: number;
  /** With n − 1, as pandas; NaN for a single value. */
  readonly standardDeviation: number;
  readonly infinite: number;
  /** Rows in bins of equal width from min to max. */
  readonly histogram: readonly number[];
}

export interface DateProfile extends CommonProfile {
  readonly kind: 'date';
  readonly min: Date | null;
  readonly median: Date | null;
  readonly max: Date | null;
  readonly histogram: readonly number[];
}

export interface LevelProfile extends CommonProfile {
  readonly kind: 'string' | 'boolean';
  /** The most frequent levels, most frequent first; among equals the one seen first. */
  readonly top: readonly { readonly level: string; readonly rows: number }[];
}

const TOP_LEVELS = 10;

/** @param bins Bins of the histogram. */
export function profileColumn(name: string, column: Column, bins = 10): ColumnProfile {
  switch (column.kind) {
    case 'number':
      return profileNumbers(name, column, bins);
    case 'date':
      return profileDates(name, column, bins);
    case 'boolean':
      return profileLevels(name, { kind: 'boolean', codes: booleanCodes(column), levels: ['false', 'true'] });
    case 'string':
      return profileLevels(name, column);
    default:
      return column satisfies never;
  }
}

function booleanCodes(column: Column & { readonly kind: 'boolean' }): Int32Array {
  return Int32Array.from(column.values, (value, i) => (isMissing(column, i) ? -1 : value));
}

function profileNumbers(name: string, column: NumberColumn, bins: number): NumberProfile {
  const present = column.values.filter((value, i) => !isMissing(column, i) && !Number.isNaN(value));
  const sorted = present.filter(Number.isFinite).sort();
  const infinite = present.length - sorted.length;
  const { mean, standardDeviation } = moments(sorted);
  return {
    ...{ kind: 'number', name, infinite, mean, standardDeviation },
    rows: column.values.length,
    missing: column.values.length - present.length,
    distinct: distinctSorted(sorted) + new Set(present.filter((value) => !Number.isFinite(value))).size,
    isInteger: infinite === 0 && sorted.every(Number.isInteger),
    min: sorted[0] ?? Number.NaN,
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    max: sorted.at(-1) ?? Number.NaN,
    histogram: histogramOf(sorted, bins),
  };
}

function profileDates(name: string, column: DateColumn, bins: number): DateProfile {
  const sorted = column.values.filter((value, i) => !isMissing(column, i) && !Number.isNaN(value)).sort();
  const dateAt = (time: number | undefined) => (time === undefined ? null : new Date(time));
  return {
    ...{ kind: 'date', name },
    rows: column.values.length,
    missing: column.values.length - sorted.length,
    distinct: distinctSorted(sorted),
    min: dateAt(sorted[0]),
    median: dateAt(sorted[Math.floor((sorted.length - 1) / 2)]),
    max: dateAt(sorted.at(-1)),
    histogram: histogramOf(sorted, bins),
  };
}

function profileLevels(name: string, column: StringColumn): LevelProfile;
function profileLevels(
  name: string,
  column: { readonly kind: 'boolean'; readonly codes: Int32Array; readonly levels: readonly string[] },
): LevelProfile;
function profileLevels(
  name: string,
  { kind, codes, levels }: { kind: 'string' | 'boolean'; codes: Int32Array; levels: readonly string[] },
): LevelProfile {
  const counts = new Float64Array(levels.length);
  let missing = 0;
  for (const code of codes) {
    if (code < 0) missing++;
    else counts[code]!++;
  }
  const used = Array.from(levels.keys()).filter((code) => counts[code]! > 0);
  const top = used.toSorted((a, b) => counts[b]! - counts[a]! || a - b).slice(0, TOP_LEVELS);
  return {
    ...{ kind, name, missing },
    rows: codes.length,
    distinct: used.length,
    top: top.map((code) => ({ level: levels[code]!, rows: counts[code]! })),
  };
}

function distinctSorted(sorted: Float64Array): number {
  let distinct = sorted.length === 0 ? 0 : 1;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

/** Linear interpolation between the two nearest order statistics, NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (at - below);
}

/** Two passes: the second about the mean, so that a large mean costs no digits. */
function moments(values: Float64Array): { mean: number; standardDeviation: number } {
  const n = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / n;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, standardDeviation: n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1)) };
}

function histogramOf(sorted: Float64Array, bins: number): number[] {
  if (sorted.length === 0) return [];
  const min = sorted[0]!;
  const width = sorted.at(-1)! - min;
  const counts = new Array<number>(bins).fill(0);
  // A range that overflows is measured in halves.
  const scale = Number.isFinite(width) ? 1 : 0.5;
  const span = sorted.at(-1)! * scale - min * scale;
  for (const value of sorted) {
    const share = span === 0 ? 0.5 : (value * scale - min * scale) / span;
    counts[Math.min(bins - 1, Math.floor(share * bins))]!++;
  }
  return counts;
}
