import { OptionError } from '../../core/errors.ts';
import { RandomState } from '../../core/random.ts';
import type { CheckpointOptions } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import type { Loss } from '../../nets/losses/loss.ts';
import type { Network } from '../../nets/network.ts';
import { fittedNetwork, parametersByName } from '../../nets/predict/fitted-network.ts';
import type { HeldOutScore } from '../../nets/train/held-out-scores.ts';
import { holdOut } from '../../nets/train/hold-out.ts';
import type { TrainingRows } from '../../nets/train/open-trainer.ts';
import type { StreamedProblem } from '../../nets/train/stream-epochs.ts';
import { trainNetwork } from '../../nets/train/train-network.ts';
import type { NeuralNetworkOptions } from './neural-network-options.ts';
import type { NeuralNetworkState } from './neural-network-state.ts';
import { optimizerOf } from './optimizer-of.ts';

/** Rows that need not fit into memory. */
export type StreamedRows = Pick<StreamedProblem, 'source' | 'shuffleRows'> & {
  readonly source: { readonly rows: number };
};

export interface NeuralNetworkProblem {
  readonly rows: TrainingRows | StreamedRows;
  /** Named in messages. */
  readonly model: string;
  readonly network: Network;
  readonly loss: Loss;
  /** Classes to divide evenly when rows are held out. */
  readonly stratify: Int32Array | undefined;
  readonly score: HeldOutScore;
  readonly validation: TrainingRows | undefined;
  readonly from: NeuralNetworkState | undefined;
  readonly checkpoint: CheckpointOptions | undefined;
  readonly options: NeuralNetworkOptions;
}

export async function fitNeuralNetwork(job: Job, problem: NeuralNetworkProblem): Promise<NeuralNetworkState> {
  const { options, network, loss, from, score, model, checkpoint } = problem;
  const { epochs, batchSize, patience, tol, monitor, plateauFactor, shuffle, shards } = options;
  const random = new RandomState(options.randomState);
  // Drawn, so that another randomState drops other numbers.
  const drawSeed = random.randint(2 ** 31 - 1);
  const { training, held } = partsOf(problem, random);
  const rows = 'source' in training ? training.source.rows : training.x.rows;
  const found = await trainNetwork(
    job,
    {
      ...{ ...training, network, loss, batchSize, random, drawSeed },
      optimizer: optimizerOf(options, epochs * Math.ceil(rows / batchSize)),
      parameters: from && parametersByName(from.network),
      shards: shards ?? undefined,
    },
    {
      ...{ maxIter: epochs, tol, nIterNoChange: patience, shuffle, score, validation: held, checkpoint },
      watch: held === undefined ? 'loss' : monitor === 'score' ? 'score' : 'validationLoss',
      plateau: plateauFactor === null ? undefined : { factor: plateauFactor, least: 1e-3 },
    },
  );
  if (!found.converged && held === undefined && patience !== null) {
    job.warn(
      'fit/not-converged',
      `${model} stopped after ${epochs} epochs while the loss still fell by more than tol. Raise epochs or learningRate, or hold out rows by validationFraction.`,
    );
  }
  return {
    network: fittedNetwork(network, found.parameters),
    lossCurve: Float64Array.from(found.losses),
    validationLossCurve: Float64Array.from(found.validationLosses),
    validationScores: Float64Array.from(found.scores),
    steps: found.steps,
  };
}

function partsOf(
  { rows, validation, options, model, stratify }: NeuralNetworkProblem,
  random: RandomState,
): { readonly training: TrainingRows | StreamedRows; readonly held: TrainingRows | undefined } {
  const share = options.validationFraction;
  if (validation !== undefined || share === 0) return { training: rows, held: validation };
  if ('x' in rows) return holdOut(rows, { model, share, random, stratify });
  throw new OptionError(
    'option/conflict',
    `${model}: rows of a stream cannot be held out by validationFraction. Give some as validation.`,
    { option: 'validationFraction' },
  );
}
