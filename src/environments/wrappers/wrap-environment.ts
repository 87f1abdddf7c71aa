import type { Environment, Observation } from '../environment.ts';

/**
 * An environment that is another one but for `members`. It has no `reference`, so learning in it runs on the caller's thread; for a
 * worker thread, wrap in a function that a module exports.
 */
export function wrapEnvironment<O extends Observation>(
  environment: Environment,
  members: Partial<Environment<O>>,
): Environment<O> {
  const { observationSpace, actionSpace, name, maxEpisodeSteps, observationNames, actionNames } = environment;
  const { grid, pictureSize } = environment;
  return {
    ...{ observationSpace, actionSpace, name, maxEpisodeSteps, observationNames, actionNames },
    ...{ grid, pictureSize },
    reset: (options) => environment.reset(options) as O,
    step: (action) => environment.step(action) as ReturnType<Environment<O>['step']>,
    // Bound, since an environment may keep private members.
    actionMask: environment.actionMask?.bind(environment),
    render: environment.render?.bind(environment),
    picture: environment.picture?.bind(environment),
    ...members,
  };
}
