import { DataError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import { augmentationPresets } from '../../data/pictures/augment/augmentation.ts';
import { pictureLength } from '../../data/pictures/picture-format.ts';
import { trainTestIndices } from '../../data/split/train-test-indices.ts';
import type { CheckpointOptions } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import type { Network } from '../../nets/network.ts';
import { fittedNetwork } from '../../nets/predict/fitted-network.ts';
import type { TrainingRows } from '../../nets/train/open-trainer.ts';
import { backboneFeatures, backboneMoments, readBackbone } from './backbone.ts';
import { convolutionalNetwork, headNetwork, residualNetwork } from './image-network.ts';
import type { ImageClassifierOptions } from './image-options.ts';
import type { ImageState } from './image-state.ts';
import { type Moments, momentsOf, type PictureData, standardised, unitOf } from './picture-data.ts';
import { trainPictures } from './train-pictures.ts';

export interface ImageProblem {
  readonly options: ImageClassifierOptions;
  readonly data: PictureData;
  readonly classes: number;
  /** Pictures whose loss says when to stop; of the same shape. */
  readonly validation: PictureData | undefined;
  /** Where to keep the state of the training. */
  readonly checkpoint: CheckpointOptions | undefined;
}

/** Fits a network to pictures. @throws DataError, OptionError, FileError, JobError, AbortError */
export async function fitImageClassifier(job: Job, problem: ImageProblem): Promise<ImageState> {
  const random = new RandomState(problem.options.randomState);
  return problem.options.preset === 'backbone'
    ? fitHead(job, problem, random)
    : fitWhole(job, problem, random);
}

async function fitWhole(job: Job, problem: ImageProblem, random: RandomState): Promise<ImageState> {
  const { options, data, classes } = problem;
  const build = options.preset === 'residual' ? residualNetwork : convolutionalNetwork;
  const network = build(data.shape, classes, options);
  const { training, held } = divide(problem, random);
  const moments = momentsOf(data, training);
  return train(job, { ...problem, network, moments, training, held }, random);
}

/** The backbone looks at every picture once, as it is; dense layers learn from what it gives. */
async function fitHead(job: Job, problem: ImageProblem, random: RandomState): Promise<ImageState> {
  const { options, data, classes } = problem;
  const backbone = await readBackbone(options, data.shape);
  const seen = backboneMoments(options.backboneScale, data.shape[0]);
  const featuresOf = async (of: PictureData): Promise<PictureData> => {
    const rows = standardised(of.pixels, seen, of.shape[1] * of.shape[2], unitOf(of.pixels));
    const features = await backboneFeatures(job, backbone, of.shape, rows);
    const pixels = sharedArray(Float32Array, features.length);
    pixels.set(features);
    return { ...of, pixels, shape: [backbone.features, 1, 1] };
  };
  const features = await featuresOf(data);
  const validation = problem.validation && (await featuresOf(problem.validation));
  const { training, held } = divide({ ...problem, data: features, validation }, random);
  const moments = momentsOf(features, training);
  const network = headNetwork(backbone.features, classes, options);
  const plain = { ...options, augmentation: augmentationPresets.none };
  const state = await train(
    job,
    { ...problem, data: features, options: plain, network, moments, training, held },
    random,
  );
  return { ...state, shape: data.shape, moments: seen, backbone: { ...backbone, moments } };
}

interface Division {
  readonly training: Int32Array;
  readonly held: { readonly data: PictureData; readonly pictures: Int32Array } | undefined;
}

function divide({ options, data, validation, classes }: ImageProblem, random: RandomState): Division {
  const all = Int32Array.from(data.codes, (_, i) => i);
  // Pictures without weight teach nothing, and their moments would not count either.
  const counted = data.weight === undefined ? all : all.filter((i) => data.weight![i]! > 0);
  if (validation !== undefined) {
    const pictures = Int32Array.from(validation.codes, (_, i) => i);
    return { training: counted, held: { data: validation, pictures } };
  }
  if (!options.earlyStopping) return { training: counted, held: undefined };
  const counts = new Int32Array(classes);
  for (const i of counted) counts[data.codes[i]!]!++;
  const canStratify = counts.every((count) => count !== 1);
  const { train: kept, test } = trainTestIndices(counted.length, {
    testSize: options.validationFraction,
    randomState: random,
    stratify: canStratify ? counted.map((i) => data.codes[i]!) : undefined,
  });
  if (test.length < 2) {
    throw new DataError(
      'data/too-few-rows',
      `image-classifier would hold out ${test.length} of ${counted.length} pictures to stop early; it needs two at least. Raise validationFraction, or turn earlyStopping off.`,
      { rows: counted.length },
    );
  }
  const at = (indices: Int32Array) => indices.map((i) => counted[i]!);
  return { training: at(kept), held: { data, pictures: at(test) } };
}

interface Training extends ImageProblem, Division {
  readonly network: Network;
  readonly moments: Moments;
}

async function train(job: Job, training: Training, random: RandomState): Promise<ImageState> {
  const { network, options, data, classes, moments, training: pictures, held, checkpoint } = training;
  const found = await trainPictures(
    job,
    {
      ...{ network, options, data, classes, moments, pictures, checkpoint },
      held: held && heldRows(held, moments, classes),
    },
    random,
  );
  const shares = new Float64Array(classes);
  for (const i of pictures) shares[data.codes[i]!]! += 1 / pictures.length;
  return {
    ...{ shape: data.shape, format: data.format, moments, backbone: null },
    network: fittedNetwork(network, found.parameters),
    correction:
      options.balance === 0
        ? new Float64Array(classes)
        : shares.map((share, c) => (share > 0 ? Math.log(share / found.shownShares[c]!) : 0)),
    lossCurve: Float64Array.from(found.lossCurve),
    validationLossCurve: Float64Array.from(found.validationLossCurve),
  };
}

/** Held-out pictures as they are. */
function heldRows(
  { data, pictures }: NonNullable<Division['held']>,
  moments: Moments,
  classes: number,
): TrainingRows {
  const size = pictureLength(data.shape);
  const rows = new Float64Array(pictures.length * size);
  for (const [k, i] of pictures.entries()) rows.set(data.pixels.subarray(i * size, (i + 1) * size), k * size);
  const target = new Float64Array(pictures.length * classes);
  for (const [k, i] of pictures.entries()) target[k * classes + data.codes[i]!] = 1;
  return {
    x: new Matrix({
      rows: pictures.length,
      columns: size,
      data: standardised(rows, moments, data.shape[1] * data.shape[2], unitOf(data.pixels)),
    }),
    target,
    weight: data.weight && Float64Array.from(pictures, (i) => data.weight![i]!),
  };
}
