import type { LearningRecord } from './learning.ts';

/** Mean return over the steps of the learning, with a band of one standard deviation, as an SVG picture. */
export async function drawLearningCurve({ curve, environmentName }: LearningRecord): Promise<string> {
  // The library of charts takes a while to load.
  const { lineChart } = await import('../../draw/line-chart.ts');
  const { steps, meanReturn, standardDeviation } = curve;
  const band = (sign: number) => meanReturn.map((mean, k) => mean + sign * standardDeviation[k]!);
  return lineChart([{ name: 'mean return', x: steps, y: meanReturn, low: band(-1), high: band(1) }], {
    title: `Return in ${environmentName} over the learning`,
    description: 'Mean of the evaluation episodes, with one standard deviation to either side.',
    ...{ xLabel: 'Steps', yLabel: 'Return of an episode' },
  });
}
