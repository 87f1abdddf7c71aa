import { OptionError } from '../../core/errors.ts';
import type { Environment, Observation } from '../environment.ts';
import { box } from '../space.ts';
import { wrapEnvironment } from './wrap-environment.ts';

/**
 * Takes any numbers as action and cuts them to the bounds of the environment.
 * @throws OptionError where actions are discrete.
 */
export function clipAction<O extends Observation>(environment: Environment<O>): Environment<O> {
  const { actionSpace: space } = environment;
  if (space.kind !== 'box')
    throw new OptionError(
      'environment/unfit-space',
      'clipAction needs continuous actions; these are discrete.',
    );
  const { low, high } = space;
  const infinite = new Float32Array(low.length).fill(Number.POSITIVE_INFINITY);
  return wrapEnvironment<O>(environment, {
    actionSpace: box(
      infinite.map((value) => -value),
      infinite,
    ),
    step(action) {
      const values = typeof action === 'number' ? [action] : action;
      return environment.step(
        Float32Array.from(values, (value, j) => Math.min(Math.max(value, low[j]!), high[j]!)),
      );
    },
  });
}
