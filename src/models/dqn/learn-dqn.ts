import { OptionError } from '../../core/errors.ts';
import { RandomState } from '../../core/random.ts';
import type { Environment, Observation } from '../../environments/environment.ts';
import { episodeSeed, SeedStream } from '../../environments/episode-seed.ts';
import type { Learned, LearningContext } from '../../environments/policy/learning.ts';
import { LearningLog } from '../../environments/policy/learning-log.ts';
import {
  featuresOf,
  type ObservationFeatures,
  suitsFeatures,
} from '../../environments/policy/observation-features.ts';
import { SeededSource } from '../../environments/random-source.ts';
import { scheduleAt } from '../../environments/schedule.ts';
import { spaceWidth } from '../../environments/space.ts';
import type { Job } from '../../jobs/job.ts';
import type { DenseLayer } from '../../nets/dense/dense-layers.ts';
import type { StepSnapshot } from '../../nets/step/step-parameters.ts';
import type { DqnOptions } from './dqn-options.ts';
import { NStep } from './n-step.ts';
import { anyAction, openQActor } from './q-actor.ts';
import { type LearnerData, QLearner } from './q-learner.ts';
import { type QShape, qLayers } from './q-network.ts';
import { moveTarget, openQStep } from './q-step.ts';

/** What a deep Q-network has learned. */
export interface DqnState {
  readonly features: ObservationFeatures;
  readonly actions: number;
  /** The policy: layers one after another, the last giving what each action is worth. */
  readonly layers: readonly DenseLayer[];
  /** Mean return of the policy when it was chosen; −∞ before any evaluation. */
  readonly bestReturn: number;
  /** Networks and moments as they were last, from which learning goes on. */
  readonly training: StepSnapshot;
  /** In a checkpoint: what is remembered. */
  readonly memory: LearnerData | null;
  /** Steps of the environment before the replay was begun. */
  readonly replayBegan: number;
}

/** Steps of the environment, and updates, between pauses: a millisecond or a few. */
const SLICE_STEPS = 64;
const SLICE_UPDATES = 8;

/**
 * Learns what actions are worth by a deep Q-network (V. Mnih et al., Nature 518, 2015), in the order of Stable-Baselines3: steps of the
 * environment and rounds of updates in turn.
 *
 * The chance of episode k and of update k depends on the seed and k alone, so learning that goes on from a checkpoint does what it would
 * have done without the stop. From a finished policy, which has no replay, it goes on with a new one.
 */
