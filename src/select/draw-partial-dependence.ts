import { OptionError } from '../core/errors.ts';
import type { ChartOptions } from '../draw/chart-options.ts';
import type { PartialDependence } from './partial-dependence.ts';

export interface DrawPartialDependenceOptions extends Partial<ChartOptions> {
  /** What is predicted, for the axis. Default: the probability of the class, or `prediction`. */
  readonly outputName?: string | undefined;
}

/** Points that a heat map shows of a column at most. */
const MOST_CELLS = 24;

/**
 * A partial dependence as SVG: lines over a column of numbers, bars over categories, a heat map over two columns.
 * @throws OptionError for two columns of which there are several outputs.
 */
export async function drawPartialDependence(
  dependence: PartialDependence,
  { outputName, ...chart }: DrawPartialDependenceOptions = {},
): Promise<string> {
  const { names, grid, labels, average } = dependence;
  const output = outputName ?? (labels[0] === null ? 'prediction' : 'probability');
  const named = labels.map((label) => (label === null ? output : String(label)));
  const options = { title: `${output} over ${names.join(' and ')}`, ...chart };
  if (names.length === 2) return drawPair(dependence, options);
  const [values] = grid;
  if (values!.every((value) => typeof value === 'number')) {
    const { lineChart } = await import('../draw/line-chart.ts');
    const series = named.map((name, k) => ({ name, x: values as readonly number[], y: average.row(k) }));
    return lineChart(series, {
      ...options,
      xLabel: names[0]!,
      yLabel: labels.length > 1 ? output : named[0]!,
    });
  }
  const { dotPlot } = await import('../draw/dot-plot.ts');
  const rows = values!.flatMap((value, j) =>
    named.map((name, k) => ({
      label: labels.length > 1 ? `${value}, ${name}` : String(value),
      value: average.at(k, j),
    })),
  );
  return dotPlot(rows, { ...options, xLabel: output });
}

async function drawPair(
  { names, grid, labels, average }: PartialDependence,
  options: ChartOptions,
): Promise<string> {
  if (labels.length > 1) {
    throw new OptionError(
      'draw/several-outputs',
      `A heat map shows one output; this partial dependence has ${labels.length}. Draw one column at a time.`,
      { outputs: labels.length },
    );
  }
  const { heatMap } = await import('../draw/heat-map.ts');
  const [first, second] = grid.map((values) => thinned(values));
  const width = grid[1]!.length;
  const numbers = first!.map((i) => second!.map((j) => average.data[i * width + j]!));
  const all = numbers.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const text = (value: unknown) =>
    typeof value === 'number' ? String(Number(value.toPrecision(3))) : String(value);
  return heatMap(
    {
      rows: first!.map((i) => text(grid[0]![i])),
      columns: second!.map((j) => text(grid[1]![j])),
      shares: numbers.map((row) => row.map((value) => (high > low ? (value - low) / (high - low) : 0.5))),
      texts: numbers.map((row) => row.map(text)),
    },
    { ...options, rowLabel: names[0]!, columnLabel: names[1]! },
  );
}

/** Places of at most {@link MOST_CELLS} values, evenly. */
function thinned(values: readonly unknown[]): number[] {
  const count = Math.min(values.length, MOST_CELLS);
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (values.length - 1)) / (count - 1)),
  );
}
