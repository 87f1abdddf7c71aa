import { DataError, OptionError } from '../../core/errors.ts';
import { pictureShape } from '../../data/pictures/picture-format.ts';
import type { PictureSet } from '../../data/pictures/picture-set.ts';
import { readPictures } from '../../data/pictures/read-pictures.ts';
import type { ClassifierSpecification, FittedClassifier } from '../../define/define-classifier.ts';
import type { CheckpointOptions } from '../../define/definition.ts';
import { checkCheckpoint, encodeWeights } from '../../define/fit-options.ts';
import { encodeLabels } from '../../define/targets.ts';
import type { JobOptions, JobWarning } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import type { ImageClassifierAttributes } from './image-classifier.ts';
import type { ImageClassifierOptions } from './image-options.ts';
import type { ImageState } from './image-state.ts';
import type { PictureData } from './picture-data.ts';
import type { PicturePayload } from './picture-task.ts';

/** A fitted classifier of pictures. */
export type FittedImageClassifier = FittedClassifier<string, ImageClassifierAttributes>;

export interface FitPicturesOptions extends JobOptions {
  /** Weight of each picture, at least 0. */
  readonly sampleWeight?: readonly number[] | Float64Array | undefined;
  /** Pictures whose loss says when to stop; of the same format. */
  readonly validation?: PictureSet | undefined;
  /** With two classes, the one that metrics such as precision are about. Default: the second in order. */
  readonly positiveClass?: string | undefined;
  /** Keeps the state of the training in a file; the same fit on the same pictures goes on from there and ends with the same bits. */
  readonly checkpoint?: CheckpointOptions | undefined;
}

/**
 * Fits a classifier to pictures of a folder with one folder for each class, or to pictures that were read before. The pictures stay
 * bytes; only some batches of them are numbers at a time.
 *
 *     const model = await fitPictures(imageClassifier({ epochs: 20 }), 'pets');
 *     await predictPictures(model, ['photo.jpg']);
 *
 * @param pictures A folder (read as {@link readPictures} reads it by default), or what that gave.
 * @throws as {@link readPictures}; DataError `data/one-class`; FileError for a checkpoint of another training; OptionError, JobError, AbortError, DependencyError.
 */
export async function fitPictures(
  specification: ClassifierSpecification<ImageClassifierAttributes>,
  pictures: PictureSet | string,
  options: FitPicturesOptions = {},
): Promise<FittedImageClassifier> {
  const start = performance.now();
  const set = typeof pictures === 'string' ? await readPictures(pictures, {}, options) : pictures;
  const { codes, classes } = await encodeLabels(labelsOf(set));
  if (classes.length < 2) {
    throw new DataError(
      'data/one-class',
      `All pictures are of class '${classes[0]}'; a classifier needs at least two.`,
      { class: String(classes[0]) },
    );
  }
  const positiveClass = positiveOf(classes as readonly string[], options.positiveClass);
  const warnings: string[] = [];
  const { validation } = options;
  const checkpoint = checkCheckpoint(options.checkpoint);
  const state = await runJob<PicturePayload, ImageState>({
    ...options,
    onWarning(warning: JobWarning) {
      warnings.push(warning.message);
      if (options.onWarning === undefined) process.emitWarning(warning.message, { code: warning.code });
      else options.onWarning(warning);
    },
    module: new URL(`./picture-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href,
    name: 'fitPicturesTask' satisfies keyof typeof import('./picture-task.ts'),
    payload: {
      options: specification.options as ImageClassifierOptions,
      ...{ classes, checkpoint },
      data: dataOf(set, codes, await encodeWeights(options.sampleWeight, set.count)),
      validation:
        validation && dataOf(requireFormat(validation, set), knownCodes(validation, classes), undefined),
    },
  });
  return specification.restore({
    state,
    schema: { columns: set.length },
    target: { kind: 'classes', classes, positiveClass },
    summary: { rows: set.count, seconds: (performance.now() - start) / 1000, warnings },
  }) as FittedImageClassifier;
}

/** @throws OptionError for one that is not among the classes. */
function positiveOf(classes: readonly string[], given: string | undefined): string | null {
  if (given !== undefined && !classes.includes(given)) {
    throw new OptionError(
      'option/invalid',
      `positiveClass '${given}' is not among the classes ${classes.slice(0, 10).join(', ')}.`,
      { option: 'positiveClass' },
    );
  }
  return classes.length === 2 ? (given ?? classes[1]!) : null;
}

function dataOf(set: PictureSet, codes: Int32Array, weight: Float64Array | undefined): PictureData {
  const { format, pixels } = set;
  return { shape: pictureShape(format), pixels, codes, weight, format };
}

function labelsOf({ labels, count }: PictureSet): readonly string[] {
  if (labels !== undefined) return labels;
  throw new DataError(
    'picture/no-classes',
    `The ${count} pictures have no classes. Put them into one folder for each class and read that with readPictures.`,
  );
}

function knownCodes(set: PictureSet, classes: readonly unknown[]): Int32Array {
  return Int32Array.from(labelsOf(set), (label, i) => {
    const code = classes.indexOf(label);
    if (code >= 0) return code;
    throw new DataError(
      'data/unknown-class',
      `${set.files[i]} is of class '${label}', which the training pictures lack.`,
      { class: label },
    );
  });
}

/** @throws DataError for pictures of another size or number of channels. */
function requireFormat(set: PictureSet, { format }: PictureSet): PictureSet {
  if (set.format.size === format.size && set.format.channels === format.channels) return set;
  throw new DataError(
    'picture/format',
    `The pictures held out have ${set.format.channels} channels of ${set.format.size} pixels a side, those of training ${format.channels} of ${format.size}.`,
    {},
  );
}
