import { SeedStream } from '../../src/environments/episode-seed.ts';
import { evaluatePolicy } from '../../src/environments/evaluate-policy.ts';
import { makeEnvironment } from '../../src/environments/make-environment.ts';
import { type FittedPolicy, policyActor } from '../../src/environments/policy/define-policy.ts';
import { qLearning } from '../../src/models/q-learning/q-learning.ts';
import type { InProcess } from '../workload.ts';

/** The settings of the usual tutorial, on both sides. */
const specification = qLearning({
  ...{ learningRate: 0.1, learningRateSchedule: 'constant', gamma: 0.99 },
  ...{ epsilon: 0.1, epsilonSchedule: 'constant' },
});

export const workload: InProcess = {
  title: 'Q-learning on Taxi, 10,000 episodes',
  goal: 50,
  async prepare() {
    let returned = 0;
    return {
      async run() {
        const model = await specification.learn('Taxi-v3', {
          episodes: 10_000,
          evaluations: 0,
          finalEpisodes: 0,
        });
        returned = (
          await evaluatePolicy(makeEnvironment('Taxi-v3'), policyActor(model), {
            ...{ episodes: 100, randomState: 1, stream: SeedStream.judge },
          })
        ).meanReturn;
        return model;
      },
      quality: (_: FittedPolicy) => ({ meanReturn: returned }),
    };
  },
  compare: ({ meanReturn }, peer) =>
    // The best policy has a mean of 7.9 with a standard error of 0.26 over 100 episodes.
    Math.min(meanReturn!, peer.meanReturn!) > 6.5
      ? undefined
      : `mean return ${meanReturn} against ${peer.meanReturn}`,
};
