import { readFile } from 'node:fs/promises';
import { FileError, OptionError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import { sharedArray } from '../../core/shared.ts';
import { type PictureShape, pictureLength } from '../../data/pictures/picture-format.ts';
import type { Job } from '../../jobs/job.ts';
import { type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import { loadOnnxRuntime, onnxDigest, openOnnxSession } from '../../tensor/onnx/onnx-session.ts';
import { readOnnx } from '../../tensor/onnx/read-onnx.ts';
import type { ImageClassifierOptions } from './image-options.ts';
import type { Moments } from './picture-data.ts';

/** A frozen network that turns pictures into features: the bytes of its file, which go with the model. */
export interface Backbone {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly input: string;
  readonly output: string;
  readonly features: number;
}

/**
 * What numbers a backbone was trained on, as moments of bytes / 255 by channel. ImageNet's are those that the models of torchvision and the
 * ONNX model zoo expect.
 */
export function backboneMoments(scale: ImageClassifierOptions['backboneScale'], channels: number): Moments {
  const moments = {
    imagenet: { mean: [0.485, 0.456, 0.406], scale: [0.229, 0.224, 0.225] },
    unit: { mean: [0, 0, 0], scale: [1, 1, 1] },
    symmetric: { mean: [0.5, 0.5, 0.5], scale: [0.5, 0.5, 0.5] },
    bytes: { mean: [0, 0, 0], scale: [1 / 255, 1 / 255, 1 / 255] },
  }[scale];
  return {
    mean: Float64Array.from({ length: channels }, (_, c) => moments.mean[c % 3]!),
    scale: Float64Array.from({ length: channels }, (_, c) => moments.scale[c % 3]!),
  };
}

/**
 * Reads the file of a backbone and tries it on a picture.
 * @throws FileError for a file that cannot be read or takes something else than pictures of the shape; OptionError for an output that it
 *   does not have.
 */
export async function readBackbone(
  { backbone, backboneOutput }: ImageClassifierOptions,
  shape: PictureShape,
): Promise<Backbone> {
  const file = backbone!;
  let read: Uint8Array;
  try {
    read = await readFile(file);
  } catch (error) {
    throw fileErrorFrom(error, file, 'read');
  }
  const { inputs, outputs } = await readOnnx(read, file);
  const [input] = inputs;
  if (inputs.length !== 1 || input!.element !== 'float32') {
    throw new FileError(
      'file/unfit-model',
      `'${file}' has ${inputs.length} inputs${inputs.length === 1 ? ` of ${input!.element ?? input!.kind}` : ''}; a backbone takes one of float32, [rows, channels, height, width].`,
      { file },
    );
  }
  const names = outputs.map(({ name }) => name);
  const output = backboneOutput ?? names[0]!;
  if (!names.includes(output)) {
    throw new OptionError(
      'option/invalid',
      `backboneOutput '${output}' is no output of '${file}'; it has ${names.join(', ')}.`,
      { option: 'backboneOutput' },
    );
  }
  const bytes = sharedArray(Uint8Array, read.length);
  bytes.set(read);
  const digest = onnxDigest(bytes);
  const found = { bytes, digest, input: input!.name, output, features: 0 };
  const features = await featuresOf(found, new Float32Array(pictureLength(shape)), shape);
  return { ...found, features: features.length };
}

/** What the backbone makes of one picture, flat. */
async function featuresOf(
  { bytes, digest, input, output }: Backbone,
  picture: Float32Array,
  shape: PictureShape,
): Promise<ArrayLike<number>> {
  const session = await openOnnxSession(bytes, { digest, file: 'the backbone' });
  const given = { [input]: { element: 'float32', dims: [1, ...shape], data: picture } } as const;
  return (await session.run(given, [output]))[output]!.data as ArrayLike<number>;
}

interface FeaturePlan {
  readonly backbone: Backbone;
  readonly shape: PictureShape;
  readonly rows: Float64Array;
  readonly out: Float64Array;
  readonly queue: Queue;
}

/**
 * The features of standardised pictures, row-major [rows, features]. One picture at a time, so that a picture gets the same bits by itself and
 * among many.
 * @param rows Row-major, on shared memory.
 */
export async function backboneFeatures(
  job: Job,
  backbone: Backbone,
  shape: PictureShape,
  rows: Float64Array,
): Promise<Float64Array> {
  // Here rather than on a helper thread, whose errors are told as failures of the machinery.
  await loadOnnxRuntime();
  const count = rows.length / pictureLength(shape);
  const plan: FeaturePlan = {
    ...{ backbone, shape, rows, queue: queueOf() },
    out: sharedArray(Float64Array, count * backbone.features),
  };
  const checkpoint = () => job.checkpoint();
  if (job.threads === 1 || count < 4) await computeFeatures(job.team.alone(checkpoint), plan);
  else {
    const name = 'computeFeatures' satisfies keyof typeof import('./backbone.ts');
    await job.team.gang(import.meta.url, name, plan, checkpoint);
  }
  return plan.out;
}

/** What every thread runs. */
export async function computeFeatures(self: TeamThread, plan: FeaturePlan): Promise<void> {
  const { backbone, shape, rows, out, queue } = plan;
  const size = pictureLength(shape);
  const count = rows.length / size;
  for (let i = takeItem(self, queue, count); i >= 0; i = takeItem(self, queue, count)) {
    const picture = Float32Array.from(rows.subarray(i * size, (i + 1) * size));
    const features = await featuresOf(backbone, picture, shape);
    for (let j = 0; j < backbone.features; j++) out[i * backbone.features + j] = features[j]!;
  }
}
