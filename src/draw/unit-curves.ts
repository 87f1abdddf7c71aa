import { axisX, axisY, gridX, gridY, line, type Markish, ruleY } from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { muted, seriesColor } from './theme.ts';

/** A curve through points of the unit square, in order. */
export interface UnitCurve {
  /** For the legend, e.g. with the area under the curve. */
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** `step`: y holds from a point back to the one before it, as precision over recall. Default `straight`. */
  readonly shape?: 'straight' | 'step' | undefined;
}

export interface UnitCurvesOptions extends ChartOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** What chance gives: the diagonal, or a height. */
  readonly reference?: 'diagonal' | number | undefined;
}

/** Points nearer to the last one drawn than this, in both directions, are left out: a third of a pixel. */
const RESOLUTION = 0.0008;

/** Curves of rates against rates: ROC, precision and recall. */
export function unitCurves(
  curves: readonly UnitCurve[],
  { xLabel, yLabel, reference, ...chart }: UnitCurvesOptions,
): string {
  const rates = { ticks: 5, tickSize: 0, tickFormat: '.1f' } as const;
  const marks: Markish[] = [gridX({ ticks: 5 }), gridY({ ticks: 5 }), axisX(rates), axisY(rates)];
  if (reference === 'diagonal')
    marks.push(
      line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: muted, strokeDasharray: '4 3' },
      ),
    );
  else if (reference !== undefined) marks.push(ruleY([reference], { stroke: muted, strokeDasharray: '4 3' }));
  for (const [index, curve] of curves.entries()) {
    const shape = curve.shape === 'step' ? 'step-after' : 'linear';
    marks.push(
      line(thin(curve), {
        stroke: seriesColor(index),
        strokeWidth: 2,
        curve: shape,
        strokeLinejoin: 'round',
      }),
    );
  }
  return plotToSvg({
    height: 340,
    ...chart,
    marginBottom: 42,
    x: { label: xLabel, domain: [0, 1] },
    y: { label: yLabel, domain: [0, 1] },
    legend: curves.map(({ name }, index) => ({ label: name, color: seriesColor(index) })),
    marks,
  });
}

function thin({ x, y }: UnitCurve): [number, number][] {
  const kept: [number, number][] = [];
  for (let i = 0; i < x.length; i++) {
    const last = kept.at(-1);
    const isNear =
      last !== undefined && Math.abs(x[i]! - last[0]) < RESOLUTION && Math.abs(y[i]! - last[1]) < RESOLUTION;
    if (!isNear || i === x.length - 1) kept.push([x[i]!, y[i]!]);
  }
  return kept;
}
