import { DataError } from '../core/errors.ts';
import type { Action, Environment, Observation } from './environment.ts';
import { guardEnvironment } from './guard-environment.ts';
import { SeededSource } from './random-source.ts';
import { sampleSpace, spaceWidth } from './space.ts';

export interface CheckEnvironmentOptions {
  /** Random steps to try. Default 1000. */
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
}

/** What a check found that is no error. */
export interface EnvironmentReport {
  readonly steps: number;
  readonly episodes: number;
  /** Remarks, such as that no episode ended. */
  readonly warnings: readonly string[];
}

/**
 * Tries an environment with random actions: observations must be of its space and finite, rewards finite, steps complete, and masks must
 * leave an action; the same seed and actions must give the same episode again.
 *
 *     const { warnings } = checkEnvironment(myEnvironment);
 *
 * @throws DataError naming what is wrong and where; JobError for what the environment throws.
 */
export function checkEnvironment(
  environment: Environment,
  { steps = 1000, seed = 0 }: CheckEnvironmentOptions = {},
): EnvironmentReport {
  requireMembers(environment);
  const warnings: string[] = [];
  const guarded = guardEnvironment(environment, { mostSteps: Number.POSITIVE_INFINITY });
  const first = play(guarded, steps, seed);
  const second = play(guarded, steps, seed);
  const at = first.trace.findIndex((value, k) => !Object.is(value, second.trace[k]));
  if (at >= 0) {
    throw new DataError(
      'environment/not-repeatable',
      `${environment.name ?? 'The environment'}: after reset({ seed: ${seed} }) the same actions gave another episode. Take all chance from a ` +
        'generator that reset starts from the seed.',
      {},
    );
  }
  if (first.episodes === 0) {
    warnings.push(
      `No episode ended within ${steps} random steps${environment.maxEpisodeSteps === undefined ? '; consider timeLimit()' : ''}.`,
    );
  }
  if (first.isOutside) warnings.push('Some observations were outside the bounds of the observation space.');
  return { steps, episodes: first.episodes, warnings };
}

function requireMembers(environment: Environment): void {
  const { reset, step, observationSpace, actionSpace } = environment;
  const missing = [
    ...(typeof reset === 'function' ? [] : ['reset']),
    ...(typeof step === 'function' ? [] : ['step']),
    ...(observationSpace?.kind === undefined ? ['observationSpace'] : []),
    ...(actionSpace?.kind === undefined ? ['actionSpace'] : []),
  ];
  if (missing.length === 0) {
    const names = environment.observationNames;
    const width = spaceWidth(observationSpace);
    if (names === undefined || names.length === width) return;
    throw new DataError(
      'environment/names',
      `observationNames has ${names.length} names, but an observation has ${width} numbers.`,
      {},
    );
  }
  throw new DataError(
    'environment/incomplete',
    `An environment has reset, step, observationSpace and actionSpace; this one lacks ${missing.join(', ')}.`,
    { missing },
  );
}

function play(environment: Environment, steps: number, seed: number) {
  const random = new SeededSource(seed);
  const trace: number[] = [];
  let episodes = 0;
  let isOutside = false;
  const { observationSpace: space } = environment;
  const see = (observation: Observation) => {
    const values = typeof observation === 'number' ? [observation] : observation;
    for (let j = 0; j < values.length; j++) {
      trace.push(values[j]!);
      // The guard has let discrete values through only where they fit.
      if (space.kind === 'box' && !(values[j]! >= space.low[j]! && values[j]! <= space.high[j]!))
        isOutside = true;
    }
  };
  see(environment.reset({ seed }));
  environment.actionMask?.();
  for (let k = 0; k < steps; k++) {
    const action: Action = sampleSpace(environment.actionSpace, random);
    const { observation, reward, terminated, truncated } = environment.step(action);
    see(observation);
    trace.push(reward, Number(terminated), Number(truncated));
    if (terminated || truncated) {
      episodes++;
      see(environment.reset());
    }
    // The guard looks at it.
    environment.actionMask?.();
  }
  return { trace, episodes, isOutside };
}
