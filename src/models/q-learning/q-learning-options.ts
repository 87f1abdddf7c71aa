import { z } from 'zod';
import { choices, logUniform, option, uniform } from '../../core/options.ts';

const perNumber = z.array(z.number());

export const qLearningOptions = z.strictObject({
  algorithm: option(
    z.enum(['q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning']).default('q-learning'),
    'What the value of the next state is: that of its best action, of the action that is taken, the mean over the policy, or that of one ' +
      'table for the best action of another.',
    choices('q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning'),
  ),
  nSteps: option(
    z.int().positive().max(10_000).default(1),
    'Rewards that are added up before a value is trusted.',
  ),
  gamma: option(z.number().min(0).max(1).default(0.99), 'Discount of a step.', uniform(0.9, 1)),
  learningRate: option(
    z.number().positive().max(1).default(1),
    'Share by which a value moves to its new estimate, at first.',
    logUniform(0.01, 1),
  ),
  learningRateSchedule: option(
    z.enum(['constant', 'linear', 'exponential', 'visits']).default('visits'),
    'How the share falls to finalLearningRate: over the learning, or with the visits n of a state and action as learningRate ÷ n^learningRatePower.',
  ),
  learningRatePower: option(
    z.number().positive().max(1).default(0.5),
    'Power of the visits.',
    uniform(0.4, 1),
  ),
  finalLearningRate: option(z.number().nonnegative().max(1).default(0.001), 'The least share.'),
  learningRateFraction: option(
    z.number().positive().max(1).default(1),
    'Part of the learning after which it is reached (linear, exponential).',
  ),
  epsilon: option(z.number().min(0).max(1).default(1), 'Share of random actions, at first.'),
  epsilonSchedule: option(
    z.enum(['constant', 'linear', 'exponential']).default('linear'),
    'How it goes to finalEpsilon.',
  ),
  finalEpsilon: option(z.number().min(0).max(1).default(0.1), 'Share of random actions at last.'),
  epsilonFraction: option(
    z.number().positive().max(1).default(0.5),
    'Part of the learning after which it is reached.',
  ),
  initialValue: option(z.number().default(0), 'Values to begin with; high ones make it try everything.'),
  bins: option(
    z.union([z.int().min(1), z.array(z.int().min(1))]).default(10),
    'Bins of each number of a continuous observation, or of all.',
  ),
  low: option(
    perNumber.optional(),
    'Lower ends of the ranges in bins; default: of the space, or what a random policy meets.',
  ),
  high: option(perNumber.optional(), 'Upper ends.'),
  randomState: option(
    z
      .int()
      .nonnegative()
      .max(2 ** 32 - 1)
      .nullable()
      .default(0),
    'Seed; null: a new one each time.',
  ),
});

export type QLearningOptions = z.output<typeof qLearningOptions>;
