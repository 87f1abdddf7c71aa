import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { integers, logUniform, option, uniform } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import type { BoostingProblem, BoostingWorkers } from '../../math/trees/boost.ts';
import type { RowSampling } from '../../math/trees/row-sampling.ts';
import { monotonicCstSchema, monotonicDirections } from '../monotonic-cst.ts';
import { type ColumnCategories, categoryCounts } from '../tree-categories.ts';
import { interactionsOf } from './constraints.ts';
import type { MetricFunction } from './eval-metric.ts';
import { learningRateOf, learningRateSchema } from './learning-rate.ts';

const metricName = z.enum(['loss', 'rootMeanSquaredError', 'meanAbsoluteError', 'accuracy', 'rocAuc']);
const columnSchema = z.union([z.string(), z.int().nonnegative()]);

/** The options that classifier and regressor share. */
export const boostingOptions = z.strictObject({
  nEstimators: option(
    z.int().nonnegative().default(100),
    'Most iterations; each adds a tree (a tree for each class when there are more than two).',
    integers(20, 1000, true),
  ),
  learningRate: option(
    learningRateSchema.default(0.1),
    'Factor of every leaf: smaller needs more iterations and often predicts better. Also a list, one an iteration (the last is kept), { shape, initial, final } from the first to the last iteration, or a function of the iteration (0, 1, …).',
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
  l1Regularization: option(
    z.number().nonnegative().default(0),
    'Penalty on the size of the leaves.',
    logUniform(1e-3, 10),
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
    'Share of the columns that each split considers, drawn anew of those that its level may.',
    uniform(0.3, 1),
  ),
  maxFeaturesByTree: option(
    z.number().positive().max(1).default(1),
    'Share of the columns that each tree may ask for.',
  ),
  maxFeaturesByLevel: option(
    z.number().positive().max(1).default(1),
    "Share of a tree's columns that its splits of one depth may ask for.",
  ),
  subsample: option(
    z.number().positive().max(1).default(1),
    'Share of the rows that each tree is grown on, drawn anew without replacement.',
    uniform(0.5, 1),
  ),
  sampling: option(
    z.enum(['uniform', 'goss']).default('uniform'),
    "How rows are drawn: 'uniform' by subsample; 'goss' keeps the rows of the largest gradients and draws from the others.",
  ),
  topRate: option(
    z.number().positive().lt(1).default(0.2),
    "With sampling 'goss': share of the rows that are kept for their gradients.",
  ),
  otherRate: option(
    z.number().positive().lt(1).default(0.1),
    "With sampling 'goss': share of all rows that is drawn from the others.",
  ),
  categoricalFeatures: option(
    z.array(columnSchema).nullable().default(null),
    'Names or positions of columns of numbers that are codes of categories. Columns of text always are.',
  ),
  maxCatToOnehot: option(
    z.int().nonnegative().default(4),
    'Columns of fewer categories have each tried against the others.',
  ),
  catSmooth: option(
    z.number().nonnegative().default(10),
    'Rows below which a category of a node is not set apart; it also steadies the order of the others.',
  ),
  catL2: option(
    z.number().nonnegative().default(10),
    'Added to l2Regularization where several categories are set against the others.',
  ),
  maxCatThreshold: option(
    z.int().positive().default(32),
    'Most categories that a split sets against the others.',
  ),
  minDataPerGroup: option(
    z.int().nonnegative().default(100),
    'Fewest rows of the categories on each side of a split, and by which two candidates differ.',
  ),
  monotonicCst: option(
    monotonicCstSchema(),
    'Columns with which predictions must not fall (1) or not rise (−1): by name, or one number a column (0: as it comes).',
  ),
  interactionCst: option(
    z
      .union([z.enum(['pairwise', 'noInteractions']), z.array(z.array(columnSchema).min(1))])
      .nullable()
      .default(null),
    "Sets of columns (names or positions) that may be asked for on one way down a tree; columns in none form one more. 'pairwise': two at most, 'noInteractions': one.",
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
  evalMetric: option(
    z
      .union(
        [
          metricName,
          z.custom<MetricFunction>((value) => typeof value === 'function', 'It takes a name or a function'),
          z.strictObject({
            evaluate: z.custom<MetricFunction>((value) => typeof value === 'function', 'It takes a function'),
            greaterIsBetter: z.boolean(),
          }),
        ],
        {
          error: `It takes one of ${metricName.options.join(', ')}, a function, or { evaluate, greaterIsBetter }`,
        },
      )
      .default('loss'),
    'What held-out rows are judged by; a function of { y, prediction, sampleWeight } gives a number, smaller is better, or as { evaluate, greaterIsBetter } says.',
  ),
  randomState: option(
    z.int().nonnegative().nullable().default(0),
    'Seed of all that is drawn; null for another each time.',
  ),
});

export type BoostingOptions = z.output<typeof boostingOptions>;

/** The columns of a training table. */
export interface TrainingColumns {
  readonly columns: number;
  readonly names: readonly string[] | undefined;
  readonly categories: readonly ColumnCategories[];
}

/**
 * What the options say to the mathematics.
 * @throws OptionError for a column that is not there, or options that exclude each other.
 */
export function boostingSettings(
  options: BoostingOptions,
  table: TrainingColumns,
): Omit<BoostingProblem, 'x' | 'y' | 'sampleWeight' | 'validation' | 'loss' | 'outputs' | 'from' | 'metric'> {
  const { maxLeafNodes, maxDepth, minSamplesLeaf, minHessianLeaf, minGainToSplit } = options;
  const { nEstimators, maxBins, maxFeatures, maxFeaturesByTree, maxFeaturesByLevel } = options;
  const { validationFraction, nIterNoChange, tol } = options;
  const { maxCatToOnehot, catSmooth, catL2, maxCatThreshold, minDataPerGroup } = options;
  return {
    ...{ nEstimators, maxBins, validationFraction, nIterNoChange, tol },
    learningRate: learningRateOf(options.learningRate, nEstimators),
    sampling: samplingOf(options),
    random: new RandomState(options.randomState),
    categories: categoryCounts(table.categories, table.columns),
    limits: {
      maxLeafNodes: maxLeafNodes ?? Number.POSITIVE_INFINITY,
      maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
      ...{ minSamplesLeaf, maxFeatures, maxFeaturesByTree, maxFeaturesByLevel },
      minHessian: minHessianLeaf,
      minGain: minGainToSplit,
      l1: options.l1Regularization,
      l2: options.l2Regularization,
      monotone: monotonicDirections(options.monotonicCst, table),
      interactions: interactionsOf(options.interactionCst, table),
      categories: { maxCatToOnehot, catSmooth, catL2, maxCatThreshold, minDataPerGroup },
    },
  };
}

function samplingOf({ sampling, subsample, topRate, otherRate }: BoostingOptions): RowSampling {
  if (sampling === 'uniform') return { kind: 'uniform', share: subsample };
  if (subsample === 1) return { kind: 'goss', topRate, otherRate };
  throw new OptionError(
    'option/conflict',
    "sampling 'goss' draws by topRate and otherRate; leave subsample at 1, or use sampling 'uniform'.",
    { option: 'subsample' },
  );
}

export function boostingWorkers(job: Job, nEstimators: number): BoostingWorkers {
  return {
    team: job.team,
    checkpoint: () => job.checkpoint(),
    onIteration: (iteration) => job.progress(iteration / nEstimators, `tree ${iteration}`),
  };
}
