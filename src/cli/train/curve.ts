import { writeFileAtomic } from '../../core/atomic-file.ts';
import { OptionError } from '../../core/errors.ts';
import type { TrainingCurve } from '../../draw/training-curve.ts';
import { drawTrainingCurve } from '../../nets/train/draw-training-curve.ts';

/** Writes the losses of a trained network as SVG. @throws OptionError for a model that keeps none */
export async function saveCurve(model: object, path: string): Promise<void> {
  const record = curveOf(model);
  if (record === undefined) {
    throw new OptionError(
      'command/bad-flag',
      '--curve draws the losses of a network over its training; this model keeps none.',
      { flag: 'curve' },
    );
  }
  await writeFileAtomic(path, await drawTrainingCurve(record));
}

/** The record of a model, or of the last step of a pipeline. */
function curveOf(model: object): TrainingCurve | undefined {
  if ('lossCurve' in model && ArrayBuffer.isView(model.lossCurve)) return model as TrainingCurve;
  const steps = 'steps' in model && typeof model.steps === 'object' ? Object.values(model.steps ?? {}) : [];
  const last: unknown = steps.at(-1);
  return typeof last === 'object' && last !== null ? curveOf(last) : undefined;
}
