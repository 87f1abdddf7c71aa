import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { choices, integers, logUniform, option, uniform } from '../../core/options.ts';

export type Algorithm = 'ppo' | 'a2c' | 'reinforce';

const common = {
  algorithm: option(
    z.enum(['ppo', 'a2c', 'reinforce']).default('ppo'),
    'ppo: several passes over each rollout, each step kept close to the policy that played it. a2c: one step for each short rollout. ' +
      'reinforce: one step for whole episodes.',
    choices('ppo', 'a2c'),
  ),
  numEnvs: option(
    z.int().positive().max(1024).default(8),
    'Environments that are stepped side by side; reinforce plays one episode in each before a step.',
    integers(1, 32, true),
  ),
  nSteps: option(
    z.int().positive().max(1_000_000).optional(),
    'Steps of each environment in a rollout; 256 for ppo, 5 for a2c. (ppo, a2c)',
    integers(8, 2048, true),
  ),
  batchSize: option(z.int().min(2).optional(), 'Steps of a minibatch; 64. (ppo)', integers(32, 512, true)),
  nEpochs: option(z.int().positive().optional(), 'Passes over each rollout; 10. (ppo)', integers(3, 20)),
  gamma: option(z.number().min(0).max(1).default(0.99), 'Discount of a step.', uniform(0.9, 0.9999)),
  gaeLambda: option(
    z.number().min(0).max(1).optional(),
    'How far advantages look ahead, from 0 (one step) to 1 (the whole return); 0.95 for ppo, 1 for a2c. (ppo, a2c)',
    uniform(0.8, 1),
  ),
  learningRate: option(
    z.number().positive().optional(),
    'Learning rate, at first; 0.0003 for ppo (Adam), 0.0007 for a2c (RMSprop), 0.002 for reinforce (Adam).',
    logUniform(1e-5, 1e-2),
  ),
  learningRateSchedule: option(
    z.enum(['constant', 'linear']).default('constant'),
    'How it goes to finalLearningRate over the learning.',
    choices('constant', 'linear'),
  ),
  finalLearningRate: option(z.number().nonnegative().default(0), 'Learning rate at last (linear).'),
  clipRange: option(
    z.number().positive().optional(),
    'By how much the probability of an action may change, as a share, before it counts no more; 0.2. (ppo)',
    uniform(0.1, 0.4),
  ),
  clipRangeSchedule: option(
    z.enum(['constant', 'linear']).optional(),
    'How it goes to finalClipRange over the learning; constant. (ppo)',
  ),
  finalClipRange: option(z.number().nonnegative().optional(), 'clipRange at last (linear); 0. (ppo)'),
  clipRangeVf: option(
    z.number().positive().nullable().optional(),
    'By how much a value may change in the steps on one rollout; null: as it will. (ppo)',
  ),
  targetKl: option(
    z.number().positive().nullable().optional(),
    'Passes end once the policy is 1.5 times this far (Kullback and Leibler) from that of the rollout; null: they do not. (ppo)',
  ),
  normalizeAdvantage: option(
    z.boolean().optional(),
    'Scale the advantages of a batch to mean 0 and deviation 1; true for ppo and reinforce, false for a2c.',
  ),
  entCoef: option(
    z.number().nonnegative().default(0),
    'Weight of the entropy, which keeps the policy trying things.',
    logUniform(1e-8, 0.1),
  ),
  vfCoef: option(z.number().nonnegative().default(0.5), 'Weight of the loss of the values.', uniform(0.1, 1)),
  maxGradNorm: option(
    z.number().positive().nullable().default(0.5),
    'Longest gradient, to which longer ones are cut; null: any.',
    logUniform(0.3, 5),
  ),
  baseline: option(
    z.enum(['value', 'mean', 'none']).optional(),
    'What is taken from returns: a learned value of the state, the mean over the episodes, or nothing; value. (reinforce)',
  ),
  hiddenLayers: option(
    z.array(z.int().positive()).default([64, 64]),
    'Units of the hidden layers of the policy, and of the network of values beside it.',
  ),
  activation: option(z.enum(['tanh', 'relu']).default('tanh'), 'Function after each hidden layer.'),
  orthoInit: option(
    z.boolean().default(true),
    'Begin with orthogonal weights, the last ones of the policy small; false: uniform within ±1 ÷ √inputs.',
  ),
  normalizeObservation: option(
    z.boolean().default(false),
    'Scale observations by their running mean and deviation, which the policy keeps.',
  ),
  normalizeReward: option(
    z.boolean().default(false),
    'Scale rewards, while learning, by the running deviation of the discounted return.',
  ),
  randomState: option(
    z
      .int()
      .nonnegative()
      .max(2 ** 32 - 1)
      .nullable()
      .default(0),
    'Seed; null: a new one each time.',
  ),
};

