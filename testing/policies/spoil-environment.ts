import type { Environment, Step } from '../../src/environments/environment.ts';
import { spaceWidth } from '../../src/environments/space.ts';
import { wrapEnvironment } from '../../src/environments/wrappers/wrap-environment.ts';

/** How an environment can break its word. */
export type Fault = 'nan' | 'shape' | 'reward' | 'throws' | 'endless';

/** An environment that goes wrong from its step number `from` of all on; one without end never ends at all. */
export function spoilEnvironment(environment: Environment, fault: Fault, from: number): Environment {
  const width = spaceWidth(environment.observationSpace);
  let steps = 0;
  let last = environment.reset();
  return wrapEnvironment(environment, {
    maxEpisodeSteps: undefined,
    reset(options) {
      last = environment.reset(options);
      return last;
    },
    step(action): Step {
      if (++steps >= from && fault === 'throws') throw new Error('the lamp broke');
      // The last state of an episode is stayed in.
      const step = environment.step(action);
      if (fault === 'endless' && (step.terminated || step.truncated)) environment.reset();
      const { observation, reward, terminated, truncated } = step;
      if (fault === 'endless') return { observation, reward, terminated: false, truncated: false };
      if (steps < from) return { observation, reward, terminated, truncated };
      const spoilt = { nan: width === 1 ? Number.NaN : new Float32Array(width).fill(Number.NaN) } as const;
      return {
        observation:
          fault === 'nan' ? spoilt.nan : fault === 'shape' ? new Float32Array(width + 1) : observation,
        reward: fault === 'reward' ? Number.POSITIVE_INFINITY : reward,
        terminated,
        truncated,
      };
    },
  });
}
