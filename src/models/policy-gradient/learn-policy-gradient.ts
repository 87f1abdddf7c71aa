import type { Environment } from '../../environments/environment.ts';
import { SeedStream } from '../../environments/episode-seed.ts';
import type { Actor, Learned, LearningContext } from '../../environments/policy/learning.ts';
import { LearningLog } from '../../environments/policy/learning-log.ts';
import { featuresOf } from '../../environments/policy/observation-features.ts';
import { SeededSource } from '../../environments/random-source.ts';
import { scheduleAt } from '../../environments/schedule.ts';
import type { Job } from '../../jobs/job.ts';
import { type ActorCritic, openActorCritic } from './actor-critic.ts';
import { type Advantages, generalizedAdvantages } from './advantages.ts';
import { FigureLog } from './figure-log.ts';
import { headOf } from './head-of.ts';
import { makeObserver, makeRewardScaler, type Observer } from './observer.ts';
import { Player } from './player.ts';
import { completeOptions, type GivenOptions, type PolicyGradientOptions } from './policy-gradient-options.ts';
import {
  type ActingState,
  actingState,
  type PolicyGradientState,
  requireSameWorld,
} from './policy-gradient-state.ts';
import { Rollout } from './rollout.ts';
import { updatePolicy } from './update-policy.ts';

/**
 * Learns a policy by following the gradient of the return: REINFORCE, A2C (V. Mnih et al., 2016, its environments stepped together) and
 * PPO (J. Schulman et al., 2017).
 *
 * Each rollout takes its chance from seeds that depend on its number alone, and episodes under way are given up at each evaluation, so
 * learning that goes on from a checkpoint does what it would have done without the stop.
 */
export async function learnPolicyGradient(
  given: GivenOptions,
  context: LearningContext<PolicyGradientState>,
  job: Job,
): Promise<Learned<PolicyGradientState>> {
  const options = completeOptions(given);
  const { environment, budget, randomState, evaluations } = context;
  const from = context.from?.policy;
  const features = featuresOf(environment.observationSpace);
  const isMasked = options.maskActions && environment.actionMask !== undefined && isChoice(environment);
  requireSameWorld(from, environment);
  const environments = await context.copies(options.numEnvs);
  const networks = await openActorCritic(job, {
    ...{ options, isMasked, randomState, width: features.width, actingRows: environments.length },
    makeHead: (logStd) => headOf(environment, options, logStd),
  });
  try {
    return await learn();
  } finally {
    await networks.close();
  }

  async function learn(): Promise<Learned<PolicyGradientState>> {
    const { head } = networks;
    if (from === undefined) await networks.stepFor(firstRows(options, environments.length));
    else await networks.restore(from.training.snapshot, from.training.batchRows);
    const observer = makeObserver(
      features,
      options.normalizeObservation,
      from?.training.observationScaling ?? null,
    );
    const rewards = makeRewardScaler(
      ...([options.normalizeReward, environments.length, options.gamma] as const),
      from?.training.rewardScaling ?? null,
    );
    let steps = context.from?.steps ?? 0;
    let updates = from?.training.updates ?? 0;
    const log = new LearningLog<ActingState>(
      context,
      context.from && { ...context.from, best: context.from.policy, bestReturn: from!.training.bestReturn },
    );
    const figures = new FigureLog(from?.diagnostics);
    const pause = () => {
      const message = log.best === undefined ? undefined : `best return ${log.bestReturn.toFixed(2)}`;
      return context.pause(Math.min(1, log.progress(steps, player.episodes)), message);
    };
    const player: Player = new Player(
      {
        ...{ environments, head, observer, rewards, isMasked, randomState, pause, width: features.width },
        forward: () => networks.acting,
      },
      { begun: from?.training.begun ?? 0, episodes: context.from?.episodes ?? 0 },
    );
    const rollout = new Rollout(
      {
        ...{ width: features.width, kept: head.kept, isWhole: head.input === 'index' },
        masked: isMasked ? head.outputs : 0,
      },
      options.numEnvs * (options.algorithm === 'reinforce' ? 64 : options.nSteps),
    );
    const acting = (): ActingState => actingState(networks, observer.scaling());
    const snapshot = (): Learned<PolicyGradientState> => ({
      policy: {
        ...(evaluations === 0 ? acting() : (log.best ?? acting())),
        ...{ features, action: head.kind, diagnostics: figures.diagnostics },
        training: {
          snapshot: networks.snapshot(),
          observationScaling: observer.scaling(),
          rewardScaling: rewards.scaling(),
          ...{ updates, begun: player.begun, batchRows: networks.rows, bestReturn: log.bestReturn },
        },
      },
      ...{ steps, episodes: player.episodes, curve: log.curve },
    });
    const act = actorOf(networks, observer, isMasked);
    const random = new SeededSource();
    while (log.progress(steps, player.episodes) < 1) {
      const done = log.progress(steps, player.episodes);
      random.seed(randomState, SeedStream.act, updates);
      rollout.clear();
      if (options.algorithm === 'reinforce') await player.playEpisodes(rollout, options.numEnvs, random);
      else {
        // One environment alone plays what several would have played.
        const each = Math.round((options.nSteps * options.numEnvs) / environments.length);
        const left = Math.ceil((budget.steps - steps) / environments.length);
        await player.playSteps(rollout, Math.min(each, left), random);
      }
      steps += rollout.rows;
      const values = await networks.values(rollout.features, rollout.rows, pause);
      const cutValues = await networks.values(rollout.cutFeatures, rollout.cuts, pause);
      const learnedFrom = advantagesOf(rollout, values, cutValues, options, environments.length);
      figures.add(
        await updatePolicy(networks, {
          ...learnedFrom,
          ...{ rollout, values, options, random, pause },
          learningRate: scheduleAt(
            scheduled(options.learningRateSchedule, options.learningRate, options.finalLearningRate),
            done,
          ),
          clipRange: scheduleAt(
            scheduled(options.clipRangeSchedule, options.clipRange, options.finalClipRange),
            done,
          ),
        }),
      );
      updates++;
      if (!log.isDue(steps, player.episodes)) continue;
      player.interrupt();
      figures.close(steps);
      log.add(await context.evaluate(act), steps, player.episodes, acting());
      await context.checkpoint(snapshot);
    }
    figures.close(steps);
    return snapshot();
  }
}

