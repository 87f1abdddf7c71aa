import { createHash } from 'node:crypto';
import type { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import { augmentationOf } from '../../data/pictures/augment/augmentation.ts';
import { drawsOf } from '../../data/pictures/augment/draws.ts';
import { pictureLength } from '../../data/pictures/picture-format.ts';
import type { CheckpointOptions } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { queueOf } from '../../kernels/host/queue.ts';
import { type Network, networkParameters } from '../../nets/network.ts';
import { adamw } from '../../nets/optimizers/optimizers.ts';
import type { Schedule } from '../../nets/optimizers/schedule.ts';
import { readCheckpoint, writeCheckpoint } from '../../nets/train/checkpoint-file.ts';
import { openTrainer, type Trainer, type TrainingRows } from '../../nets/train/open-trainer.ts';
import { settling } from '../../nets/train/settle.ts';
import { epochOrder } from './draw-order.ts';
import { type FillPlan, fillModule, fillPictures } from './fill-pictures.ts';
import type { ImageClassifierOptions } from './image-options.ts';
import type { Moments, PictureData } from './picture-data.ts';

/** What a network learns from. */
export interface PictureTraining {
  readonly network: Network;
  readonly options: ImageClassifierOptions;
  readonly data: PictureData;
  readonly classes: number;
  readonly moments: Moments;
  /** Numbers of the pictures to learn from. */
  readonly pictures: Int32Array;
  /** Pictures held out, as rows that the network takes. */
  readonly held: TrainingRows | undefined;
  /** Where the state is kept; a training that finds the file goes on from there, to the same bits. */
  readonly checkpoint: CheckpointOptions | undefined;
}

export interface TrainedPictures {
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Mean loss of each pass, of the distorted pictures. */
  readonly lossCurve: readonly number[];
  readonly validationLossCurve: readonly number[];
  /** Share of each class in what was shown. */
  readonly shownShares: Float64Array;
}

/** Numbers that are distorted at a time: small enough for memory, large enough to occupy the threads. */
const CHUNK_NUMBERS = 4e6;
/** Pictures of a shard at least, and shards of a batch at most; never by the threads, so that they do not change results. */
const SHARD_PICTURES = 16;
const MOST_SHARDS = 4;

/**
 * Shows pictures, each time distorted anew, pass by pass. Only some batches of them are in memory as numbers at a time.
 * @throws JobError `train/not-finite`; AbortError; FileError for a checkpoint that does not fit; DependencyError without ONNX Runtime.
 */
export async function trainPictures(
  job: Job,
  training: PictureTraining,
  random: RandomState,
): Promise<TrainedPictures> {
  const { network, options, data, classes, pictures } = training;
  const { balance, picturesPerEpoch, epochs } = options;
  const order = epochOrder(pictures, data.codes, { classes, balance, length: picturesPerEpoch }, random);
  const batchSize = Math.min(options.batchSize, order.length);
  const batches = Math.max(1, Math.floor(CHUNK_NUMBERS / (batchSize * pictureLength(data.shape))));
  const capacity = Math.min(order.length, batches * batchSize);
  const trainer = await openTrainer(job, {
    ...{ network, random, batchSize, capacity },
    loss: { kind: 'softCrossEntropy' },
    optimizer: adamw(scheduleOf(options, epochs * Math.ceil(order.length / batchSize)), {
      weightDecay: options.weightDecay,
      clipNorm: 5,
    }),
    shards: Math.max(1, Math.min(MOST_SHARDS, Math.floor(batchSize / shardPictures(network)))),
    drawSeed: random.randint(2 ** 31 - 1),
  });
  try {
    const passed = await passes(job, training, trainer, { order, capacity, random });
    return { ...passed, shownShares: order.shares };
  } finally {
    await trainer.close();
  }
}

/** Batch statistics of a few pictures are too noisy to normalise by. */
function shardPictures(network: Network): number {
  return networkParameters(network).some(({ isBuffer }) => isBuffer) ? 2 * SHARD_PICTURES : SHARD_PICTURES;
}

function scheduleOf({ schedule, learningRate, warmup }: ImageClassifierOptions, steps: number): Schedule {
  const rising = Math.round(warmup * steps);
  const common = { rate: learningRate, warmup: rising };
  const rest = Math.max(1, steps - rising);
  switch (schedule) {
    case 'constant':
      return { kind: 'constant', ...common };
    case 'cosine':
      return { kind: 'cosine', steps: rest, ...common };
    case 'linear':
      return { kind: 'linear', steps: rest, end: 0, ...common };
    default:
      return schedule satisfies never;
  }
}

interface Passing {
  readonly order: ReturnType<typeof epochOrder>;
  readonly capacity: number;
  readonly random: RandomState;
}

async function passes(
  job: Job,
  training: PictureTraining,
  trainer: Trainer,
  { order, capacity, random }: Passing,
): Promise<Omit<TrainedPictures, 'shownShares'>> {
  const { options, data, classes, moments, held, checkpoint } = training;
  const { epochs, nIterNoChange, labelSmoothing } = options;
  const augmentation = augmentationOf(options.augmentation);
  const seed = random.randint(2 ** 31 - 1);
  const size = pictureLength(data.shape);
  const x = sharedArray(Float32Array, capacity * size);
  const target = sharedArray(Float32Array, capacity * classes);
  const slots = sharedArray(Int32Array, capacity);
  for (let i = 0; i < capacity; i++) slots[i] = i;
  const key = checkpoint && pictureTrainingKey(training);
  const found = checkpoint && (await readCheckpoint(checkpoint.path, key!));
  if (found !== undefined) trainer.restore(found.snapshot);
  const lossCurve = [...(found?.losses ?? [])];
  const validationLossCurve = [...(found?.validationLosses ?? [])];
  // What was shown follows from the seed, so going through it again leaves the order where it was.
  for (const _ of lossCurve) order.next();
  let best = found?.best ?? null;
  const standing = () => settling(validationLossCurve, { nIterNoChange });
  const start = performance.now();
  for (let epoch = lossCurve.length; epoch < epochs && !standing().hasSettled; epoch++) {
    const shown = order.next();
    let sum = 0;
    for (let from = 0; from < shown.length; from += capacity) {
      const count = Math.min(capacity, shown.length - from);
      const plan: FillPlan = {
        ...{ shape: data.shape, pixels: data.pixels, codes: data.codes, moments, augmentation, classes },
        ...{ labelSmoothing, order: shown, from, count, x, target, queue: queueOf() },
        key: drawsOf(seed, epoch)() * 2 ** 32,
      };
      await fill(job, plan);
      const weight =
        data.weight && Float64Array.from(slots.subarray(0, count), (i) => data.weight![shown[from + i]!]!);
      const rows = { x: x.subarray(0, count * size), target: target.subarray(0, count * classes) };
      trainer.put({ rows: count, weight, ...rows }, 0, slots.subarray(0, count));
      sum += count * (await trainer.epoch({ shuffle: false, order: slots.subarray(0, count) }));
      const done = (epoch + (from + count) / shown.length) / epochs;
      job.progress(
        done,
        progressText(lossCurve, validationLossCurve, (performance.now() - start) * (1 / done - 1)),
      );
    }
    lossCurve.push(sum / shown.length);
    if (held !== undefined) {
      const least = Math.min(...validationLossCurve);
      const loss = await trainer.evaluate(held);
      validationLossCurve.push(loss);
      if (loss < least) best = Object.fromEntries(trainer.parameters());
    }
    const ends = epoch + 1 === epochs || standing().hasSettled;
    if (checkpoint !== undefined && (ends || (epoch + 1) % (checkpoint.every ?? 1) === 0)) {
      const curves = { losses: lossCurve, validationLosses: validationLossCurve, scores: [], best };
      await writeCheckpoint(checkpoint.path, { snapshot: trainer.snapshot(), ...curves }, key!);
    }
  }
  const parameters = best === null ? trainer.parameters() : new Map(Object.entries(best));
  return { parameters, lossCurve, validationLossCurve };
}

/** What must be the same for a training to be continued: options, pictures, and what is held out. */
function pictureTrainingKey({ options, data, network, pictures, held }: PictureTraining): string {
  const hash = createHash('sha256').update(JSON.stringify([options, network.layers, data.shape]));
  const { pixels, codes, weight } = data;
  for (const values of [pixels, codes, pictures, weight, held?.x.data, held?.target]) {
    if (values === undefined) hash.update('none');
    else hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}

async function fill(job: Job, plan: FillPlan): Promise<void> {
  const checkpoint = () => job.checkpoint();
  if (job.team.threads === 1) fillPictures(job.team.alone(checkpoint), plan);
  else {
    const name = 'fillPictures' satisfies keyof typeof import('./fill-pictures.ts');
    await job.team.gang(fillModule, name, plan, checkpoint);
  }
}

function progressText(losses: readonly number[], held: readonly number[], leftMs: number): string {
  const last = (of: readonly number[], what: string) =>
    of.length === 0 ? '' : `: ${what} ${of.at(-1)!.toPrecision(3)}`;
  return `pass ${losses.length + 1}${last(losses, 'loss')}${last(held, 'held out')}, at most ${(leftMs / 1000).toFixed(0)} s left`;
}