export async function learnDqn(
  options: DqnOptions,
  context: LearningContext<DqnState>,
  job: Job,
): Promise<Learned<DqnState>> {
  const { environment, budget, randomState, evaluations } = context;
  const { actionSpace, observationSpace } = environment;
  // Checked by the definition of policies.
  const actions = actionSpace.kind === 'discrete' ? actionSpace.n : 0;
  const from = context.from?.policy;
  if (from !== undefined) requireSameWorld(from, environment, actions);
  const features = featuresOf(observationSpace);
  const columns = spaceWidth(observationSpace);
  const isMasked = options.maskActions && environment.actionMask !== undefined;
  const mask = () => (isMasked ? environment.actionMask!() : undefined);
  const { duelling, hiddenLayers, learningStarts, trainFreq, targetUpdateInterval } = options;
  const shape: QShape = { inputs: features.width, hiddenLayers, actions, duelling };
  const random = new RandomState(randomState);
  const round = options.gradientSteps === -1 ? trainFreq : options.gradientSteps;
  const step = openQStep(job, { shape, options, random, masked: isMasked, round });
  const capacity = Math.min(options.bufferSize, budget.steps);
  const learner = new QLearner(
    step,
    { capacity, columns, masks: isMasked ? actions : 0 },
    features,
    options,
    randomState,
  );
  if (from !== undefined) step.restore(from.training);
  if (from?.memory) learner.restore(from.memory);
  const actor = openQActor(job.team, shape, features, step);
  let followingMask: Uint8Array | undefined;
  const steady = new NStep(options.nSteps, options.gamma, columns, (x, action, reward, next, discount) =>
    learner.remember(x, action, reward, next, discount, followingMask),
  );
  const draws = new SeededSource();
  let steps = context.from?.steps ?? 0;
  let episodes = context.from?.episodes ?? 0;
  const replayBegan = from?.memory ? from.replayBegan : steps;
  const log = new LearningLog<readonly DenseLayer[]>(
    context,
    from && { ...context.from!, bestReturn: from.bestReturn, best: from.layers },
  );
  let loss = Number.NaN;
  const progress = () => Math.min(1, log.progress(steps, episodes));
  const epsilons = {
    kind: 'linear',
    initial: options.explorationInitialEps,
    final: options.explorationFinalEps,
    fraction: options.explorationFraction,
  } as const;
  const rateAt = (done: number) =>
    options.learningRateSchedule === 'constant'
      ? options.learningRate
      : options.learningRate + (options.finalLearningRate - options.learningRate) * done;
  const snapshot = (memory: LearnerData | null): Learned<DqnState> => ({
    policy: {
      ...{ features, actions, replayBegan, memory, bestReturn: log.bestReturn },
      layers: (evaluations === 0 ? undefined : log.best) ?? qLayers(shape, step.views()),
      training: step.snapshot(),
    },
    ...{ steps, episodes, curve: log.curve },
  });

  let slice = 0;
  function pause(): void | Promise<void> {
    slice = 0;
    const parts = [
      ...(log.bestReturn === Number.NEGATIVE_INFINITY ? [] : [`best return ${log.bestReturn.toFixed(2)}`]),
      ...(Number.isNaN(loss) ? [] : [`loss ${loss.toPrecision(3)}`]),
    ];
    return context.pause(progress(), parts.length === 0 ? undefined : parts.join(', '));
  }

  function afterUpdate(): void | Promise<void> {
    slice += SLICE_STEPS / SLICE_UPDATES;
    return slice < SLICE_STEPS ? undefined : pause();
  }

  async function train(): Promise<void> {
    const done = progress();
    const beta = options.prioritizedBeta + (1 - options.prioritizedBeta) * done;
    loss = await learner.updates(round, beta, { rate: rateAt(done), pause: afterUpdate });
    actor.refresh();
  }

  const now = new Float32Array(columns);
  const next = new Float32Array(columns);
  while (progress() < 1) {
    draws.seed(randomState, SeedStream.act, episodes);
    let observation = environment.reset({ seed: episodeSeed(randomState, SeedStream.train, episodes) });
    write(observation, now);
    for (let isOver = false; !isOver && steps < budget.steps; ) {
      const epsilon = scheduleAt(epsilons, progress());
      const seen = steps - replayBegan;
      const isRandom = steps < learningStarts || draws.next() < epsilon;
      const allowed = mask();
      const action = isRandom ? anyAction(actions, draws.next(), allowed) : actor.act(observation, allowed);
      const { reward, terminated, truncated, observation: following } = environment.step(action);
      observation = following;
      write(following, next);
      isOver = terminated || truncated;
      followingMask = mask();
      steady.add(now, action, reward, next, { terminated, isOver });
      now.set(next);
      steps++;
      if (steps % targetUpdateInterval === 0) moveTarget(step, shape, options.tau);
      if (steps % trainFreq === 0 && seen >= learningStarts && learner.replay.size > 0) await train();
      if (++slice < SLICE_STEPS) continue;
      const waiting = pause();
      if (waiting !== undefined) await waiting;
    }
    episodes++;
    if (!log.isDue(steps, episodes)) continue;
    log.add(await context.evaluate(actor.act), steps, episodes, qLayers(shape, step.views()));
    await context.checkpoint(() => snapshot(learner.data()));
  }
  return snapshot(null);
}

function write(observation: Observation, into: Float32Array): void {
  if (typeof observation === 'number') into[0] = observation;
  else for (let j = 0; j < into.length; j++) into[j] = observation[j]!;
}

function requireSameWorld(from: DqnState, { observationSpace, name }: Environment, actions: number): void {
  if (from.actions === actions && suitsFeatures(from.features, observationSpace)) return;
  throw new OptionError(
    'model/other-environment',
    `The policy to go on from was learned in another world: ${name ?? 'this one'} has other observations or actions.`,
    { option: 'from' },
  );
}
