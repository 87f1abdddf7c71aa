import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { type Column, Frame, isMissing } from '../../core/frame.ts';
import { option } from '../../core/options.ts';
import { onnxColumns } from '../../define/add-onnx.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import type { ColumnBlock } from '../../define/definition.ts';
import { rowArray } from '../row-array.ts';
import { writeMatrix } from '../write-matrix.ts';
import { dateNodes } from './date-nodes.ts';
import { parseDate } from './parse-date.ts';
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
  /** Columns that are passed on, in front of the parts; absent where all are taken apart. */
  readonly kept?: readonly string[];
}

export interface DatePartsAttributes {
  /** Names of the columns that come out, e.g. `sold_year`. */
  readonly featureNamesOut: readonly string[];
}

/**
 * Takes dates apart into numbers that a model can use: of each date column the year, month (1–12), day (1–31), weekday
 * (Monday 0 … Sunday 6, as in pandas) and the days elapsed since the earliest training date, with fractions; the hour (0–23) too where a
 * training row has a time of day. All in UTC. Text is read as a date when the year comes first ({@link parseDate}). A missing date
 * gives NaN in every part; impute afterwards. With `columns` the others are passed on as they are, in front, in a frame.
 * @throws DataError naming a column, and the cell, that is no date.
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
    columns: option(
      z.array(z.string()).nullable().default(null),
      'Names of the columns to take apart; the others are passed on as they are. null: all are dates.',
    ),
  }),
  fit({ parts, columns }, { x }): DatePartsState {
    return {
      columns: (columns ?? x.names).map((name) => {
        const times = timesOf(name, x.column(name));
        return { name, parts: parts === 'auto' ? automaticParts(times) : parts, earliest: earliestOf(times) };
      }),
      ...(columns !== null && { kept: x.names.filter((name) => !columns.includes(name)) }),
    };
  },
  transform(state, x) {
    const { columns, kept } = state;
    if (kept !== undefined) return withKept(columns, kept, x);
    const names = outputNames(columns);
    return writeMatrix({ rows: x.rows, columns: names.length, names }, (block) =>
      writeParts(columns, x, block),
    );
  },
  transformInto({ columns, kept = [] }, x, { data, stride, at }) {
    const numbers = x.select(kept).toMatrix();
    for (let i = 0; i < x.rows; i++) data.set(numbers.row(i), i * stride + at);
    writeParts(columns, x, { data, stride, at: at + kept.length });
  },
  onnx({ columns, kept }, x, graph) {
    const byName = new Map(x.columns.map((column) => [column.name, column]));
    const text = columns.map(({ name }) => byName.get(name)!).find(({ kind }) => kind === 'string');
    if (text !== undefined) {
      return {
        unsupported: `column '${text.name}' holds dates as text, which its operators cannot read; train on a column of dates`,
      };
    }
    const values = columns.flatMap(({ name, parts, earliest }) =>
      parts.map((part) => dateNodes(graph, part, byName.get(name)!.value, earliest)),
    );
    const names = outputNames(columns);
    if (kept !== undefined) {
      const parts = names.map((name, j) => ({ name, kind: 'number' as const, value: values[j]! }));
      return { kind: 'frame', columns: [...kept.map((name) => byName.get(name)!), ...parts] };
    }
    return { kind: 'matrix', value: onnxColumns(graph, values), columns: names.length, names };
  },
  attributes: ({ columns, kept = [] }: DatePartsState): DatePartsAttributes => ({
    featureNamesOut: [...kept, ...outputNames(columns)],
  }),
});

function withKept(columns: DatePartsState['columns'], kept: readonly string[], x: Frame): Frame {
  const parts = columns.flatMap(({ name, parts: own, earliest }) => {
    const times = timesOf(name, x.column(name));
    return own.map((part): [string, Column] => {
      const values = rowArray(Float64Array, x.rows);
      for (let i = 0; i < x.rows; i++) values[i] = datePart(part, times[i]!, earliest);
      return [`${name}_${part}`, { kind: 'number', values }];
    });
  });
  return new Frame([...x.select(kept).entries(), ...parts], x.rows);
}

function writeParts(columns: DatePartsState['columns'], x: Frame, { data, stride, at }: ColumnBlock): void {
  let place = at;
  for (const { name, parts, earliest } of columns) {
    const times = timesOf(name, x.column(name));
    for (const part of parts) {
      for (let i = 0, to = place; i < x.rows; i++, to += stride)
        data[to] = datePart(part, times[i]!, earliest);
      place++;
    }
  }
}

/** Milliseconds since 1970-01-01T00:00Z, NaN where missing. @throws DataError for anything that is no date. */
function timesOf(name: string, column: Column): Float64Array {
  if (column.kind === 'date') {
    return column.values.map((value, i) => (column.missing?.[i] === 1 ? Number.NaN : value));
  }
  if (column.kind === 'string') return timesOfTexts(name, column);
  // A column without any value has no kind of its own.
  if (column.values.every((_, i) => isMissing(column, i)))
    return new Float64Array(column.values.length).fill(Number.NaN);
  throw new DataError(
    'data/not-a-date',
    `Column '${name}' holds ${column.kind}s, but dateParts takes dates.`,
    {
      column: name,
    },
  );
}

function timesOfTexts(name: string, { codes, levels }: Column & { readonly kind: 'string' }): Float64Array {
  const times = levels.map(parseDate);
  return Float64Array.from(codes, (code, row) => {
    if (code < 0) return Number.NaN;
    const time = times[code]!;
    if (!Number.isNaN(time)) return time;
    throw new DataError(
      'data/not-a-date',
      `Column '${name}' holds ${JSON.stringify(levels[code])} in row ${row}, which is no date with the year first. Correct the cell or leave the column out.`,
      { column: name, row },
    );
  });
}

function outputNames(columns: DatePartsState['columns']): string[] {
  return columns.flatMap(({ name, parts }) => parts.map((part) => `${name}_${part}`));
}

const MS_PER_DAY = 86_400_000;

function automaticParts(times: Float64Array): DatePart[] {
  const hasTimes = times.some((time) => !Number.isNaN(time) && time % MS_PER_DAY !== 0);
  return ['year', 'month', 'day', 'dayOfWeek', ...(hasTimes ? (['hour'] as const) : []), 'elapsedDays'];
}

function earliestOf(times: Float64Array): number | null {
  let earliest = Number.POSITIVE_INFINITY;
  for (const time of times) if (time < earliest) earliest = time;
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}
