import { OptionError } from '../../core/errors.ts';
import { spaceArray } from '../dynamics.ts';
import type { Environment, Observation } from '../environment.ts';
import { box, multiDiscrete, type Space, spaceWidth } from '../space.ts';
import { wrapEnvironment } from './wrap-environment.ts';

/**
 * The last `size` observations in one, oldest first; at the start the first one `size` times. For worlds whose single observation does
 * not tell all, such as a velocity.
 * @throws OptionError unless `size` is a whole number from 1 on.
 */
export function frameStack(environment: Environment, size: number): Environment<Float32Array | Int32Array> {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new OptionError('option/invalid', `frameStack takes a whole number from 1 on, not ${size}.`, {
      option: 'size',
    });
  }
  const { observationSpace: space } = environment;
  const width = spaceWidth(space);
  const out = new (spaceArray(space))(width * size);
  const put = (observation: Observation, place: number) => {
    if (typeof observation === 'number') out[place] = observation;
    else out.set(observation, place * width);
  };
  const names = environment.observationNames;
  return wrapEnvironment<Float32Array | Int32Array>(environment, {
    observationSpace: repeated(space, size),
    observationNames:
      names && Array.from({ length: size }, (_, k) => names.map((name) => `${name}-${size - 1 - k}`)).flat(),
    reset(options) {
      const observation = environment.reset(options);
      for (let k = 0; k < size; k++) put(observation, k);
      return out;
    },
    step(action) {
      const step = environment.step(action);
      out.copyWithin(0, width);
      put(step.observation, size - 1);
      return { ...step, observation: out };
    },
  });
}

function repeated(space: Space, size: number): Space {
  const times = <T>(list: ArrayLike<T>) => Array.from({ length: size }, () => Array.from(list)).flat();
  if (space.kind === 'box') return box(times(space.low), times(space.high));
  return multiDiscrete(times(space.kind === 'discrete' ? [space.n] : space.sizes));
}