/** Options where an action is one of a few. */
export const choiceOptions = z.strictObject({
  ...common,
  maskActions: option(
    z.boolean().default(true),
    'Choose only among the actions that the environment allows, where it has an actionMask.',
  ),
});

/** Options where an action is numbers. */
export const numberOptions = z.strictObject({
  ...common,
  logStdInit: option(z.number().default(0), 'Logarithm of the standard deviation of the actions, at first.'),
  squashOutput: option(
    z.boolean().default(false),
    'Bring actions between their bounds by tanh; false: cut them there.',
  ),
});

/** Options of both, before it is known what actions are. */
export const eitherOptions = z.strictObject({ ...choiceOptions.shape, ...numberOptions.shape });

type Input = z.output<typeof choiceOptions> & z.output<typeof numberOptions>;
/** Options as they were given; those that not all algorithms have may be missing. */
export type GivenOptions = Partial<Input> & Omit<Input, 'maskActions' | 'logStdInit' | 'squashOutput'>;
type Defined<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };
/** Options with all defaults filled in. */
export type PolicyGradientOptions = Defined<Input>;

type Differing =
  | 'nSteps'
  | 'batchSize'
  | 'nEpochs'
  | 'gaeLambda'
  | 'learningRate'
  | 'clipRange'
  | 'clipRangeSchedule'
  | 'finalClipRange'
  | 'clipRangeVf'
  | 'targetKl'
  | 'normalizeAdvantage'
  | 'baseline';

/** Defaults by algorithm; null where it has no such option. Stable-Baselines3's, whose 2,048 steps are those of 8 × 256 here. */
const defaults: {
  readonly [A in Algorithm]: {
    readonly [D in Differing]: { readonly value: PolicyGradientOptions[D] } | null;
  };
} = {
  ppo: {
    nSteps: { value: 256 },
    batchSize: { value: 64 },
    nEpochs: { value: 10 },
    gaeLambda: { value: 0.95 },
    learningRate: { value: 3e-4 },
    clipRange: { value: 0.2 },
    clipRangeSchedule: { value: 'constant' },
    finalClipRange: { value: 0 },
    clipRangeVf: { value: null },
    targetKl: { value: null },
    normalizeAdvantage: { value: true },
    baseline: null,
  },
  a2c: {
    nSteps: { value: 5 },
    batchSize: null,
    nEpochs: null,
    gaeLambda: { value: 1 },
    learningRate: { value: 7e-4 },
    clipRange: null,
    clipRangeSchedule: null,
    finalClipRange: null,
    clipRangeVf: null,
    targetKl: null,
    normalizeAdvantage: { value: false },
    baseline: null,
  },
  reinforce: {
    nSteps: null,
    batchSize: null,
    nEpochs: null,
    gaeLambda: null,
    learningRate: { value: 2e-3 },
    clipRange: null,
    clipRangeSchedule: null,
    finalClipRange: null,
    clipRangeVf: null,
    targetKl: null,
    normalizeAdvantage: { value: true },
    baseline: { value: 'value' },
  },
};

/** Values that stand in where an algorithm has no such option: its only pass takes all steps; advantages are whole returns less values. */
const without: { readonly [D in Differing]: PolicyGradientOptions[D] } = {
  nSteps: 1,
  batchSize: Number.MAX_SAFE_INTEGER,
  nEpochs: 1,
  gaeLambda: 1,
  learningRate: 1e-3,
  clipRange: 0.2,
  clipRangeSchedule: 'constant',
  finalClipRange: 0,
  clipRangeVf: null,
  targetKl: null,
  normalizeAdvantage: false,
  baseline: 'value',
};

/** @throws OptionError for an option that the algorithm does not have. */
export function requireOwnOptions(given: GivenOptions): void {
  for (const [name, own] of Object.entries(defaults[given.algorithm])) {
    if (own !== null || given[name as Differing] === undefined) continue;
    throw new OptionError(
      'option/unsupported',
      `${given.algorithm} has no option '${name}'; leave it out, or choose another algorithm.`,
      { option: name },
    );
  }
}

/** Fills in the defaults of the algorithm. */
export function completeOptions(given: GivenOptions): PolicyGradientOptions {
  const differing = Object.fromEntries(
    Object.entries(defaults[given.algorithm]).map(([name, own]) => [
      name,
      given[name as Differing] ?? (own ?? { value: without[name as Differing] }).value,
    ]),
  );
  const complete = {
    ...{ maskActions: true, logStdInit: 0, squashOutput: false },
    ...given,
    ...differing,
  } as PolicyGradientOptions;
  // Values that nothing uses are not learned.
  return complete.baseline === 'value' ? complete : { ...complete, vfCoef: 0 };
}
