import { episodeSeed, SeedStream } from '../../src/environments/episode-seed.ts';
import { makeEnvironment } from '../../src/environments/make-environment.ts';
import { policyActor } from '../../src/environments/policy/define-policy.ts';
import { recordEpisode } from '../../src/environments/record-episode.ts';
import { type FittedPolicyGradient, ppo } from '../../src/models/policy-gradient/policy-gradient.ts';
import type { InProcess } from '../workload.ts';

const EPISODES = 100;

export const workload: InProcess = {
  title: 'PPO on CartPole, 100,000 steps',
  goal: 3,
  async prepare() {
    const environment = makeEnvironment('CartPole-v1');
    return {
      // All options are Stable-Baselines3's; both sides end with the policy of the last step and judge it outside the time.
      run: () =>
        ppo({ numEnvs: 8, nSteps: 256 }).learn('CartPole-v1', {
          ...{ steps: 100_000, evaluations: 0, finalEpisodes: 0 },
        }),
      quality(model: FittedPolicyGradient) {
        const act = policyActor(model);
        let total = 0;
        for (let k = 0; k < EPISODES; k++) {
          const seed = episodeSeed(1, SeedStream.judge, k);
          total += recordEpisode(environment, act, { seed, mostSteps: 500 }).return;
        }
        return { meanReturn: total / EPISODES };
      },
    };
  },
  compare: ({ meanReturn }, peer) =>
    // 475 is where Gymnasium holds the pole for solved; above, seeds differ by chance.
    meanReturn! >= Math.min(475, peer.meanReturn!)
      ? undefined
      : `mean return ${meanReturn} against ${peer.meanReturn}`,
};
