import type { ChartOptions } from '../../draw/chart-options.ts';
import type { TrainingCurve } from '../../draw/training-curve.ts';

export interface DrawTrainingCurveOptions extends Partial<ChartOptions> {
  /** The losses (the default), or the score of the rows held out. */
  readonly what?: 'loss' | 'score' | undefined;
}

/**
 * The losses of a fitted network over its passes, with those of rows held out, as an SVG picture.
 *
 *     const model = await neuralNetworkClassifier({ validationFraction: 0.1 }).fit(x, y);
 *     await writeFile('curve.svg', await drawTrainingCurve(model));
 */
export async function drawTrainingCurve(
  record: TrainingCurve,
  options: DrawTrainingCurveOptions = {},
): Promise<string> {
  // The library of charts takes a while to load.
  const { trainingCurve } = await import('../../draw/training-curve.ts');
  return trainingCurve(record, options);
}
