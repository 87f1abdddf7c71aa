import type { Environment } from '../environment.ts';
import { discrete } from '../space.ts';
import { type BinOptions, codeObservation, stateCoding, stateCount } from '../state-coding.ts';
import { wrapEnvironment } from './wrap-environment.ts';

/**
 * Observations as one whole number: continuous ones in bins, several whole ones combined. (Q-learning does that by itself.)
 * @throws OptionError for bins that do not fit.
 */
export function discretizeObservation(
  environment: Environment,
  options: Partial<BinOptions> & { readonly seed?: number } = {},
): Environment<number> {
  const coding = stateCoding(environment, { bins: 10, ...options }, options.seed ?? 0);
  return wrapEnvironment<number>(environment, {
    observationSpace: discrete(stateCount(coding)),
    observationNames: ['state'],
    reset: (options) => codeObservation(coding, environment.reset(options)),
    step(action) {
      const step = environment.step(action);
      return { ...step, observation: codeObservation(coding, step.observation) };
    },
  });
}