function isChoice({ actionSpace }: Environment): boolean {
  return actionSpace.kind === 'discrete';
}

/** Rows of the first batches. */
function firstRows(
  { algorithm, batchSize, nSteps, numEnvs }: PolicyGradientOptions,
  environments: number,
): number {
  if (algorithm === 'reinforce') return 64;
  const each = Math.round((nSteps * numEnvs) / environments);
  return Math.min(batchSize, each * environments);
}

function scheduled(kind: 'constant' | 'linear', initial: number, final: number) {
  return { kind, initial, final, fraction: 1 };
}

/** @param cutValues V of what the cut steps led to. */
function advantagesOf(
  rollout: Rollout,
  values: Float64Array,
  cutValues: Float64Array,
  { algorithm, gamma, gaeLambda, baseline }: PolicyGradientOptions,
  environments: number,
): Advantages {
  const isValued = algorithm !== 'reinforce' || baseline === 'value';
  const found = generalizedAdvantages(
    rollout,
    isValued ? values : new Float64Array(rollout.rows),
    isValued ? cutValues : new Float64Array(rollout.cuts),
    { gamma, gaeLambda, environments },
  );
  if (isValued || baseline === 'none') return found;
  const mean = found.returns.reduce((sum, value) => sum + value, 0) / rollout.rows;
  return { ...found, advantages: found.returns.map((value) => value - mean) };
}

/** The greedy policy as it is at each call. */
function actorOf(networks: ActorCritic, observer: Observer, isMasked: boolean): Actor {
  return (observation, mask) => {
    const { acting, head } = networks;
    observer.write(observation, acting.inputs, 0, 'only-looks');
    return head.best(acting.run(1), 0, isMasked ? mask : undefined);
  };
}
