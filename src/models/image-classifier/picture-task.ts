import type { Label } from '../../core/labels.ts';
import type { CheckpointOptions } from '../../define/definition.ts';
import { shareState } from '../../define/tasks.ts';
import type { Job } from '../../jobs/job.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { fitImageClassifier } from './fit-image-classifier.ts';
import type { ImageClassifierOptions } from './image-options.ts';
import type { ImageState } from './image-state.ts';
import type { PictureData } from './picture-data.ts';

export interface PicturePayload {
  readonly options: ImageClassifierOptions;
  readonly classes: readonly Label[];
  readonly data: PictureData;
  readonly validation: PictureData | undefined;
  readonly checkpoint: CheckpointOptions | undefined;
}

/** Runs in a worker. */
export async function fitPicturesTask(payload: PicturePayload, job: Job): Promise<ImageState> {
  const { options, classes, data, validation, checkpoint } = payload;
  const weights = { y: data.codes, classes, sampleWeight: data.weight };
  const weight = applyClassWeight(options.classWeight, weights);
  const state = await fitImageClassifier(job, {
    ...{ options, validation, checkpoint, classes: classes.length },
    data: { ...data, weight },
  });
  return shareState(state) as ImageState;
}
