import { scorers } from '../metrics/registry.ts';
import type { Metrics } from '../select/evaluate-model.ts';
import type { MetricRecord } from '../select/run/run-record.ts';
import { layOut, shortNumber } from './layout.ts';

/**
 * The figures of an evaluation, one a line; `–` is undefined.
 * @param records The same figures with their intervals, where these are to be shown.
 */
export function metricLines(metrics: Metrics, records: readonly MetricRecord[] = []): string[] {
  const { positive, unknownClasses, ...figures } = metrics as Extract<Metrics, { accuracy: number }>;
  const intervals = new Map(records.map(({ name, interval }) => [name, interval]));
  const rows = (values: object, nameOf: (name: string) => string) =>
    Object.entries(values)
      // The positive class may be a number itself.
      .filter((entry): entry is [string, number] => entry[0] !== 'class' && typeof entry[1] === 'number')
      .map(([name, value]) => [titleOf(name), shortNumber(value), intervalText(intervals.get(nameOf(name)))]);
  const alignment = ['left', 'right', 'left'] as const;
  const lines = layOut(
    rows(figures, (name) => name),
    alignment,
    '  ',
  );
  // What decided may be another figure than those of every evaluation.
  const others = records.filter(({ name }) => !Object.hasOwn(figures, name) && !isOfPositive(name));
  for (const { name, value } of others) {
    lines.unshift(...layOut([[titleOf(name), value === null ? '–' : shortNumber(value)]], alignment, '  '));
  }
  if (unknownClasses !== undefined && unknownClasses.length > 0) {
    lines.push(`  classes that the model does not know: ${unknownClasses.map(String).join(', ')}`);
  }
  if (positive === undefined) return lines;
  return [
    ...lines,
    `of the class ${String(positive.class)}:`,
    ...layOut(rows(positive, ofPositive), alignment, '  '),
  ];
}

/** The name in the metrics' registry of a figure of the positive class. */
function ofPositive(name: string): string {
  return scorers.has(`${name}Positive`) ? `${name}Positive` : name;
}

function isOfPositive(name: string): boolean {
  return name.endsWith('Positive') || name === 'averagePrecision' || name === 'brier';
}

function intervalText(interval: MetricRecord['interval'] | undefined): string {
  return interval == null ? '' : `[${shortNumber(interval[0])}, ${shortNumber(interval[1])}]`;
}

function titleOf(name: string): string {
  return (scorers.get(name)?.title ?? name).replace(/ \((?:macro|positive class)\)$/, '');
}
