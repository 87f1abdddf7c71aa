import { OptionError } from '../../core/errors.ts';
import type { Environment } from '../environment.ts';
import { box } from '../space.ts';
import { RunningStatistics } from './running-statistics.ts';
import { wrapEnvironment } from './wrap-environment.ts';

export interface NormalizedObservation extends Environment<Float32Array> {
  readonly observationStatistics: RunningStatistics;
}

/**
 * Observations less their running mean, over their running standard deviation: (x − mean) ÷ √(variance + ε).
 * @throws OptionError where observations are no numbers of a box.
 */
export function normalizeObservation(
  environment: Environment,
  { epsilon = 1e-8 } = {},
): NormalizedObservation {
  const { observationSpace: space } = environment;
  if (space.kind !== 'box') {
    throw new OptionError(
      'environment/unfit-space',
      'normalizeObservation needs continuous observations; those of this environment are discrete.',
    );
  }
  const width = space.low.length;
  const observationStatistics = new RunningStatistics(width);
  const out = new Float32Array(width);
  const normalize = (observation: ArrayLike<number>): Float32Array => {
    observationStatistics.update(observation);
    const { mean, variance } = observationStatistics;
    for (let j = 0; j < width; j++) out[j] = (observation[j]! - mean[j]!) / Math.sqrt(variance[j]! + epsilon);
    return out;
  };
  const infinite = new Float32Array(width).fill(Number.POSITIVE_INFINITY);
  const wrapped = wrapEnvironment<Float32Array>(environment, {
    observationSpace: box(
      infinite.map((value) => -value),
      infinite,
    ),
    reset: (options) => normalize(environment.reset(options) as Float32Array),
    step(action) {
      const step = environment.step(action);
      return { ...step, observation: normalize(step.observation as Float32Array) };
    },
  });
  return { ...wrapped, observationStatistics };
}
