import { type Column, codeStrings } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { type CsvStyle, csvPieces } from '../../data/write/csv-text.ts';
import type { QuickPrediction } from '../../define/quick-predictor.ts';

const style: CsvStyle = {
  ...{ delimiter: ',', quote: '"', lineEnd: '\n', header: true, missing: '', decimal: '.' },
  byteOrderMark: false,
  // Classes are texts from somebody's data, and spreadsheets open CSV.
  escapeFormulas: true,
};

/** `id,prediction,probability_CLASS,…` (or `id,prediction,lower,upper`) as CSV in pieces; a text that a spreadsheet would run gets an apostrophe in front. */
export function predictionCsv(
  ids: readonly string[],
  predictions: QuickPrediction,
  classes: readonly Label[] | null,
): Iterable<Uint8Array> {
  const rows = ids.length;
  const columns: [string, Column][] = [['id', codeStrings(rows, (i) => ids[i])]];
  if (predictions.kind === 'values') {
    const { values, bounds } = predictions;
    columns.push(['prediction', { kind: 'number', values }]);
    for (const [k, name] of (bounds === undefined ? [] : ['lower', 'upper']).entries())
      columns.push([name, { kind: 'number', values: values.map((_, i) => bounds![2 * i + k]!) }]);
    return csvPieces(columns, rows, style);
  }
  const { codes, probabilities } = predictions;
  const labels = classes!.map(String);
  columns.push(['prediction', { kind: 'string', codes, levels: labels }]);
  if (probabilities !== undefined) {
    for (const [k, label] of labels.entries()) {
      const values = Float64Array.from({ length: rows }, (_, i) => probabilities[i * labels.length + k]!);
      columns.push([`probability_${label}`, { kind: 'number', values }]);
    }
  }
  return csvPieces(columns, rows, style);
}
