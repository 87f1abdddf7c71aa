import type { Action, Environment, Observation } from './environment.ts';

/** An episode as it went. */
export interface EpisodeRecord {
  readonly return: number;
  /** Steps. */
  readonly length: number;
  readonly terminated: boolean;
  /** Each step; `text` and `picture` show the state before its action. */
  readonly steps: readonly EpisodeStep[];
  /** The last state. */
  readonly last: Pick<EpisodeStep, 'text' | 'picture'>;
}

export interface EpisodeStep {
  readonly action: Action;
  readonly reward: number;
  readonly text: string | undefined;
  readonly picture: string | undefined;
}

export interface RecordOptions {
  readonly seed: number;
  /** Steps after which it is cut off, whatever the environment says. */
  readonly mostSteps: number;
  /** Steps shown by texts and pictures; later ones have none. Default 0. */
  readonly shownSteps?: number | undefined;
}

/** Plays one episode and keeps what happens. */
export function recordEpisode(
  environment: Environment,
  act: (observation: Observation, mask?: Uint8Array) => Action,
  { seed, mostSteps, shownSteps = 0 }: RecordOptions,
): EpisodeRecord {
  const steps: EpisodeStep[] = [];
  let observation = environment.reset({ seed });
  let total = 0;
  let terminated = false;
  const show = () =>
    steps.length <= shownSteps && shownSteps > 0
      ? { text: environment.render?.(), picture: environment.picture?.() }
      : { text: undefined, picture: undefined };
  for (let isOver = false; !isOver && steps.length < mostSteps; ) {
    const shown = show();
    const action = act(observation, environment.actionMask?.());
    const step = environment.step(action);
    observation = step.observation;
    total += step.reward;
    terminated = step.terminated;
    isOver = step.terminated || step.truncated;
    steps.push({ action, reward: step.reward, ...shown });
  }
  return { return: total, length: steps.length, terminated, steps, last: show() };
}
