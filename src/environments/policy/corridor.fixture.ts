import type { Environment } from '../environment.ts';
import { box, discrete } from '../space.ts';

export interface CorridorOptions {
  readonly length?: number;
  /** What goes wrong, and at which step of all. */
  readonly fault?: 'nan' | 'shape' | 'throws' | 'endless' | 'reward';
  readonly faultAt?: number;
}

/** A corridor to walk to its right end: 1 there, −0.01 a step. The observation is the place and its square, as shares. */
export function makeEnvironment({
  length = 6,
  fault,
  faultAt = 50,
}: CorridorOptions = {}): Environment<Float32Array> {
  let place = 0;
  let steps = 0;
  const observe = () => Float32Array.of(place / length, (place / length) ** 2);
  return {
    name: 'corridor',
    observationSpace: box([0, 0], [1, 1]),
    actionSpace: discrete(2),
    observationNames: ['place', 'square'],
    actionNames: ['back', 'on'],
    reset() {
      place = 0;
      return observe();
    },
    step(action) {
      steps++;
      const isFaulty = fault !== undefined && steps >= faultAt;
      if (isFaulty && fault === 'throws') throw new Error('the lamp broke');
      place = Math.max(0, place + (action === 1 ? 1 : -1));
      const terminated = place === length && fault !== 'endless';
      if (fault === 'endless') place = Math.min(place, length);
      return {
        observation:
          isFaulty && fault === 'nan'
            ? Float32Array.of(Number.NaN, 0)
            : isFaulty && fault === 'shape'
              ? Float32Array.of(0)
              : observe(),
        reward: isFaulty && fault === 'reward' ? Number.POSITIVE_INFINITY : terminated ? 1 : -0.01,
        terminated,
        truncated: false,
      };
    },
  };
}

export const nothing = 1;
