import { OptionError } from '../../core/errors.ts';
import { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import { initialParameters } from '../../nets/network.ts';
import type { Optimizer } from '../../nets/optimizers/transforms.ts';
import { holdOut } from '../../nets/train/hold-out.ts';
import type { TrainingRows } from '../../nets/train/open-trainer.ts';
import { type TrainOptions, trainNetwork } from '../../nets/train/train-network.ts';
import { fitByLbfgs } from './fit-by-lbfgs.ts';
import { layersOf, mlpNetwork, parametersOf } from './mlp-network.ts';
import type { MlpOptions } from './mlp-options.ts';
import type { MlpProblem } from './mlp-problem.ts';
import type { MlpState } from './mlp-state.ts';

/**
 * Fits a multilayer perceptron the way scikit-learn does: the same initial weights, batches and order of rows for the same seed, the same
 * steps and the same reasons to stop; in float32.
 */
export async function fitMlp(job: Job, problem: MlpProblem): Promise<MlpState> {
  const { options, from, score } = problem;
  const { maxIter, tol, nIterNoChange, shuffle } = options;
  const random = new RandomState(options.randomState);
  const network = mlpNetwork(problem.x.columns, problem.outputs, options);
  if (options.solver === 'lbfgs' && problem.checkpoint !== undefined) {
    throw new OptionError(
      'option/unsupported',
      `${problem.model}: solver 'lbfgs' keeps no checkpoints. Use 'adam' or 'sgd'.`,
      {
        option: 'checkpoint',
      },
    );
  }
  if (options.solver === 'lbfgs') return fitByLbfgs(job, problem, network, random);
  // The weights are drawn before the rows that are held out, as in scikit-learn.
  const parameters = from === undefined ? initialParameters(network, random) : parametersOf(from.layers);
  const { training, held } = partsOf(problem, random);
  const found = await trainNetwork(
    job,
    {
      ...{ network, loss: problem.loss, optimizer: optimizerOf(options), random, alpha: options.alpha },
      ...{ ...training, parameters },
      batchSize: options.batchSize === 'auto' ? 200 : options.batchSize,
    },
    {
      ...{ maxIter, tol, nIterNoChange, shuffle, score, validation: held },
      checkpoint: problem.checkpoint,
      ...{ watch: held === undefined ? 'loss' : 'score', ...ratesOf(options, training.x.rows) },
    },
  );
  if (!found.converged && held === undefined) {
    job.warn(
      'fit/not-converged',
      `${problem.model} stopped after ${maxIter} passes while the loss still fell by more than tol. Raise maxIter or learningRateInit.`,
    );
  }
  return {
    layers: layersOf(found.parameters, options),
    lossCurve: Float64Array.from(found.losses),
    validationScores: Float64Array.from(found.scores),
    nIter: found.losses.length,
    steps: found.steps,
  };
}

function optimizerOf(options: MlpOptions): Optimizer {
  const { solver, momentum, nesterovsMomentum, beta1, beta2, epsilon, learningRateInit: rate } = options;
  const scaled = { kind: 'scaleByRate', schedule: { kind: 'constant', rate } } as const;
  return solver === 'sgd'
    ? [scaled, { kind: 'trace', momentum, nesterov: nesterovsMomentum }]
    : [{ kind: 'scaleByAdam', beta1, beta2, epsilon, epsilonAt: 'before' }, scaled];
}

/** How the learning rate of sgd goes on. */
function ratesOf(options: MlpOptions, rows: number): Pick<TrainOptions, 'rate' | 'plateau'> {
  const { solver, learningRate, learningRateInit, powerT } = options;
  if (solver !== 'sgd' || learningRate === 'constant') return {};
  return learningRate === 'invscaling'
    ? { rate: (pass) => learningRateInit / (pass * rows + 1) ** powerT }
    : { plateau: { factor: 1 / 5, least: 1e-6 / learningRateInit } };
}

function partsOf(
  problem: MlpProblem,
  random: RandomState,
): { readonly training: TrainingRows; readonly held: TrainingRows | undefined } {
  const { x, target, weight, validation, stratify, model, options } = problem;
  const rows = { x, target, weight };
  if (validation !== undefined || !options.earlyStopping) return { training: rows, held: validation };
  return holdOut(rows, { model, share: options.validationFraction, random, stratify });
}
