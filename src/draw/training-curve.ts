import type { ChartOptions } from './chart-options.ts';
import { type LineSeries, lineChart } from './line-chart.ts';

/** How a training went, pass by pass; fitted networks are such records. */
export interface TrainingCurve {
  readonly lossCurve: ArrayLike<number>;
  /** Of rows held out; empty or absent where there were none. */
  readonly validationLossCurve?: ArrayLike<number> | undefined;
  /** Accuracy or R² of rows held out; empty or absent where there were none. */
  readonly validationScores?: ArrayLike<number> | undefined;
}

/**
 * The losses of a training over its passes as SVG, with those of the rows held out. Where there is only a score of these, it is drawn by
 * itself with `what: 'score'`.
 */
export function trainingCurve(
  { lossCurve, validationLossCurve = [], validationScores = [] }: TrainingCurve,
  { what = 'loss', ...chart }: Partial<ChartOptions> & { readonly what?: 'loss' | 'score' | undefined } = {},
): string {
  const series = (name: string, y: ArrayLike<number>): LineSeries[] =>
    y.length === 0 ? [] : [{ name, x: Array.from({ length: y.length }, (_, i) => i + 1), y }];
  const drawn =
    what === 'score'
      ? series('rows held out', validationScores)
      : [...series('training', lossCurve), ...series('rows held out', validationLossCurve)];
  return lineChart(drawn, {
    title: what === 'score' ? 'Score over the training' : 'Loss over the training',
    description: `${what === 'score' ? 'Score' : 'Mean loss'} of each pass over the rows.`,
    ...{ xLabel: 'Passes', yLabel: what === 'score' ? 'Score' : 'Loss' },
    ...chart,
  });
}
