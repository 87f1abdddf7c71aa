import { makeVectorEnvironment } from '../../src/environments/vector-environment.ts';
import type { InProcess } from '../workload.ts';
import { actionAt } from './cart-pole.ts';

const CALLS = 10_000;
const ENVIRONMENTS = 64;

export const workload: InProcess = {
  title: 'CartPole, 10,000 steps of 64 environments at once',
  goal: 20,
  async prepare() {
    const actions = Int32Array.from({ length: CALLS * ENVIRONMENTS }, (_, k) => actionAt(k));
    const poles = makeVectorEnvironment('CartPole-v1', { numEnvs: ENVIRONMENTS });
    return {
      async run() {
        let ends = 0;
        let sum = 0;
        poles.reset({ seed: 1 });
        for (let k = 0; k < CALLS; k++) {
          poles.step(actions.subarray(k * ENVIRONMENTS, (k + 1) * ENVIRONMENTS));
          sum += poles.observations[2]!;
          for (let i = 0; i < ENVIRONMENTS; i++) ends += poles.terminated[i]!;
        }
        return { ends, sum };
      },
      quality: ({ ends }: { readonly ends: number }) => ({ length: (CALLS * ENVIRONMENTS) / ends }),
    };
  },
  compare: (heddle, peer) =>
    // About 29,000 episodes of standard deviation 11: standard errors of 0.07 steps each.
    Math.abs(heddle.length! - peer.length!) < 0.7
      ? undefined
      : `${heddle.length} steps an episode against ${peer.length}`,
};
