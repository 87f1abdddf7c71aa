import { OptionError } from '../../core/errors.ts';
import { episodeSeed, SeedStream } from '../../environments/episode-seed.ts';
import type { Learned, LearningContext } from '../../environments/policy/learning.ts';
import { LearningLog } from '../../environments/policy/learning-log.ts';
import { SeededSource } from '../../environments/random-source.ts';
import { type Schedule, scheduleAt } from '../../environments/schedule.ts';
import {
  codeObservation,
  type StateCoding,
  stateCoding,
  stateCount,
  suitsCoding,
} from '../../environments/state-coding.ts';
import type { QLearningOptions } from './q-learning-options.ts';
import { QTables } from './q-tables.ts';

/** What a tabular policy has learned. */
export interface QLearningState {
  readonly coding: StateCoding;
  readonly actions: number;
  /** Row-major, states × actions: the values the policy goes by. */
  readonly values: Float64Array;
  /** From what learning goes on; the values of the last episode, which may not be the best. */
  readonly last: Float64Array;
  /** The other table of double Q-learning; empty otherwise. */
  readonly other: Float64Array;
  /** How often each state and action was learned from. */
  readonly visits: Uint32Array;
  /** Mean return of `values` when they were chosen; −∞ before any evaluation. */
  readonly bestReturn: number;
}

const SLICE_STEPS = 2048;

/**
 * Learns a table of action values by temporal differences: Q-learning (C. Watkins, 1989), SARSA (G. Rummery, M. Niranjan, 1994),
 * expected SARSA (H. van Seijen et al., 2009), double Q-learning (H. van Hasselt, 2010), each also over n steps (R. Sutton, A. Barto,
 * Reinforcement Learning, 2018, chapter 7; Q-learning's without correction for the exploring actions between).
 *
 * Episode k takes all its chance from seeds that depend on k alone, so learning that goes on from a checkpoint does what it would have
 * done without the stop.
 */
export async function learnTable(
  options: QLearningOptions,
  context: LearningContext<QLearningState>,
): Promise<Learned<QLearningState>> {
  const { environment, budget, randomState, evaluations } = context;
  const { actionSpace } = environment;
  // Checked by the definition of policies.
  const actions = actionSpace.kind === 'discrete' ? actionSpace.n : 0;
  const from = context.from?.policy;
  if (from !== undefined && (from.actions !== actions || !suitsCoding(from.coding, environment))) {
    throw new OptionError(
      'model/other-environment',
      `The policy to go on from was learned in another world: ${environment.name ?? 'this one'} has other observations or actions.`,
      { option: 'from' },
    );
  }
  const coding = from?.coding ?? stateCoding(environment, options, randomState);
  const tables = new QTables(options, stateCount(coding), actions, from);
  const random = new SeededSource();
  const epsilons: Schedule = {
    kind: options.epsilonSchedule,
    initial: options.epsilon,
    final: options.finalEpsilon,
    fraction: options.epsilonFraction,
  };
  let steps = context.from?.steps ?? 0;
  let episodes = context.from?.episodes ?? 0;
  const log = new LearningLog<Float64Array>(
    context,
    context.from && { ...context.from, best: from!.values, bestReturn: from!.bestReturn },
  );
  const progress = () => log.progress(steps, episodes);
  const snapshot = (): Learned<QLearningState> => ({
    policy: {
      ...{ coding, actions, bestReturn: log.bestReturn },
      values: evaluations === 0 ? tables.mean() : (log.best ?? tables.mean()),
      ...{ last: tables.first, other: tables.second, visits: tables.visits },
    },
    ...{ steps, episodes, curve: log.curve },
  });
  const evaluateAndKeep = async () => {
    const values = tables.mean();
    const evaluation = await context.evaluate((observation) =>
      tables.greedy(values, codeObservation(coding, observation)),
    );
    log.add(evaluation, steps, episodes, values);
  };

  let slice = 0;
  while (progress() < 1) {
    const done = progress();
    tables.beginEpisode(scheduleAt(epsilons, done), done);
    random.seed(randomState, SeedStream.act, episodes);
    let observation = environment.reset({ seed: episodeSeed(randomState, SeedStream.train, episodes) });
    let state = codeObservation(coding, observation);
    let action = tables.choose(state, random);
    for (;;) {
      const step = environment.step(action);
      const { reward, terminated, truncated } = step;
      observation = step.observation;
      const next = codeObservation(coding, observation);
      steps++;
      action = tables.learn(state, action, reward, next, terminated, terminated || truncated, random);
      state = next;
      if (++slice >= SLICE_STEPS) {
        slice = 0;
        const message = log.best === undefined ? undefined : `best return ${log.bestReturn.toFixed(2)}`;
        const waiting = context.pause(Math.min(1, progress()), message);
        if (waiting !== undefined) await waiting;
      }
      if (terminated || truncated || steps >= budget.steps) break;
    }
    tables.endEpisode();
    episodes++;
    if (log.isDue(steps, episodes)) {
      await evaluateAndKeep();
      await context.checkpoint(snapshot);
    }
  }
  return snapshot();
}
