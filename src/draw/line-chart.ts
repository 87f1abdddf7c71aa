import { areaY, axisX, axisY, dot, gridY, line, type Markish } from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { tickText } from './chart-text.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { seriesColor } from './theme.ts';

export interface LineSeries {
  readonly name: string;
  readonly x: ArrayLike<number>;
  /** Not finite where there is no point. */
  readonly y: ArrayLike<number>;
  /** A band around the line, e.g. ± one standard deviation. */
  readonly low?: ArrayLike<number> | undefined;
  readonly high?: ArrayLike<number> | undefined;
}

export interface LineChartOptions extends ChartOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Default `linear`. */
  readonly xScale?: 'linear' | 'log' | undefined;
  readonly yScale?: 'linear' | 'log' | undefined;
}

/** Above this many points of a series its dots would hide its line. */
const MOST_DOTS = 30;

/** Lines with bands: learning curves, losses over steps, scores over the values of an option. */
export function lineChart(
  series: readonly LineSeries[],
  { xLabel, yLabel, xScale = 'linear', yScale = 'linear', ...chart }: LineChartOptions,
): string {
  const marks: Markish[] = [
    gridY({ ticks: 5 }),
    axisX({ ticks: 5, tickSize: 0, tickFormat: tickText }),
    axisY({ ticks: 5, tickSize: 0, tickFormat: tickText }),
  ];
  for (const [index, { name, x, y, low, high }] of series.entries()) {
    const color = seriesColor(index);
    const points = Array.from({ length: x.length }, (_, i) => ({
      x: x[i]!,
      y: y[i]!,
      low: low?.[i],
      high: high?.[i],
    }));
    const banded = points.filter((point) => Number.isFinite(point.low) && Number.isFinite(point.high));
    if (banded.length > 1)
      marks.push(areaY(banded, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.16 }));
    marks.push(line(points, { x: 'x', y: 'y', stroke: color, strokeWidth: 2 }));
    if (points.length > MOST_DOTS) continue;
    const present = points.filter((point) => Number.isFinite(point.y));
    const title = (point: { x: number; y: number }) =>
      `${name}: ${tickText(point.y)} at ${tickText(point.x)}`;
    marks.push(dot(present, { x: 'x', y: 'y', r: 3.2, fill: color, title }));
  }
  return plotToSvg({
    height: 300,
    ...chart,
    marginBottom: 42,
    marginLeft: 52,
    x: { label: xLabel, type: xScale },
    y: { label: yLabel, type: yScale, nice: true, zero: false },
    ...(series.length > 1 && {
      legend: series.map(({ name }, index) => ({ label: name, color: seriesColor(index) })),
    }),
    marks,
  });
}
