import { axisX, axisY, barX, gridX, ruleX, text } from '@observablehq/plot';
import { type ChartOptions, DEFAULT_WIDTH } from './chart-options.ts';
import { textWidth, tickText } from './chart-text.ts';
import { labelMargin } from './label-margin.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { accent, muted } from './theme.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Shown at the end of the bar; by default the value. */
  readonly text?: string | undefined;
  /** `muted` for what is only there to compare, or to sum up the rest. Default `accent`. */
  readonly tone?: 'accent' | 'muted' | undefined;
}

export interface BarChartOptions extends ChartOptions {
  readonly xLabel?: string | undefined;
}

const ROW = 24;

/** One horizontal bar for each label, in the order given. */
export function barChart(bars: readonly Bar[], { xLabel, ...chart }: BarChartOptions): string {
  const width = chart.width ?? DEFAULT_WIDTH;
  const { margin, shown } = labelMargin(
    bars.map(({ label }) => label),
    width,
  );
  const endOf = ({ value, text: own }: Bar) => own ?? tickText(value);
  const rows = bars.map((bar, row) => ({ row, ...bar, end: endOf(bar) }));
  const bottom = xLabel === undefined ? 26 : 42;
  return plotToSvg({
    height: 6 + bottom + ROW * bars.length,
    ...chart,
    marginLeft: margin,
    marginTop: 6,
    marginBottom: bottom,
    marginRight: 12 + Math.max(0, ...rows.map(({ end }) => textWidth(end))),
    x: { label: xLabel ?? null, nice: true },
    // By number, so that equal labels stay apart.
    y: { label: null, domain: bars.map((_, row) => row), padding: 0.3 },
    marks: [
      gridX({ ticks: 4 }),
      axisX({ ticks: 4, tickSize: 0, tickFormat: tickText, label: xLabel ?? null }),
      axisY({ tickSize: 0, tickFormat: (row: number) => shown(bars[row]!.label) }),
      barX(rows, {
        y: 'row',
        x: 'value',
        fill: (row: Bar) => (row.tone === 'muted' ? muted : accent),
        title: (row: (typeof rows)[number]) => `${row.label}: ${row.end}`,
      }),
      text(rows, { y: 'row', x: 'value', text: 'end', textAnchor: 'start', dx: 5 }),
      ruleX([0], { strokeOpacity: 0.5 }),
    ],
  });
}
