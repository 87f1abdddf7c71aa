import type { z } from 'zod';
import type { dqnOptions } from './dqn-options.ts';

/**
 * Options that learn well in environments that heddle brings, for the steps that are named:
 *
 *     await dqn(dqnPresets['CartPole-v1']).learn('CartPole-v1', { steps: 100_000, evaluations: 40 });
 */
export const dqnPresets = {
  /** For 100,000 steps. */
  'CartPole-v1': {
    ...{ learningRate: 0.001, learningRateSchedule: 'linear', batchSize: 64, bufferSize: 100_000 },
    ...{ learningStarts: 1000, trainFreq: 4, gradientSteps: 2, targetUpdateInterval: 500 },
    ...{ explorationFraction: 0.2, explorationFinalEps: 0.04 },
    ...{ double: true, duelling: true, nSteps: 5 },
  },
  /** For 200,000 steps. */
  'Acrobot-v1': {
    ...{ learningRate: 0.001, learningRateSchedule: 'linear', batchSize: 64, bufferSize: 200_000 },
    ...{ learningStarts: 1000, trainFreq: 4, gradientSteps: 1, targetUpdateInterval: 500 },
    ...{ explorationFraction: 0.2, explorationFinalEps: 0.05 },
    ...{ double: true, duelling: true, nSteps: 5 },
  },
} as const satisfies Readonly<Record<string, z.input<typeof dqnOptions>>>;
