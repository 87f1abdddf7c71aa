import type { Action, Environment, Observation } from './environment.ts';
import { episodeSeed, type SeedStream } from './episode-seed.ts';

export interface PolicyEvaluation {
  readonly episodes: number;
  /** Mean over the episodes of the sum of the rewards, undiscounted. */
  readonly meanReturn: number;
  /** Of the returns, with the number of episodes as divisor. */
  readonly standardDeviation: number;
  /** Steps. */
  readonly meanLength: number;
}

export interface EvaluateOptions {
  readonly episodes: number;
  readonly randomState: number;
  readonly stream: SeedStream;
  /** Called between slices of steps; it may throw to stop. */
  readonly pause?: (() => void | Promise<void>) | undefined;
}

/** A few milliseconds for networks of two layers of 256. */
const SLICE_STEPS = 64;

/** Plays episodes by a policy and tells how it does. @param act Gets the mask of the actions too, where the environment has one. */
export async function evaluatePolicy(
  environment: Environment,
  act: (observation: Observation, mask?: Uint8Array) => Action,
  { episodes, randomState, stream, pause }: EvaluateOptions,
): Promise<PolicyEvaluation> {
  const returns = new Float64Array(episodes);
  let steps = 0;
  let slice = 0;
  for (let episode = 0; episode < episodes; episode++) {
    let observation = environment.reset({ seed: episodeSeed(randomState, stream, episode) });
    for (let isOver = false; !isOver; ) {
      const step = environment.step(act(observation, environment.actionMask?.()));
      observation = step.observation;
      returns[episode] = returns[episode]! + step.reward;
      isOver = step.terminated || step.truncated;
      steps++;
      if (pause !== undefined && ++slice >= SLICE_STEPS) {
        slice = 0;
        const waiting = pause();
        if (waiting !== undefined) await waiting;
      }
    }
  }
  const meanReturn = returns.reduce((sum, value) => sum + value, 0) / episodes;
  const variance = returns.reduce((sum, value) => sum + (value - meanReturn) ** 2, 0) / episodes;
  return { episodes, meanReturn, standardDeviation: Math.sqrt(variance), meanLength: steps / episodes };
}
