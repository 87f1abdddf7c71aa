import { axisX, axisY, barX, gridX, link, ruleX, text, tickX } from '@observablehq/plot';
import { type ChartOptions, DEFAULT_WIDTH } from './chart-options.ts';
import { textWidth, tickText } from './chart-text.ts';
import { labelMargin } from './label-margin.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { accent, muted, seriesColor } from './theme.ts';

export interface WaterfallStep {
  readonly label: string;
  /** Added to the sum of the steps before it. */
  readonly value: number;
  /** `muted` for what sums up the rest. Default `accent`. */
  readonly tone?: 'accent' | 'muted' | undefined;
}

export interface WaterfallOptions extends ChartOptions {
  readonly xLabel: string;
  readonly start: { readonly label: string; readonly value: number };
  readonly endLabel: string;
}

const ROW = 26;

/** From a first value to a last one by steps: what raises it in red, what lowers it in blue, each bar from where the last one ended. */
export function waterfall(
  steps: readonly WaterfallStep[],
  { xLabel, start, endLabel, ...chart }: WaterfallOptions,
): string {
  let sum = start.value;
  const bars = steps.map(({ label, value, tone }, i) => {
    const from = sum;
    sum += value;
    const color = tone === 'muted' ? muted : value < 0 ? accent : seriesColor(4);
    return { row: i + 1, label, from, to: sum, most: Math.max(from, sum), color, end: signed(value) };
  });
  const ends = [
    { row: 0, label: start.label, at: start.value, end: tickText(start.value) },
    { row: steps.length + 1, label: endLabel, at: sum, end: tickText(sum) },
  ];
  const labels = [start.label, ...steps.map(({ label }) => label), endLabel];
  const { margin, shown } = labelMargin(labels, chart.width ?? DEFAULT_WIDTH);
  const links = [...bars.map(({ from, row }) => ({ at: from, row })), { at: sum, row: steps.length + 1 }];
  const [low, high] = extent([start.value, ...bars.map(({ to }) => to)]);
  return plotToSvg({
    height: 48 + ROW * labels.length,
    ...chart,
    marginLeft: margin,
    marginTop: 6,
    marginBottom: 42,
    marginRight: 14 + Math.max(0, ...[...bars, ...ends].map(({ end }) => textWidth(end))),
    x: { label: xLabel, domain: [low, high] },
    y: { label: null, domain: labels.map((_, row) => row), padding: 0.3, type: 'band' },
    marks: [
      gridX({ ticks: 4 }),
      axisX({ ticks: 4, tickSize: 0, tickFormat: tickText }),
      axisY({ tickSize: 0, tickFormat: (row: number) => shown(labels[row]!) }),
      ruleX([start.value], { stroke: muted, strokeDasharray: '4 3' }),
      link(links, {
        ...{ x1: 'at', x2: 'at', y1: ({ row }: { row: number }) => row - 1, y2: 'row' },
        ...{ strokeOpacity: 0.35 },
      }),
      barX(bars, {
        ...{ x1: 'from', x2: 'to', y: 'row', fill: 'color' },
        title: ({ label, end }: (typeof bars)[number]) => `${label}: ${end}`,
      }),
      tickX(ends, { x: 'at', y: 'row', strokeWidth: 3 }),
      text(bars, { x: 'most', y: 'row', text: 'end', textAnchor: 'start', dx: 5 }),
      text(ends, { x: 'at', y: 'row', text: 'end', textAnchor: 'start', dx: 6, fontWeight: 600 }),
    ],
    color: { type: 'identity' },
  });
}

function signed(value: number): string {
  return value > 0 ? `+${tickText(value)}` : tickText(value);
}

function extent(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const margin = high > low ? 0.04 * (high - low) : Math.abs(high) * 0.05 || 0.5;
  return [low - margin, high + margin];
}
