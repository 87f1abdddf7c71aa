import { DataError, HeddleError, JobError } from '../core/errors.ts';
import type { Action, Environment, Observation, ResetOptions, Step } from './environment.ts';
import { describeSpace, spaceWidth } from './space.ts';
import { wrapEnvironment } from './wrappers/wrap-environment.ts';

export interface GuardOptions {
  /** Steps after which an episode that has not ended is truncated. */
  readonly mostSteps: number;
  /** Called when that happens. */
  onEndless?(steps: number): void;
}

/**
 * An environment that is watched: what it hands out must be of its spaces and finite, and an episode must end.
 * @throws DataError `environment/observation-shape`, `environment/not-finite`, `environment/reward`, `environment/step`,
 *   `environment/mask`; JobError `environment/threw` for what the environment itself throws.
 */
export function guardEnvironment(
  environment: Environment,
  { mostSteps, onEndless }: GuardOptions,
): Environment {
  const name = environment.name ?? 'The environment';
  let steps = 0;
  const check = (observation: unknown, when: string) =>
    checkObservation(environment, observation, `${name} ${when}`);
  return wrapEnvironment(environment, {
    reference: environment.reference,
    actionMask:
      environment.actionMask &&
      (() => {
        const mask = attempt(name, 'actionMask', () => environment.actionMask!());
        checkMask(environment, mask, `${name} after step ${steps}`);
        return mask;
      }),
    reset(options?: ResetOptions): Observation {
      steps = 0;
      const observation = attempt(name, 'reset', () => environment.reset(options));
      check(observation, 'after reset');
      return observation;
    },
    step(action: Action): Step {
      steps++;
      const step = attempt(name, 'step', () => environment.step(action));
      checkStep(name, step, steps);
      check(step.observation, `after step ${steps}`);
      if (steps < mostSteps || step.terminated || step.truncated) return step;
      onEndless?.(steps);
      return { ...step, truncated: true };
    },
  });
}

function attempt<T>(name: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof HeddleError) throw error;
    throw new JobError(
      'environment/threw',
      `${name} failed in ${what}(): ${error instanceof Error ? error.message : String(error)}`,
      { environment: name },
      error,
    );
  }
}

function checkStep(name: string, step: Step, steps: number): void {
  const isStep =
    typeof step === 'object' &&
    step !== null &&
    typeof step.terminated === 'boolean' &&
    typeof step.truncated === 'boolean';
  if (!isStep) {
    throw new DataError(
      'environment/step',
      `${name}: step ${steps} must return { observation, reward, terminated, truncated }, the last two booleans.`,
      { environment: name, step: steps },
    );
  }
  if (typeof step.reward === 'number' && Number.isFinite(step.reward)) return;
  throw new DataError(
    'environment/reward',
    `${name}: the reward of step ${steps} is ${String(step.reward)}; it must be a finite number.`,
    { environment: name, step: steps },
  );
}

/** @throws DataError naming what is wrong with an observation. */
export function checkObservation(
  { observationSpace: space }: Environment,
  observation: unknown,
  where: string,
): void {
  const fail = (code: string, what: string): never => {
    throw new DataError(code, `${where}: the observation ${what}.`, {});
  };
  if (space.kind === 'discrete') {
    if (typeof observation !== 'number')
      fail('environment/observation-shape', `must be ${describeSpace(space)}`);
    else if (!Number.isInteger(observation) || observation < 0 || observation >= space.n) {
      const code = Number.isFinite(observation) ? 'environment/observation-range' : 'environment/not-finite';
      fail(code, `is ${observation}, but must be ${describeSpace(space)}`);
    }
    return;
  }
  const values = observation as ArrayLike<number>;
  const width = spaceWidth(space);
  if (typeof observation !== 'object' || observation === null || values.length !== width) {
    const found = (observation as Partial<ArrayLike<number>> | undefined)?.length;
    fail(
      'environment/observation-shape',
      `must be ${describeSpace(space)}, but is ${found === undefined ? String(observation) : `${found} long`}`,
    );
  }
  for (let j = 0; j < width; j++) {
    const value = values[j]!;
    if (!Number.isFinite(value)) fail('environment/not-finite', `has ${String(value)} at position ${j}`);
    if (space.kind === 'box') continue; // Bounds are what is usual, not a promise.
    if (!Number.isInteger(value) || value < 0 || value >= space.sizes[j]!) {
      fail(
        'environment/observation-range',
        `has ${value} at position ${j}, but must be ${describeSpace(space)}`,
      );
    }
  }
}

/** @throws DataError for a mask of another length than the actions, or that leaves none. */
export function checkMask({ actionSpace }: Environment, mask: Uint8Array, where: string): void {
  const actions = actionSpace.kind === 'discrete' ? actionSpace.n : 0;
  const isOpen = mask?.length === actions && mask.some((entry) => entry !== 0);
  if (isOpen) return;
  throw new DataError(
    'environment/mask',
    mask?.length === actions
      ? `${where}: actionMask() leaves no action; end the episode there.`
      : `${where}: actionMask() must give ${actions} numbers, one for each action, not ${mask?.length ?? String(mask)}.`,
    {},
  );
}
