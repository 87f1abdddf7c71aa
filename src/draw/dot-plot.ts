import { axisX, axisY, dot, gridX, link, ruleX, ruleY } from '@observablehq/plot';
import { type ChartOptions, DEFAULT_WIDTH } from './chart-options.ts';
import { tickText } from './chart-text.ts';
import { labelMargin } from './label-margin.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { accent, muted } from './theme.ts';

export interface DotRow {
  readonly label: string;
  readonly value: number;
  /** Ends of an interval around the value. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Small points beside the dot, e.g. the scores of single folds. */
  readonly parts?: readonly number[] | undefined;
  /** Default `accent`. */
  readonly tone?: 'accent' | 'muted' | undefined;
}

export interface DotPlotOptions extends ChartOptions {
  readonly xLabel: string;
  /** A value to compare with, drawn as a dashed line. */
  readonly reference?: number | undefined;
  /** By default what the data need. */
  readonly domain?: readonly [number, number] | undefined;
}

const ROW = 24;

/** A dot with its interval for each label, in the order given. Source: W. S. Cleveland, "The Elements of Graphing Data", 1985. */
export function dotPlot(
  dots: readonly DotRow[],
  { xLabel, reference, domain, ...chart }: DotPlotOptions,
): string {
  const width = chart.width ?? DEFAULT_WIDTH;
  const { margin, shown } = labelMargin(
    dots.map(({ label }) => label),
    width,
  );
  const rows = dots.map((entry, row) => ({ row, ...entry }));
  const intervals = rows.filter(({ low, high }) => low !== undefined && high !== undefined);
  const parts = rows.flatMap(({ row, parts = [], tone }) => parts.map((value) => ({ row, value, tone })));
  const color = ({ tone }: { readonly tone?: DotRow['tone'] }) => (tone === 'muted' ? muted : accent);
  return plotToSvg({
    height: 48 + ROW * dots.length,
    ...chart,
    marginLeft: margin,
    marginTop: 6,
    marginRight: 20,
    marginBottom: 42,
    x: { label: xLabel, ...(domain === undefined ? { nice: true } : { domain: [...domain] }) },
    y: { label: null, domain: rows.map(({ row }) => row), padding: 0.5, type: 'band' },
    marks: [
      gridX({ ticks: 5 }),
      ruleY(rows, { y: 'row', strokeOpacity: 0.08, dy: 0 }),
      axisX({ ticks: 5, tickSize: 0, tickFormat: tickText }),
      axisY({ tickSize: 0, tickFormat: (row: number) => shown(dots[row]!.label) }),
      ...(reference === undefined ? [] : [ruleX([reference], { stroke: muted, strokeDasharray: '4 3' })]),
      link(intervals, { x1: 'low', x2: 'high', y1: 'row', y2: 'row', stroke: color, strokeWidth: 2 }),
      dot(parts, { x: 'value', y: 'row', r: 1.8, fill: color, fillOpacity: 0.55 }),
      dot(rows, {
        x: 'value',
        y: 'row',
        r: 4.5,
        fill: color,
        title: ({ label, value, low, high }: DotRow) =>
          `${label}: ${tickText(value)}${low === undefined || high === undefined ? '' : ` (${tickText(low)} to ${tickText(high)})`}`,
      }),
    ],
  });
}
