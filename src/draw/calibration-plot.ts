import { axisX, axisY, dot, gridX, gridY, line, type Markish, rectY } from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { muted, seriesColor } from './theme.ts';

export interface CalibrationSeries {
  readonly name: string;
  /** Per bin: mean predicted probability, observed share, rows. */
  readonly predicted: ArrayLike<number>;
  readonly observed: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** The share of the height that the bars of counts take. */
const COUNT_SHARE = 0.16;

/**
 * Observed shares against predicted probabilities; a calibrated model lies on the diagonal. The bars at the bottom show how many
 * rows each bin of the first series holds. Source: A. Niculescu-Mizil & R. Caruana, "Predicting good probabilities with supervised
 * learning", 2005.
 */
export function calibrationPlot(series: readonly CalibrationSeries[], chart: ChartOptions): string {
  const rates = { ticks: 5, tickSize: 0, tickFormat: '.1f' } as const;
  const marks: Markish[] = [gridX({ ticks: 5 }), gridY({ ticks: 5 }), axisX(rates), axisY(rates)];
  const [first] = series;
  if (first !== undefined) {
    const most = Math.max(1, ...Array.from(first.counts));
    const bars = pointsOf(first).map(({ x, count }) => ({
      x1: x - 0.012,
      x2: x + 0.012,
      y: (count / most) * COUNT_SHARE,
      count,
    }));
    marks.push(
      rectY(bars, {
        x1: 'x1',
        x2: 'x2',
        y: 'y',
        fill: muted,
        fillOpacity: 0.45,
        title: ({ count }: { count: number }) => `${count} rows`,
      }),
    );
  }
  marks.push(
    line(
      [
        [0, 0],
        [1, 1],
      ],
      { stroke: muted, strokeDasharray: '4 3' },
    ),
  );
  for (const [index, one] of series.entries()) {
    const points = pointsOf(one);
    const color = seriesColor(index);
    marks.push(line(points, { x: 'x', y: 'y', stroke: color, strokeWidth: 2 }));
    marks.push(
      dot(points, {
        ...{ x: 'x', y: 'y', r: 4, fill: color },
        title: ({ x, y, count }: (typeof points)[number]) =>
          `${one.name}: predicted ${x.toFixed(2)}, observed ${y.toFixed(2)} in ${count} rows`,
      }),
    );
  }
  return plotToSvg({
    height: 340,
    ...chart,
    marginBottom: 42,
    x: { label: 'Predicted probability', domain: [0, 1] },
    y: { label: 'Observed share', domain: [0, 1] },
    legend: series.map(({ name }, index) => ({ label: name, color: seriesColor(index) })),
    marks,
  });
}

function pointsOf({ predicted, observed, counts }: CalibrationSeries) {
  return Array.from({ length: predicted.length }, (_, i) => ({
    x: predicted[i]!,
    y: observed[i]!,
    count: counts[i]!,
  }));
}
