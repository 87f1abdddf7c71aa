import { type Column, columnCell, type Frame, isMissing } from '../../core/frame.ts';
import { countDuplicateRows } from '../../data/profile/duplicate-rows.ts';
import { short } from '../drift/describe-change.ts';
import type { ColumnSummary, NumberSummary, ReferenceSummary } from '../drift/summarise-reference.ts';
import { alignColumn } from './align-column.ts';
import { constantChance, outsideQuantile } from './chance.ts';

export type QualityIssueKind =
  | 'missing-column'
  | 'unexpected-column'
  | 'wrong-kind'
  | 'no-values'
  | 'out-of-range'
  | 'constant';

export interface QualityIssue {
  readonly kind: QualityIssueKind;
  readonly column: string;
  /** In words that follow the column's name. */
  readonly message: string;
  /** Share of rows, and what it exceeds; null where the fact itself is the issue. */
  readonly effect: number | null;
  readonly limit: number | null;
  /** Whether it alarms: a column that nobody asked for does not. */
  readonly alarm: boolean;
}

/** How a window's table fits what the model was trained on. What is missing and new levels are judged with drift. */
export interface QualityReport {
  readonly issues: readonly QualityIssue[];
  /** Rows equal to an earlier one. Reported, not judged: short tables repeat by nature. */
  readonly duplicateRows: number;
  /** Columns that can be compared with the reference. */
  readonly comparable: readonly string[];
}

export interface QualityLimits {
  /** Share of values outside the range of the training that matters. */
  readonly outOfRange: number;
  /** Probability of any false alarm, over all columns. */
  readonly alpha: number;
}

/**
 * Checks a window against the summary of the training rows: columns that are missing, unexpected, of another kind or without any
 * value; values outside the range seen in training (beyond a threshold and beyond chance); columns that varied and no longer do.
 * @param expected Names of the columns to check: the model's features.
 * @returns the report, and the columns that can be compared, in the kinds of the reference.
 */
export function checkQuality(
  reference: ReferenceSummary,
  window: Frame,
  expected: readonly string[],
  limits: QualityLimits,
): { readonly report: QualityReport; readonly columns: [string, Column][] } {
  const issues: QualityIssue[] = [];
  const columns: [string, Column][] = [];
  const known = reference.columns.filter(({ name }) => expected.includes(name));
  const tail = limits.alpha / (2 * Math.max(1, known.length));
  for (const summary of known) {
    const { name } = summary;
    if (!window.has(name)) {
      issues.push(fact('missing-column', name, 'is missing: the model was trained with it'));
      continue;
    }
    const given = window.column(name);
    const column = alignColumn(given, summary.kind);
    if (column === undefined) {
      const message = `holds ${plural[given.kind]}, in training ${plural[summary.kind]}`;
      issues.push(fact('wrong-kind', name, message));
      continue;
    }
    columns.push([name, column]);
    issues.push(...valueIssues(summary, column, window.rows, limits, tail));
  }
  for (const name of window.names) {
    if (!expected.includes(name)) {
      issues.push(fact('unexpected-column', name, 'was not there in training', false));
    }
  }
  const report = {
    issues,
    duplicateRows: countDuplicateRows(window),
    comparable: columns.map(([name]) => name),
  };
  return { report, columns };
}

const plural: Readonly<Record<Column['kind'], string>> = {
  number: 'numbers',
  string: 'text',
  boolean: 'booleans',
  date: 'dates',
};

function valueIssues(
  summary: ColumnSummary,
  column: Column,
  rows: number,
  { outOfRange: threshold }: QualityLimits,
  tail: number,
): QualityIssue[] {
  const { present, isConstant, first, below, above } = survey(summary, column, rows);
  if (summary.present === 0) return [];
  if (present === 0) return [fact('no-values', summary.name, 'has no value in any row')];
  const issues: QualityIssue[] = [];
  const { name } = summary;
  if (isConstant && constantChance(summary, present) < tail) {
    const value = shown(columnCell(column, first));
    issues.push(fact('constant', name, `is ${value} in every row; in training it varied`));
  }
  const outside = (below + above) / present;
  if (outside > 0 && 'upper' in summary) {
    const limit = Math.max(threshold, outsideQuantile(summary.present, present, tail));
    const { lower, upper } = summary;
    const range = `${edge(summary, lower[0])} to ${edge(summary, upper[upper.length - 1])}`;
    const message = `${short(100 * outside)}% of values lie outside the training's ${range}`;
    issues.push({
      ...fact('out-of-range', name, message, outside > limit),
      effect: outside,
      limit,
    });
  }
  return issues;
}

function survey(summary: ColumnSummary, column: Column, rows: number) {
  const isNumeric = column.kind === 'number' || column.kind === 'date';
  const { lower, upper } = summary as NumberSummary;
  const bounded = isNumeric && 'lower' in summary && summary.present > 0;
  const least = bounded ? lower[0] : -Infinity;
  const most = bounded ? upper[upper.length - 1] : Infinity;
  let present = 0;
  let first = -1;
  let isConstant = true;
  let below = 0;
  let above = 0;
  const values = column.kind === 'string' ? column.codes : column.values;
  for (let i = 0; i < rows; i++) {
    const value = values[i];
    if (isMissing(column, i) || !Number.isFinite(value)) continue;
    present++;
    if (first < 0) first = i;
    else if (value !== values[first]) isConstant = false;
    if (value < least) below++;
    else if (value > most) above++;
  }
  return { present, isConstant: isConstant && present > 0, first, below, above };
}

function fact(kind: QualityIssueKind, column: string, message: string, alarm = true): QualityIssue {
  return { kind, column, message, effect: null, limit: null, alarm };
}

function edge({ kind }: ColumnSummary, value: number): string {
  return kind === 'date' ? new Date(value).toISOString().slice(0, 10) : short(value);
}

function shown(cell: unknown): string {
  if (typeof cell === 'number') return short(cell);
  return cell instanceof Date ? cell.toISOString() : `'${String(cell)}'`;
}
