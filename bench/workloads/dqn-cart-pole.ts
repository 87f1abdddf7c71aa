import { dqn } from '../../src/models/dqn/dqn.ts';
import type { InProcess } from '../workload.ts';

/** `HEDDLE_BENCH_STEPS` makes trials shorter; what is reported is of 100,000. */
const STEPS = Number(process.env.HEDDLE_BENCH_STEPS ?? 100_000);

/** The settings of rl-baselines3-zoo, on both sides; what is not named here is Stable-Baselines3's default, and so is ours. */
const specification = dqn({
  ...{ learningRate: 2.3e-3, batchSize: 64, bufferSize: 100_000, learningStarts: 1000, gamma: 0.99 },
  ...{ targetUpdateInterval: 10, trainFreq: 256, gradientSteps: 128, hiddenLayers: [256, 256] },
  ...{ explorationFraction: 0.16, explorationFinalEps: 0.04 },
});

interface Learned {
  readonly learning: { readonly steps: number; readonly episodes: number };
}

export const workload: InProcess = {
  title: `DQN on CartPole, ${STEPS.toLocaleString('en')} steps`,
  goal: 3,
  async prepare() {
    return {
      run: () => specification.learn('CartPole-v1', { steps: STEPS, evaluations: 0, finalEpisodes: 0 }),
      // Of the episodes of the learning itself: the policy of the last step swings between 90 and 500 on both sides.
      quality: ({ learning: { steps, episodes } }: Learned) => ({ meanReturn: steps / episodes }),
    };
  },
  compare: ({ meanReturn }, peer) =>
    // Over seeds the mean return of a learning differs by about a fifth on either side.
    meanReturn! >= 0.7 * peer.meanReturn!
      ? undefined
      : `mean return ${meanReturn} against ${peer.meanReturn}`,
};
