import { type Cell, type Column, columnCell, columnLength } from '../core/frame.ts';
import type { Predictions } from '../select/predict-table.ts';
import { layOut, shorten, shortNumber } from './layout.ts';

/** Classes whose probabilities fit beside a prediction. */
const SHOWN_CLASSES = 6;

export interface PredictionTable {
  /** How many rows to show. */
  readonly rows: number;
  readonly truth?: Column | undefined;
  /** Rows of the table, from 0; by default in order. */
  readonly rowNumbers?: Int32Array | undefined;
}

/** The first predictions as a table: data row (counted from 1), prediction, truth, probabilities. */
export function predictionLines(
  predictions: Predictions,
  { rows, truth, rowNumbers }: PredictionTable,
): string[] {
  const probabilities = predictions.kind === 'classification' ? predictions.probabilities : undefined;
  const classes =
    predictions.kind === 'classification' &&
    probabilities !== undefined &&
    predictions.classes.length <= SHOWN_CLASSES
      ? predictions.classes
      : [];
  const intervals = predictions.kind === 'regression' ? predictions.intervals : undefined;
  const header = [
    'row',
    'predicted',
    ...(intervals ? ['from', 'to'] : []),
    ...(truth ? ['true'] : []),
    ...classes.map((label) => `p(${shorten(String(label), 16)})`),
  ];
  const body = Array.from({ length: rows }, (_, i) => [
    String((rowNumbers?.[i] ?? i) + 1),
    cellText(predictions.values[i]!),
    ...(intervals ? [cellText(intervals.at(i, 0)), cellText(intervals.at(i, 1))] : []),
    ...(truth ? [cellText(columnCell(truth, i))] : []),
    ...classes.map((_label, c) => probabilities!.at(i, c).toFixed(4)),
  ]);
  return layOut(
    [header, ...body],
    header.map(() => 'right' as const),
  );
}

export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return shortNumber(cell);
  return shorten(cell instanceof Date ? cell.toISOString() : String(cell), 30);
}

/** The first cells of a column, at most `rows`. */
export function firstCells(column: Column, rows: number): Cell[] {
  return Array.from({ length: Math.min(rows, columnLength(column)) }, (_, i) => columnCell(column, i));
}
