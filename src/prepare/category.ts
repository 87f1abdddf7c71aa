import { DataError } from '../core/errors.ts';
import type { Column } from '../core/frame.ts';
import { compareLabels, type Label } from '../core/labels.ts';
import { rowArray } from './row-array.ts';

/** A value of a column taken as categories; null is missing. */
export type Category = Label | null;

/** A column as codes into its distinct values: code −1 is missing. Levels may be there that no row has. */
export interface CodedColumn {
  readonly name: string;
  readonly kind: 'string' | 'number' | 'boolean';
  readonly codes: Int32Array;
  readonly levels: readonly Label[];
}

/**
 * A column as codes. Text is coded already; numbers are coded in the order they appear in, a NaN is missing.
 * @throws DataError naming a column of dates, or an infinity.
 */
export function codeColumn(name: string, column: Column, model: string): CodedColumn {
  switch (column.kind) {
    case 'string':
      return { name, kind: 'string', codes: column.codes, levels: column.levels };
    case 'boolean': {
      const { values, missing } = column;
      const codes = rowArray(Int32Array, values.length);
      for (let i = 0; i < values.length; i++) codes[i] = missing?.[i] === 1 ? -1 : values[i]!;
      return { name, kind: 'boolean', codes, levels: [false, true] };
    }
    case 'number':
      return codeNumbers(name, column.values, model);
    case 'date':
      throw new DataError(
        'data/column-kind',
        `Column '${name}' holds dates, which ${model} does not take as categories. Take them apart first with dateParts().`,
        { column: name, kind: 'date' },
      );
    default:
      return column satisfies never;
  }
}

function codeNumbers(name: string, values: Float64Array, model: string): CodedColumn {
  const codes = rowArray(Int32Array, values.length);
  const codeOf = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      codes[i] = -1;
      continue;
    }
    let code = codeOf.get(value);
    if (code === undefined) {
      if (!Number.isFinite(value)) {
        throw new DataError(
          'data/infinite-value',
          `Column '${name}' is ${value} in row ${i}; ${model} needs finite numbers. Correct or drop the row.`,
          { column: name, row: i, model },
        );
      }
      code = codeOf.size;
      codeOf.set(value, code);
    }
    codes[i] = code;
  }
  return { name, kind: 'number', codes, levels: [...codeOf.keys()] };
}

export interface LevelCounts {
  /** Rows of each level. */
  readonly levels: Int32Array;
  readonly missing: number;
}

export function countLevels({ codes, levels }: CodedColumn): LevelCounts {
  // Place 0 counts the missing ones, so that the loop has no branch.
  const counts = new Int32Array(levels.length + 1);
  for (let i = 0; i < codes.length; i++) counts[codes[i]! + 1]!++;
  return { levels: counts.subarray(1), missing: counts[0]! };
}

/** The most frequent value, the least among equals; null when all are missing. */
export function mostFrequent(column: CodedColumn): Category {
  const counts = countLevels(column).levels;
  let best = -1;
  for (const [code, count] of counts.entries()) {
    if (count === 0) continue;
    const isBetter = best < 0 || count > counts[best]!;
    const isEqual = best >= 0 && count === counts[best];
    if (isBetter || (isEqual && compareLabels(column.levels[code]!, column.levels[best]!) < 0)) best = code;
  }
  return best < 0 ? null : column.levels[best]!;
}
