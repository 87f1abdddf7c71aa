import { createHash } from 'node:crypto';
import type { Job } from '../../jobs/job.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import { openTrainer, type Trainer, type TrainingProblem, type TrainingRows } from './open-trainer.ts';

export interface TrainOptions {
  /** Most passes over the rows. */
  readonly maxIter: number;
  /** By how much a loss must fall to count as better. Default 1e-4. */
  readonly tol?: number;
  /** Passes without a better loss after which training ends; null for none. Default 10. */
  readonly nIterNoChange?: number | null;
  /** Default true. */
  readonly shuffle?: boolean;
  /** Rows whose loss, instead of that of training, says what is better; the best parameters are kept. */
  readonly validation?: TrainingRows | undefined;
  /**
   * A file that keeps the state after every `every` passes (default 1). A training that finds it goes on from there and ends with the
   * same bits as one that was not interrupted. It is left when training ends.
   */
  readonly checkpoint?: { readonly file: string; readonly every?: number } | undefined;
}

export interface TrainedNetwork {
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Mean loss of each pass, penalty included, each batch's before its step. */
  readonly losses: readonly number[];
  /** Mean loss of the rows held out after each pass. */
  readonly validationLosses: readonly number[];
  /** Whether the loss stopped falling before `maxIter`. */
  readonly converged: boolean;
}

/**
 * Trains a network pass by pass until its loss no longer falls.
 * @throws JobError `train/not-finite`; AbortError; FileError for a checkpoint that does not fit; DependencyError without ONNX Runtime.
 */
export async function trainNetwork(
  job: Job,
  problem: TrainingProblem,
  options: TrainOptions,
): Promise<TrainedNetwork> {
  const trainer = await openTrainer(job, problem);
  try {
    return await passes(job, trainer, options, trainingKey(problem));
  } finally {
    await trainer.close();
  }
}

async function passes(
  job: Job,
  trainer: Trainer,
  options: TrainOptions,
  key: string,
): Promise<TrainedNetwork> {
  const { maxIter, validation, checkpoint, shuffle = true } = options;
  const found = checkpoint && (await readCheckpoint(checkpoint.file, key));
  if (found !== undefined) trainer.restore(found.snapshot);
  const losses = [...(found?.losses ?? [])];
  const validationLosses = [...(found?.validationLosses ?? [])];
  const watched = validation === undefined ? losses : validationLosses;
  let best = found?.best ?? null;
  const start = performance.now();
  const before = losses.length;
  while (losses.length < maxIter && !hasSettled(watched, options)) {
    losses.push(await trainer.epoch({ shuffle }));
    if (validation !== undefined) {
      const least = Math.min(...validationLosses);
      const loss = await trainer.evaluate(validation);
      validationLosses.push(loss);
      if (!(loss >= least)) best = Object.fromEntries(trainer.parameters());
    }
    const done = losses.length;
    if (checkpoint !== undefined && done % (checkpoint.every ?? 1) === 0)
      await writeCheckpoint(
        checkpoint.file,
        { snapshot: trainer.snapshot(), losses, validationLosses, best },
        key,
      );
    const leftMs = ((performance.now() - start) / (done - before)) * (maxIter - done);
    const held = validation === undefined ? '' : `, held out ${validationLosses.at(-1)!.toPrecision(4)}`;
    job.progress(
      done / maxIter,
      `pass ${done}: loss ${losses.at(-1)!.toPrecision(4)}${held}, at most ${(leftMs / 1000).toFixed(0)} s left`,
    );
  }
  return {
    parameters: best === null ? trainer.parameters() : new Map(Object.entries(best)),
    ...{ losses, validationLosses, converged: hasSettled(watched, options) },
  };
}

/** Whether the last `nIterNoChange` passes and one more gave nothing better by `tol`. */
function hasSettled(losses: readonly number[], { tol = 1e-4, nIterNoChange = 10 }: TrainOptions): boolean {
  if (nIterNoChange === null) return false;
  let [best, idle] = [Number.POSITIVE_INFINITY, 0];
  for (const loss of losses) {
    idle = loss > best - tol ? idle + 1 : 0;
    best = Math.min(best, loss);
  }
  return idle > nIterNoChange;
}

/** What must be the same for a training to be continued: layers, loss, optimizer, batches and the numbers of rows. */
function trainingKey({
  network,
  loss,
  optimizer,
  x,
  target,
  batchSize,
  alpha,
  shards,
  drawSeed,
}: TrainingProblem): string {
  const hash = createHash('sha256');
  const { rows, columns } = x;
  hash.update(
    JSON.stringify({ network, loss, optimizer, rows, columns, batchSize, alpha, shards, drawSeed }),
  );
  for (const { buffer, byteOffset, byteLength } of [x.data, target])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
