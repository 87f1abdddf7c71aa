import type { Label } from '../../core/labels.ts';
import type { PictureSet } from '../../data/pictures/picture-set.ts';
import { type ClassificationEvaluation, evaluateClassification } from '../../metrics/evaluate.ts';
import type { FittedImageClassifier } from '../../models/image-classifier/fit-pictures.ts';
import { predictPictures } from '../../models/image-classifier/predict-pictures.ts';
import { type Io, printLine } from '../io.ts';
import { jobOptions } from '../job-options.ts';
import { metricLines } from '../metric-lines.ts';
import type { ProgressLine } from '../progress-line.ts';
import { confusionLines } from './confusion-lines.ts';

export interface PictureEvaluation {
  readonly metrics: ClassificationEvaluation<Label>;
  readonly truth: readonly string[];
  readonly predicted: readonly string[];
  readonly files: readonly string[];
}

/** Compares what a model says of pictures with their classes. */
export async function evaluatePictures(
  model: FittedImageClassifier,
  pictures: PictureSet,
  surroundings: {
    readonly io: Io;
    readonly flags: { readonly threads: number | undefined };
    readonly progress: ProgressLine;
  },
): Promise<PictureEvaluation> {
  const { signal, threads } = jobOptions('predicting', surroundings);
  const {
    labels: predicted,
    probabilities,
    files,
  } = await predictPictures(model, pictures, { signal, threads });
  const truth = pictures.labels!;
  const { classes, positiveClass } = model;
  const metrics = evaluateClassification<Label>(truth, {
    ...{ predicted, classes },
    probabilities: classes.length === 2 ? probabilities.column(1) : probabilities,
    positiveClass: positiveClass ?? undefined,
  });
  return { metrics, truth, predicted, files };
}

export function printEvaluation(
  { metrics, truth, predicted }: PictureEvaluation,
  io: Io,
  what: string,
): void {
  printLine(io.stdout, `on ${what}:`);
  for (const line of metricLines(metrics)) printLine(io.stdout, line);
  for (const line of confusionLines(truth, predicted)) printLine(io.stdout, line);
}
