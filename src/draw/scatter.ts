import { axisX, axisY, gridX, gridY, line, type Markish, ruleY } from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { tickText } from './chart-text.ts';
import { dotsMark } from './dots-mark.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { accent } from './theme.ts';

export interface ScatterOptions extends ChartOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** `diagonal`: y = x, on axes of one range; `zero`: y = 0. Default `none`. */
  readonly reference?: 'diagonal' | 'zero' | 'none' | undefined;
}

/** One dot for each pair of finite numbers. */
export function scatter(
  { x, y }: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> },
  { xLabel, yLabel, reference = 'none', ...chart }: ScatterOptions,
): string {
  const kept = Array.from({ length: x.length }, (_, i) => i).filter(
    (i) => isDrawable(x[i]!) && isDrawable(y[i]!),
  );
  const xs = kept.map((i) => x[i]!);
  const ys = kept.map((i) => y[i]!);
  const both = extent([...xs, ...ys]);
  const [xDomain, yDomain] =
    reference === 'diagonal' ? [both, both] : [extent(xs), extent(reference === 'zero' ? [...ys, 0] : ys)];
  const marks: Markish[] = [
    gridX({ ticks: 5 }),
    gridY({ ticks: 5 }),
    axisX({ ticks: 5, tickSize: 0, tickFormat: tickText }),
    axisY({ ticks: 5, tickSize: 0, tickFormat: tickText }),
    dotsMark(xs, ys, { color: accent, radius: 2.2, opacity: opacityFor(kept.length) }) as unknown as Markish,
  ];
  if (reference === 'diagonal')
    marks.push(
      line(
        [
          [both[0], both[0]],
          [both[1], both[1]],
        ],
        { strokeDasharray: '4 3' },
      ),
    );
  if (reference === 'zero') marks.push(ruleY([0], { strokeDasharray: '4 3' }));
  return plotToSvg({
    height: 320,
    ...chart,
    marginBottom: 42,
    marginLeft: 52,
    x: { label: xLabel, domain: xDomain },
    y: { label: yLabel, domain: yDomain },
    marks,
  });
}

/** Finite, and so is the range of any such numbers. */
function isDrawable(value: number): boolean {
  return Math.abs(value) < 1e300;
}

/** Fuller for few dots, so that they are seen; fainter for many, so that density is. */
function opacityFor(dots: number): number {
  return dots <= 200 ? 0.7 : dots <= 1000 ? 0.45 : 0.3;
}

/** The range of the values with a margin of 3% on either side. */
function extent(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const margin = high > low ? (high - low) * 0.03 : Math.abs(high) * 0.05 || 0.5;
  return [low - margin, high + margin];
}
