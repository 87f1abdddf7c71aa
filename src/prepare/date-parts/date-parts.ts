import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { type DateColumn, Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { option } from '../../core/options.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { type DatePart, datePart, dateParts as everyPart } from './parts.ts';

/** What was learned of one column: the parts it becomes and the earliest date, from which days are counted. */
interface DateColumnState {
  readonly name: string;
  readonly parts: readonly DatePart[];
  /** Milliseconds since 1970-01-01T00:00Z; null when the training rows had no date. */
  readonly earliest: number | null;
}

interface DatePartsState {
  readonly columns: readonly DateColumnState[];
}

export interface DatePartsAttributes {
  /** Names of the columns that come out, e.g. `sold_year`. */
  readonly featureNamesOut: readonly string[];
}

/**
 * Takes dates apart into numbers that a model can use: of each date column the year, month (1–12), day (1–31), weekday
 * (Monday 0 … Sunday 6, as in pandas) and the days elapsed since the earliest training date, with fractions; the hour (0–23) too where a
 * training row has a time of day. All in UTC. A missing date gives NaN in every part; impute afterwards.
 * @throws DataError naming a column that holds no dates.
 */
export const dateParts = defineTransformer({
  name: 'date-parts',
  module: import.meta.url,
  summary: 'Takes dates apart into year, month, day, weekday, hour and days elapsed.',
  use: 'For date columns in front of a model that takes numbers.',
  input: 'frame',
  missing: 'accepted',
  weighted: false,
  options: z.strictObject({
    parts: option(
      z.union([z.literal('auto'), z.array(z.enum(everyPart)).min(1)]).default('auto'),
      "The parts to make, in this order; 'auto': year, month, day, dayOfWeek, elapsedDays, and hour where there are times of day.",
    ),
  }),
  fit({ parts }, { x }): DatePartsState {
    return {
      columns: dateColumns(x).map(([name, column]) => ({
        name,
        parts: parts === 'auto' ? automaticParts(column) : parts,
        earliest: earliestOf(column),
      })),
    };
  },
  transform({ columns }, x) {
    const names = outputNames(columns);
    const result = Matrix.zeros(x.rows, names.length, names);
    let at = 0;
    for (const { name, parts, earliest } of columns) {
      const column = x.column(name);
      if (column.kind !== 'date') throw noDates(name, column.kind);
      for (const part of parts) {
        for (let i = 0, to = at; i < x.rows; i++, to += names.length) {
          result.data[to] = column.missing?.[i] === 1 ? Number.NaN : datePart(part, column.values[i]!, earliest);
        }
        at++;
      }
    }
    return result;
  },
  attributes: ({ columns }: DatePartsState): DatePartsAttributes => ({ featureNamesOut: outputNames(columns) }),
});

function dateColumns(x: Frame): [string, DateColumn][] {
  return x.entries().map(([name, column]) => {
    if (column.kind !== 'date') throw noDates(name, column.kind);
    return [name, column];
  });
}

function noDates(column: string, kind: string): DataError {
  return new DataError('data/not-a-date', `Column '${column}' holds ${kind}s, but dateParts takes dates only.`, {
    column,
  });
}

function outputNames(columns: DatePartsState['columns']): string[] {
  return columns.flatMap(({ name, parts }) => parts.map((part) => `${name}_${part}`));
}

const MS_PER_DAY = 86_400_000;

function automaticParts({ values, missing }: DateColumn): DatePart[] {
  const hasTimes = values.some((value, i) => missing?.[i] !== 1 && value % MS_PER_DAY !== 0);
  return ['year', 'month', 'day', 'dayOfWeek', ...(hasTimes ? (['hour'] as const) : []), 'elapsedDays'];
}

function earliestOf({ values, missing }: DateColumn): number | null {
  let earliest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (missing?.[i] !== 1 && values[i]! < earliest) earliest = values[i]!;
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}
