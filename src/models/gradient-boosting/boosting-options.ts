import { z } from 'zod';
import { integers, logUniform, option, uniform } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import type { BoostingProblem, BoostingWorkers } from '../../math/trees/boost.ts';

/** The options that classifier and regressor share. */
export const boostingOptions = z.strictObject({
  nEstimators: option(
    z.int().nonnegative().default(100),
    'Most iterations; each adds a tree (a tree for each class when there are more than two).',
    integers(20, 1000, true),
  ),
  learningRate: option(
    z.number().positive().default(0.1),
    'Factor of every leaf: smaller needs more iterations and often predicts better.',
    logUniform(0.01, 0.5),
  ),
  maxLeafNodes: option(
    z.int().min(2).nullable().default(31),
    'Most leaves of a tree; null for no bound.',
    integers(4, 255, true),
  ),
  maxDepth: option(
    z.int().positive().nullable().default(null),
    'Most splits from root to leaf; null for no bound.',
  ),
  minSamplesLeaf: option(
    z.int().positive().default(20),
    'Fewest training rows of a leaf. For classes rows are counted by their share of the second derivatives, as LightGBM does.',
    integers(1, 100, true),
  ),
  minHessianLeaf: option(
    z.number().nonnegative().default(1e-3),
    'Least sum of second derivatives in a leaf; for regression that is the weight of its rows.',
  ),
  minGainToSplit: option(
    z.number().nonnegative().default(0),
    'Least gain of a split: by how much Σ G² / (H + l2Regularization) must grow.',
  ),
  l2Regularization: option(
    z.number().nonnegative().default(0),
    'Penalty on the square of the leaves.',
    logUniform(1e-3, 10),
  ),
  maxBins: option(
    z.int().min(2).max(255).default(255),
    'Most bins that the values of a column are sorted into, not counting missing ones.',
  ),
  maxFeatures: option(
    z.number().positive().max(1).default(1),
    'Share of the columns that each split considers, drawn anew.',
    uniform(0.3, 1),
  ),
  subsample: option(
    z.number().positive().max(1).default(1),
    'Share of the rows that each tree is grown on, drawn anew without replacement.',
    uniform(0.5, 1),
  ),
  validationFraction: option(
    z.number().min(0).lt(1).default(0),
    'Share of the training rows that is held out for early stopping when fit gets no validation set.',
  ),
  nIterNoChange: option(
    z.int().positive().nullable().default(10),
    'With held-out rows: stop after so many iterations without a better loss and keep the trees up to the best; null to keep all.',
  ),
  tol: option(
    z.number().nonnegative().default(1e-7),
    'By how much the held-out loss must fall to count as better.',
  ),
  randomState: option(
    z.int().nonnegative().nullable().default(0),
    'Seed of all that is drawn; null for another each time.',
  ),
});

export type BoostingOptions = z.output<typeof boostingOptions>;

/** What the options say to the mathematics. */
export function boostingSettings(
  options: BoostingOptions,
): Omit<BoostingProblem, 'x' | 'y' | 'sampleWeight' | 'validation' | 'loss' | 'outputs' | 'from'> {
  const { maxLeafNodes, maxDepth, minSamplesLeaf, minHessianLeaf, minGainToSplit, l2Regularization } =
    options;
  const { nEstimators, learningRate, maxBins, maxFeatures, subsample, validationFraction } = options;
  return {
    ...{ nEstimators, learningRate, maxBins, subsample, validationFraction },
    nIterNoChange: options.nIterNoChange,
    tol: options.tol,
    random: new RandomState(options.randomState),
    limits: {
      maxLeafNodes: maxLeafNodes ?? Number.POSITIVE_INFINITY,
      maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
      ...{ minSamplesLeaf, maxFeatures },
      minHessian: minHessianLeaf,
      minGain: minGainToSplit,
      l2: l2Regularization,
    },
  };
}

export function boostingWorkers(job: Job, nEstimators: number): BoostingWorkers {
  return {
    team: job.team,
    checkpoint: () => job.checkpoint(),
    onIteration: (iteration) => job.progress(iteration / nEstimators, `tree ${iteration}`),
  };
}
