import { makeEnvironment } from '../../src/environments/make-environment.ts';
import type { InProcess } from '../workload.ts';

const STEPS = 50_000;

/** The actions of both sides. */
export const actionAt = (k: number) => (((k * 2654435761) % 2 ** 32) / 2 ** 32 < 0.5 ? 0 : 1);

export const workload: InProcess = {
  title: 'CartPole, 50,000 steps of one environment',
  goal: 20,
  async prepare() {
    const actions = Array.from({ length: STEPS }, (_, k) => actionAt(k));
    const pole = makeEnvironment<Float32Array>('CartPole-v1');
    return {
      async run() {
        let episodes = 0;
        let sum = 0;
        pole.reset({ seed: 1 });
        for (let k = 0; k < STEPS; k++) {
          const { observation, terminated, truncated } = pole.step(actions[k]!);
          sum += observation[2]!;
          if (!terminated && !truncated) continue;
          episodes++;
          pole.reset();
        }
        return { episodes, sum };
      },
      quality: ({ episodes }: { readonly episodes: number }) => ({ length: STEPS / episodes }),
    };
  },
  compare: (heddle, peer) =>
    // About 2,300 episodes of standard deviation 11 from other first states: standard errors of 0.25 steps each.
    Math.abs(heddle.length! - peer.length!) < 1.5
      ? undefined
      : `${heddle.length} steps an episode against ${peer.length}`,
};
