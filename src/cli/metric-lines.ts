import { scorers } from '../metrics/registry.ts';
import type { Metrics } from '../select/evaluate-model.ts';
import { layOut, shortNumber } from './layout.ts';

/** The figures of an evaluation, one a line; `–` is undefined. */
export function metricLines(metrics: Metrics): string[] {
  const { positive, unknownClasses, ...figures } = metrics as Extract<Metrics, { accuracy: number }>;
  const rows = (values: object) =>
    Object.entries(values)
      // The positive class may be a number itself.
      .filter((entry): entry is [string, number] => entry[0] !== 'class' && typeof entry[1] === 'number')
      .map(([name, value]) => [titleOf(name), shortNumber(value)]);
  const lines = layOut(rows(figures), ['left', 'right'], '  ');
  if (unknownClasses !== undefined && unknownClasses.length > 0) {
    lines.push(`  classes that the model does not know: ${unknownClasses.map(String).join(', ')}`);
  }
  if (positive === undefined) return lines;
  return [
    ...lines,
    `of the class ${String(positive.class)}:`,
    ...layOut(rows(positive), ['left', 'right'], '  '),
  ];
}

function titleOf(name: string): string {
  return (scorers.get(name)?.title ?? name).replace(/ \((?:macro|positive class)\)$/, '');
}
