import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { trainTestIndices } from '../../data/split/train-test-indices.ts';
import type { Job } from '../../jobs/job.ts';
import { initialParameters } from '../../nets/network.ts';
import type { Optimizer } from '../../nets/optimizers/transforms.ts';
import { openTrainer, type Trainer } from '../../nets/train/open-trainer.ts';
import { fitByLbfgs } from './fit-by-lbfgs.ts';
import { layersOf, mlpNetwork, parametersOf } from './mlp-network.ts';
import type { MlpOptions } from './mlp-options.ts';
import type { MlpProblem, MlpRows } from './mlp-problem.ts';
import type { MlpState } from './mlp-state.ts';

/**
 * Fits a multilayer perceptron the way scikit-learn does: the same initial weights, batches and order of rows for the same seed, the same
 * steps and the same reasons to stop; in float32.
 */
export async function fitMlp(job: Job, problem: MlpProblem): Promise<MlpState> {
  const { options, from } = problem;
  const random = new RandomState(options.randomState);
  const network = mlpNetwork(problem.x.columns, problem.outputs, options);
  if (options.solver === 'lbfgs') return fitByLbfgs(job, problem, network, random);
  // The weights are drawn before the rows that are held out, as in scikit-learn.
  const parameters = from === undefined ? initialParameters(network, random) : parametersOf(from.layers);
  const { training, held } = holdOut(problem, random);
  const trainer = await openTrainer(job, {
    ...{ network, loss: problem.loss, optimizer: optimizerOf(options), random, alpha: options.alpha },
    ...{ ...training, parameters },
    batchSize: Math.min(options.batchSize === 'auto' ? 200 : options.batchSize, training.x.rows),
  });
  try {
    return await passes(job, problem, trainer, held);
  } finally {
    await trainer.close();
  }
}

function optimizerOf(options: MlpOptions): Optimizer {
  const { solver, momentum, nesterovsMomentum, beta1, beta2, epsilon, learningRateInit: rate } = options;
  const scaled = { kind: 'scaleByRate', schedule: { kind: 'constant', rate } } as const;
  return solver === 'sgd'
    ? [scaled, { kind: 'trace', momentum, nesterov: nesterovsMomentum }]
    : [{ kind: 'scaleByAdam', beta1, beta2, epsilon, epsilonAt: 'before' }, scaled];
}

function holdOut(problem: MlpProblem, random: RandomState): { training: MlpRows; held: MlpRows | undefined } {
  const { x, target, weight, validation, stratify, options } = problem;
  if (validation !== undefined) return { training: { x, target, weight }, held: validation };
  if (!options.earlyStopping) return { training: { x, target, weight }, held: undefined };
  const testSize = options.validationFraction;
  const { train, test } = trainTestIndices(x.rows, { testSize, randomState: random, stratify });
  if (test.length < 2) {
    throw new DataError(
      'data/too-few-rows',
      `${problem.model}: earlyStopping would hold out ${test.length} of ${x.rows} rows; it needs two at least. Raise validationFraction, or turn earlyStopping off.`,
      { rows: x.rows },
    );
  }
  return { training: takeRows(problem, train), held: takeRows(problem, test) };
}

function takeRows({ x, target, weight }: MlpRows, rows: Int32Array): MlpRows {
  const width = target.length / x.rows;
  const part = target.slice(0, rows.length * width);
  for (const [i, row] of rows.entries()) part.set(target.subarray(row * width, (row + 1) * width), i * width);
  return {
    x: x.take(rows) as Matrix,
    target: part,
    weight: weight && Float64Array.from(rows, (row) => weight[row]!),
  };
}

/** Passes over the rows until nothing gets better. */
async function passes(
  job: Job,
  problem: MlpProblem,
  trainer: Trainer,
  held: MlpRows | undefined,
): Promise<MlpState> {
  const { options, score } = problem;
  const { tol, maxIter, nIterNoChange, shuffle, learningRateInit } = options;
  const lossCurve: number[] = [];
  const scores: number[] = [];
  let [bestLoss, bestScore] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let best = held === undefined ? undefined : trainer.parameters();
  let idle = 0;
  let rate = learningRateInit;
  let converged = false;
  const start = performance.now();
  while (lossCurve.length < maxIter && !converged) {
    const loss = await trainer.epoch({ rate, shuffle });
    lossCurve.push(loss);
    if (held === undefined) {
      idle = loss > bestLoss - tol ? idle + 1 : 0;
      bestLoss = Math.min(bestLoss, loss);
    } else {
      const now = score(await trainer.forward(held.x), held);
      scores.push(now);
      idle = now < bestScore + tol ? idle + 1 : 0;
      if (now > bestScore) {
        bestScore = now;
        best = trainer.parameters();
      }
    }
    if (options.solver === 'sgd' && options.learningRate === 'invscaling')
      rate = learningRateInit / (lossCurve.length * trainer.rows + 1) ** options.powerT;
    const done = lossCurve.length / maxIter;
    job.progress(done, progressText(lossCurve, scores, ((performance.now() - start) / done) * (1 - done)));
    if (idle <= nIterNoChange) continue;
    if (options.solver === 'sgd' && options.learningRate === 'adaptive' && rate > 1e-6) {
      rate /= 5;
      idle = 0;
    } else converged = true;
  }
  if (!converged && held === undefined) {
    job.warn(
      'fit/not-converged',
      `${problem.model} stopped after ${maxIter} passes while the loss still fell by more than tol. Raise maxIter or learningRateInit.`,
    );
  }
  return {
    layers: layersOf(best ?? trainer.parameters(), options),
    lossCurve: Float64Array.from(lossCurve),
    validationScores: Float64Array.from(scores),
    nIter: lossCurve.length,
    steps: trainer.step,
  };
}

function progressText(losses: readonly number[], scores: readonly number[], leftMs: number): string {
  const score = scores.length === 0 ? '' : `, score ${scores.at(-1)!.toFixed(4)}`;
  return `pass ${losses.length}: loss ${losses.at(-1)!.toPrecision(4)}${score}, at most ${(leftMs / 1000).toFixed(0)} s left`;
}
