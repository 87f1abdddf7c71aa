import { z } from 'zod';
import { choices, integers, logUniform, option, uniform } from '../../core/options.ts';
import { randomStateSchema } from '../../core/seed-schema.ts';

export const dqnOptions = z.strictObject({
  learningRate: option(
    z.number().positive().default(1e-4),
    'Learning rate of Adam, at first.',
    logUniform(1e-5, 1e-2),
  ),
  learningRateSchedule: option(
    z.enum(['constant', 'linear']).default('constant'),
    'How it goes to finalLearningRate over the learning.',
    choices('constant', 'linear'),
  ),
  finalLearningRate: option(z.number().nonnegative().default(0), 'Learning rate at last (linear).'),
  bufferSize: option(
    z.int().positive().max(50_000_000).default(1_000_000),
    'Steps that the replay remembers; the oldest go first.',
    integers(10_000, 1_000_000, true),
  ),
  learningStarts: option(
    z.int().nonnegative().default(100),
    'Steps that are taken at random before anything is learned.',
    integers(0, 10_000),
  ),
  batchSize: option(
    z.int().positive().max(65_536).default(32),
    'Remembered steps that an update learns from.',
    integers(16, 512, true),
  ),
  tau: option(
    z.number().positive().max(1).default(1),
    'Share by which the target network moves to the network when it is updated; 1 copies.',
    logUniform(0.001, 1),
  ),
  gamma: option(z.number().min(0).max(1).default(0.99), 'Discount of a step.', uniform(0.9, 0.9999)),
  trainFreq: option(
    z.int().positive().default(4),
    'Steps of the environment between rounds of updates.',
    integers(1, 256, true),
  ),
  gradientSteps: option(
    z.union([z.literal(-1), z.int().positive()]).default(1),
    'Updates in a round; −1: as many as there were steps.',
    integers(1, 128, true),
  ),
  targetUpdateInterval: option(
    z.int().positive().default(10_000),
    'Steps of the environment between updates of the target network.',
    integers(1, 20_000, true),
  ),
  explorationFraction: option(
    z.number().positive().max(1).default(0.1),
    'Part of the learning in which the share of random actions falls to its last value.',
    uniform(0.02, 0.5),
  ),
  explorationInitialEps: option(z.number().min(0).max(1).default(1), 'Share of random actions, at first.'),
  explorationFinalEps: option(
    z.number().min(0).max(1).default(0.05),
    'Share of random actions at last.',
    uniform(0, 0.2),
  ),
  maxGradNorm: option(
    z.number().positive().nullable().default(10),
    'Longest gradient, to which longer ones are cut; null: any.',
    logUniform(0.3, 20),
  ),
  hiddenLayers: option(
    z.array(z.int().positive().max(8192)).max(16).default([64, 64]),
    'Units of the hidden layers, each followed by ReLU.',
  ),
  double: option(
    z.boolean().default(false),
    'The network chooses the best next action, the target network says what it is worth; values are then less too high.',
    choices(true, false),
  ),
  duelling: option(
    z.boolean().default(false),
    'What a state is worth and what an action adds to it are learned apart, in two streams from the last hidden layer on.',
    choices(true, false),
  ),
  prioritized: option(
    z.boolean().default(false),
    'Learn more often from the steps whose values were off by most.',
    choices(true, false),
  ),
  prioritizedAlpha: option(
    z.number().min(0).max(1).default(0.6),
    'How much more often: power of the error; 0: all alike (prioritized).',
    uniform(0.3, 0.9),
  ),
  prioritizedBeta: option(
    z.number().min(0).max(1).default(0.4),
    'How far that is made up for by weights, at first; at last wholly (prioritized).',
    uniform(0.3, 1),
  ),
  prioritizedEps: option(
    z.number().positive().default(1e-6),
    'Added to errors, so that every step may come again (prioritized).',
  ),
  nSteps: option(
    z.int().positive().max(1000).default(1),
    'Rewards that are added up before the value of a state is asked for.',
    integers(1, 10),
  ),
  maskActions: option(
    z.boolean().default(true),
    'Choose only among the actions that the environment allows, where it has an actionMask.',
  ),
  randomState: option(randomStateSchema(), 'Seed; null: a new one each time.'),
});

export type DqnOptions = ReturnType<typeof dqnOptions.parse>;
