import { OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import type { ChartOptions } from '../../draw/chart-options.ts';
import { numberWords } from './number-words.ts';
import { meanAbsolute } from './shap-summary.ts';
import type { ShapOutput, ShapValues } from './shap-values.ts';

export interface DrawShapOptions extends Partial<ChartOptions> {
  /** The class that is explained. Default: the only output, or the second of two classes. */
  readonly output?: Label | undefined;
  /** Columns shown by themselves; the others are summed. Default 12. */
  readonly maxDisplay?: number | undefined;
}

/**
 * The Shapley values of many rows as SVG: a row of dots for each column, the most important on top, coloured by the value of the
 * column. The drawing library is loaded at the first call.
 * @throws OptionError for an unknown output.
 */
export async function drawBeeswarm(shap: ShapValues, options: DrawShapOptions = {}): Promise<string> {
  const { beeswarm } = await import('../../draw/beeswarm.ts');
  const { output: label, maxDisplay = 12, title, ...chart } = options;
  const output = outputOf(shap, label);
  const means = meanAbsolute(output);
  const { shown, rest } = choose(Array.from(means), maxDisplay);
  const rows = shown.map((j) => ({
    ...{ label: shap.names[j]!, values: output.values.column(j), shades: shap.x.column(j) },
  }));
  const sums = new Float64Array(output.values.rows);
  for (const j of rest) for (let i = 0; i < sums.length; i++) sums[i]! += output.values.at(i, j);
  return beeswarm([...rows, ...(rest.length > 0 ? [{ label: `${rest.length} others`, values: sums }] : [])], {
    title: title ?? `Effects of the columns on ${target(shap, output)}`,
    xLabel: `effect on ${target(shap, output)}`,
    ...chart,
  });
}

/**
 * The Shapley values of one row as SVG: from the base value to the prediction by the effect of each column, the largest first.
 * @param row Its number among the rows that were explained.
 * @throws OptionError for an unknown output or row.
 */
export async function drawWaterfall(
  shap: ShapValues,
  row: number,
  options: DrawShapOptions = {},
): Promise<string> {
  const { waterfall } = await import('../../draw/waterfall.ts');
  const { output: label, maxDisplay = 12, title, ...chart } = options;
  const output = outputOf(shap, label);
  if (!(Number.isInteger(row) && row >= 0 && row < shap.x.rows)) {
    throw new OptionError(
      'option/invalid',
      `drawWaterfall: row must be a whole number from 0 to ${shap.x.rows - 1}, not ${row}.`,
      { option: 'row' },
    );
  }
  const effects = Array.from(output.values.row(row));
  const { shown, rest } = choose(effects, maxDisplay);
  const others = rest.reduce((sum, j) => sum + effects[j]!, 0);
  const steps = shown.map((j) => {
    const value = shap.x.at(row, j);
    const level = shap.levels?.find(({ column }) => column === j)?.levels;
    return {
      label: `${shap.names[j]} ${Number.isNaN(value) ? 'missing' : `= ${level?.[value] ?? numberWords(value)}`}`,
      value: effects[j]!,
    };
  });
  return waterfall(
    [
      ...steps,
      ...(rest.length > 0 ? [{ label: `${rest.length} others`, value: others, tone: 'muted' as const }] : []),
    ],
    {
      title: title ?? `How ${target(shap, output)} of row ${row} comes about`,
      xLabel: target(shap, output),
      start: { label: 'base value', value: output.baseValue },
      endLabel: target(shap, output),
      ...chart,
    },
  );
}

function outputOf({ outputs }: ShapValues, label: Label | undefined): ShapOutput {
  if (label === undefined && outputs.length <= 2) return outputs.at(-1)!;
  const found = outputs.find((output) => output.label === label);
  if (found !== undefined) return found;
  const known = outputs.map((output) => JSON.stringify(output.label)).join(', ');
  throw new OptionError(
    'option/invalid',
    `output ${label === undefined ? 'must name the class to explain' : `names ${JSON.stringify(label)}, which is not explained`}: ` +
      `${known === 'null' ? 'a regressor has one output; leave the option out' : known}.`,
    { option: 'output' },
  );
}

function target({ unit }: ShapValues, { label }: ShapOutput): string {
  if (unit === 'value') return 'the prediction';
  if (unit === 'log') return 'the logarithm of the prediction';
  return `the ${unit === 'score' ? 'score' : 'probability'} of ${String(label)}`;
}

/** The columns of the largest effects, and the others: never a single one, which is shown instead. */
function choose(
  effects: readonly number[],
  most: number,
): { readonly shown: number[]; readonly rest: number[] } {
  const order = effects.map((_, j) => j).sort((a, b) => Math.abs(effects[b]!) - Math.abs(effects[a]!));
  const count = order.length <= most + 1 ? order.length : Math.max(1, Math.floor(most));
  return { shown: order.slice(0, count), rest: order.slice(count) };
}
