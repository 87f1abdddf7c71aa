import { axisX, axisY, gridY, rectY, ruleX, ruleY } from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { tickText } from './chart-text.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { accent } from './theme.ts';

/** Counts in bins of equal width from `min` to `max`. */
export interface Bins {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

export interface HistogramOptions extends ChartOptions {
  readonly xLabel: string;
  /** Default `Rows`. */
  readonly yLabel?: string | undefined;
  /** Whether the values are milliseconds since 1970. */
  readonly isDate?: boolean | undefined;
  /** A value to mark, e.g. 0 among residuals. */
  readonly mark?: number | undefined;
}

/** Bars over a continuous axis. */
export function histogram({ min, max, counts }: Bins, options: HistogramOptions): string {
  const { xLabel, yLabel = 'Rows', isDate = false, mark, ...chart } = options;
  // A single value still gets a bar that can be seen.
  const [low, high] = max > min ? [min, max] : [min - 0.5, max + 0.5];
  const at = (edge: number) => low + (high - low) * (edge / counts.length);
  const place = (value: number) => (isDate ? new Date(value) : value);
  const bars = counts.map((rows, bin) => ({ from: place(at(bin)), to: place(at(bin + 1)), rows }));
  return plotToSvg({
    height: 240,
    ...chart,
    x: { label: xLabel, domain: [place(low), place(high)], type: isDate ? 'utc' : 'linear' },
    y: { label: yLabel, domain: [0, Math.max(1, ...counts)], nice: true },
    // Dates take two lines.
    marginBottom: isDate ? 54 : 42,
    marks: [
      gridY({ ticks: 4 }),
      axisX({ ticks: 5, tickSize: 0, ...(!isDate && { tickFormat: tickText }) }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: tickText }),
      rectY(bars, { x1: 'from', x2: 'to', y: 'rows', fill: accent, insetLeft: 0.5, insetRight: 0.5 }),
      ruleY([0], { strokeOpacity: 0.5 }),
      ...(mark === undefined ? [] : [ruleX([mark], { strokeDasharray: '4 3' })]),
    ],
  });
}
