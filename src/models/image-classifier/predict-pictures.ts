import { FileError, OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { PictureFormat } from '../../data/pictures/picture-format.ts';
import { pictureFormatOptions } from '../../data/pictures/picture-format.ts';
import { PictureSet, type SkippedPicture } from '../../data/pictures/picture-set.ts';
import { readPictureFiles } from '../../data/pictures/read-pictures.ts';
import type { PredictOptions } from '../../define/fit-options.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { FittedImageClassifier } from './fit-pictures.ts';
import type { ImageState } from './image-state.ts';

/** What a model says of pictures. */
export interface PicturePredictions {
  readonly files: readonly string[];
  /** The most likely class of each. */
  readonly labels: readonly string[];
  /** Pictures × classes. */
  readonly probabilities: Matrix;
  /** Files that could not be read, which are not among `files`. */
  readonly skipped: readonly SkippedPicture[];
}

/** Pictures that are numbers at a time. */
const BLOCK = 512;

/**
 * What a model says of files, or of pictures that were read before in its format.
 * @throws DataError `picture/none` where no file can be read, `data/column-count` for pictures of another size.
 */
export async function predictPictures(
  model: FittedImageClassifier,
  pictures: PictureSet | readonly string[],
  options: PredictOptions & { readonly maxPixels?: number | undefined } = {},
): Promise<PicturePredictions> {
  const { maxPixels, ...how } = options;
  const set =
    pictures instanceof PictureSet
      ? pictures
      : await readPictureFiles(
          pictures,
          { ...pictureFormat(model), ...(maxPixels !== undefined && { maxPixels }) },
          { signal: how.signal },
        );
  const classes = model.classes.length;
  const data = sharedArray(Float64Array, set.count * classes);
  for (let from = 0; from < set.count; from += BLOCK) {
    const count = Math.min(BLOCK, set.count - from);
    const block = set.take(Array.from({ length: count }, (_, i) => from + i)).toMatrix();
    data.set((await model.predictProba(block, how)).data, from * classes);
  }
  const probabilities = new Matrix({ rows: set.count, columns: classes, data });
  const labels = Array.from(set.files, (_, i) => {
    const row = probabilities.row(i);
    return model.classes[row.indexOf(Math.max(...row))]!;
  });
  return { files: set.files, labels, probabilities, skipped: set.skipped };
}

/** Whether a model of any kind looks at pictures. */
export function isImageClassifier(model: Pick<FittedModel, 'specification'>): model is FittedImageClassifier {
  return model.specification.name === 'image-classifier';
}

/**
 * How files become what the model takes: as in its training; for one that learned from rows, square pictures of its size.
 * @throws OptionError when its rows are no square pictures.
 */
export function pictureFormat(model: FittedImageClassifier): PictureFormat {
  const { format, shape } = model.state as ImageState;
  if (format !== null) return format;
  const [channels, height, width] = shape;
  if (height === width && (channels === 1 || channels === 3))
    return pictureFormatOptions.parse({ size: height, channels });
  throw new OptionError(
    'picture/format',
    `The model takes pictures of ${channels} channels, ${height} × ${width}; files become square pictures of 1 or 3 channels.`,
    {},
  );
}

/** The model of a file as one that looks at pictures. @throws FileError naming the file for any other. */
export function requireImageClassifier(
  model: Pick<FittedModel, 'specification'>,
  path: string,
): FittedImageClassifier {
  if (isImageClassifier(model)) return model;
  throw new FileError(
    'file/unfit-model',
    `'${path}' holds a ${model.specification.name}, which takes a table, not pictures.`,
    { file: path },
  );
}
