import type { CheckpointOptions } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import type { HeldOutScore } from './held-out-scores.ts';
import {
  type EpochOptions,
  openTrainer,
  type Trainer,
  type TrainingProblem,
  type TrainingRows,
} from './open-trainer.ts';
import { type SettleOptions, settling } from './settle.ts';
import { openStreamedTrainer, type StreamedProblem } from './stream-epochs.ts';
import { trainingKey } from './training-key.ts';

export interface TrainOptions extends SettleOptions {
  /** Most passes over the rows. */
  readonly maxIter: number;
  /** Default true. */
  readonly shuffle?: boolean;
  /** Rows held out, whose loss is taken after every pass. */
  readonly validation?: TrainingRows | undefined;
  /** What is said of them beside the loss. */
  readonly score?: HeldOutScore | undefined;
  /**
   * What says what is better: the loss of training, that of the rows held out, or their score. With either of the latter the
   * parameters of the best pass are kept. Default: the loss of rows held out where there are any, else that of training.
   */
  readonly watch?: 'loss' | 'validationLoss' | 'score' | undefined;
  /** The learning rate of a pass, counted from 0; default: what the schedule of the optimizer says of each step. */
  readonly rate?: ((pass: number) => number) | undefined;
  /**
   * Keeps the state on disk. A training that finds the file goes on from there and ends with the same bits as one that was not
   * interrupted. The file stays when training ends.
   */
  readonly checkpoint?: CheckpointOptions | undefined;
}

/** How a training went, pass by pass. */
export interface TrainingRecord {
  /** Mean loss of each pass, penalty included, each batch's before its step. */
  readonly losses: readonly number[];
  /** Mean loss of the rows held out after each pass; empty without such rows. */
  readonly validationLosses: readonly number[];
  /** Their score after each pass; empty where none was asked for. */
  readonly scores: readonly number[];
}

export interface TrainedNetwork extends TrainingRecord {
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Whether nothing got better before `maxIter`. */
  readonly converged: boolean;
  /** Updates of the parameters. */
  readonly steps: number;
}

/** A trainer whose passes go over all rows, wherever these come from. */
export interface PassTrainer
  extends Pick<Trainer, 'step' | 'assess' | 'parameters' | 'snapshot' | 'restore' | 'close'> {
  /** Rows of a pass, where they are known. */
  readonly rows: number | undefined;
  epoch(options: Pick<EpochOptions, 'rate' | 'rateFactor' | 'shuffle' | 'onStep'>): Promise<number>;
}

/**
 * Trains a network pass by pass until nothing gets better.
 * @throws JobError `train/not-finite`; DataError for rows that do not fit; AbortError; FileError for a checkpoint that does not fit;
 *   DependencyError without ONNX Runtime.
 */
export async function trainNetwork(
  job: Job,
  problem: TrainingProblem | StreamedProblem,
  options: TrainOptions,
): Promise<TrainedNetwork> {
  const trainer =
    'source' in problem ? await openStreamedTrainer(job, problem) : await openTrainer(job, problem);
  try {
    return await passes(job, trainer, problem, options);
  } finally {
    await trainer.close();
  }
}

async function passes(
  job: Job,
  trainer: PassTrainer,
  problem: TrainingProblem | StreamedProblem,
  options: TrainOptions,
): Promise<TrainedNetwork> {
  const { maxIter, validation, score, checkpoint, shuffle = true, rate } = options;
  const { watch = validation === undefined ? 'loss' : 'validationLoss' } = options;
  const key = checkpoint && trainingKey(problem, options);
  const found = checkpoint && (await readCheckpoint(checkpoint.path, key!));
  if (found !== undefined) trainer.restore(found.snapshot);
  const losses = [...(found?.losses ?? [])];
  const validationLosses = [...(found?.validationLosses ?? [])];
  const scores = [...(found?.scores ?? [])];
  let best: Checkpoint['best'] = found?.best ?? null;
  /** The less the better. */
  const watched = () =>
    watch === 'loss' ? losses : watch === 'validationLoss' ? validationLosses : scores.map((value) => -value);

  let standing = settling(watched(), options);
  while (losses.length < maxIter && !standing.hasSettled) {
    const done = losses.length;
    const perPass = trainer.rows === undefined ? undefined : Math.ceil(trainer.rows / problem.batchSize);
    losses.push(
      await trainer.epoch({
        ...{ shuffle, rate: rate?.(done), rateFactor: standing.rateFactor },
        onStep(steps, loss) {
          const share = perPass === undefined ? 0 : Math.min(1, steps / perPass);
          job.progress((done + share) / maxIter, `pass ${done + 1}: loss ${loss.toPrecision(4)}`);
        },
      }),
    );
    if (validation !== undefined) {
      const least = Math.min(...watched());
      const assessed = await trainer.assess(validation);
      validationLosses.push(assessed.loss);
      if (score !== undefined) scores.push(score(assessed.outputs, validation));
      if (watch !== 'loss' && !(watched().at(-1)! >= least)) best = Object.fromEntries(trainer.parameters());
    }
    standing = settling(watched(), options);
    const ends = losses.length === maxIter || standing.hasSettled;
    if (checkpoint !== undefined && (ends || losses.length % (checkpoint.every ?? 1) === 0)) {
      const state = { snapshot: trainer.snapshot(), losses, validationLosses, scores, best };
      await writeCheckpoint(checkpoint.path, state, key!);
    }
    job.progress(losses.length / maxIter, progressText({ losses, validationLosses, scores }));
  }
  return {
    parameters: best === null ? trainer.parameters() : new Map(Object.entries(best)),
    ...{ losses, validationLosses, scores, converged: standing.hasSettled, steps: trainer.step },
  };
}

function progressText({ losses, validationLosses, scores }: TrainingRecord): string {
  const held = validationLosses.length === 0 ? '' : `, held out ${validationLosses.at(-1)!.toPrecision(4)}`;
  const score = scores.length === 0 ? '' : `, score ${scores.at(-1)!.toFixed(4)}`;
  return `pass ${losses.length}: loss ${losses.at(-1)!.toPrecision(4)}${held}${score}`;
}
