import type { Environment, Observation } from '../environment.ts';
import { wrapEnvironment } from './wrap-environment.ts';

/** Cuts rewards to `low` … `high`. */
export function clipReward<O extends Observation>(
  environment: Environment<O>,
  low: number,
  high: number,
): Environment<O> {
  return wrapEnvironment<O>(environment, {
    step(action) {
      const step = environment.step(action);
      return { ...step, reward: Math.min(Math.max(step.reward, low), high) };
    },
  });
}
