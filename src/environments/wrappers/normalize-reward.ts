import type { Environment, Observation } from '../environment.ts';
import { RunningStatistics } from './running-statistics.ts';
import { wrapEnvironment } from './wrap-environment.ts';

/**
 * Rewards over the running standard deviation of the discounted return, which then has about unit variance:
 * r ÷ √(var(R) + ε) with R ← γ R + r, begun anew after an end. L. Engstrom et al., Implementation matters in deep policy gradients (2020).
 */
export function normalizeReward<O extends Observation>(
  environment: Environment<O>,
  { gamma = 0.99, epsilon = 1e-8 } = {},
): Environment<O> & { readonly returnStatistics: RunningStatistics } {
  const returnStatistics = new RunningStatistics(1);
  const discounted = new Float64Array(1);
  const wrapped = wrapEnvironment<O>(environment, {
    step(action) {
      const step = environment.step(action);
      discounted[0] = (step.terminated ? 0 : discounted[0]! * gamma) + step.reward;
      returnStatistics.update(discounted);
      return { ...step, reward: step.reward / Math.sqrt(returnStatistics.variance[0]! + epsilon) };
    },
  });
  return { ...wrapped, returnStatistics };
}
