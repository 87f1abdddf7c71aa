import { OptionError } from '../../core/errors.ts';
import type { Environment, Observation } from '../environment.ts';
import { wrapEnvironment } from './wrap-environment.ts';

/**
 * Truncates episodes after `maxEpisodeSteps` steps.
 * @throws OptionError unless that is a whole number from 1 on.
 */
export function timeLimit<O extends Observation>(
  environment: Environment<O>,
  maxEpisodeSteps: number,
): Environment<O> {
  if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
    throw new OptionError(
      'option/invalid',
      `timeLimit takes a whole number of steps from 1 on, not ${maxEpisodeSteps}.`,
      { option: 'maxEpisodeSteps' },
    );
  }
  let elapsed = 0;
  return wrapEnvironment<O>(environment, {
    maxEpisodeSteps: Math.min(maxEpisodeSteps, environment.maxEpisodeSteps ?? maxEpisodeSteps),
    reset(options) {
      elapsed = 0;
      return environment.reset(options);
    },
    step(action) {
      const step = environment.step(action);
      return ++elapsed < maxEpisodeSteps || step.truncated ? step : { ...step, truncated: true };
    },
  });
}
