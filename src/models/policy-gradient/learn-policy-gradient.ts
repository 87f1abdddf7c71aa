import { OptionError } from '../../core/errors.ts';
import type { Environment } from '../../environments/environment.ts';
import { SeedStream } from '../../environments/episode-seed.ts';
import type { Learned, LearningContext } from '../../environments/policy/learning.ts';
import { LearningLog } from '../../environments/policy/learning-log.ts';
import {
  featuresOf,
  type ObservationFeatures,
  suitsFeatures,
} from '../../environments/policy/observation-features.ts';
import { SeededSource } from '../../environments/random-source.ts';
import { scheduleAt } from '../../environments/schedule.ts';
import type { Job } from '../../jobs/job.ts';
import type { DenseLayer } from '../../nets/dense/dense-layers.ts';
import { denseLayersOf } from '../../nets/dense/dense-layers-of.ts';
import type { StepSnapshot } from '../../nets/step/open-step.ts';
import { type ActionHead, type ActionKind, choiceHead, LOG_STD, numberHead } from './action-head.ts';
import { type ActorCritic, openActorCritic } from './actor-critic.ts';
import { type Advantages, generalizedAdvantages } from './advantages.ts';
import { makeObserver, makeRewardScaler, type Scaling } from './observer.ts';
import { Player } from './player.ts';
import { completeOptions, type GivenOptions, type PolicyGradientOptions } from './policy-gradient-options.ts';
import { Rollout } from './rollout.ts';
import { type UpdateFigures, updatePolicy } from './update-policy.ts';

/** A policy that can act, and the values beside it. */
export interface ActingState {
  readonly policy: readonly DenseLayer[];
  readonly value: readonly DenseLayer[];
  /** Logarithms of the standard deviations of numbers; empty for a choice. */
  readonly logStd: Float32Array;
  /** Of the observations; null where they are taken as they are. */
  readonly scaling: Scaling | null;
}

/** How the updates went: means from one evaluation to the next. */
export type Diagnostics = { readonly [F in keyof UpdateFigures | 'steps' | 'updates']: readonly number[] };

/** What was learned by policy gradient. */
export interface PolicyGradientState extends ActingState {
  readonly features: ObservationFeatures;
  readonly action: ActionKind;
  readonly diagnostics: Diagnostics;
  /** From what learning goes on; the weights are those of the last step, which may not be the best. */
  readonly training: {
    readonly snapshot: StepSnapshot;
    readonly observationScaling: Scaling | null;
    readonly rewardScaling: Scaling | null;
    readonly updates: number;
    readonly begun: number;
    readonly batchRows: number;
    /** Mean return of the policy when it was chosen; −∞ before any evaluation. */
    readonly bestReturn: number;
  };
}

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
  requireSameWorld(from, features, environment);
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
    const act = actorOf(networks, observer);
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
      const values = networks.values(rollout.features, rollout.rows);
      const learnedFrom = advantagesOf(rollout, values, networks, options, environments.length);
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

/** @throws OptionError for actions that no head is for. */
function headOf(
  { actionSpace, name = 'the environment' }: Environment,
  { squashOutput, logStdInit }: PolicyGradientOptions,
  logStd: () => Float32Array,
): ActionHead {
  if (actionSpace.kind === 'discrete') return choiceHead(actionSpace);
  if (actionSpace.kind !== 'box') {
    throw new OptionError('model/unfit-actions', `Policy gradient cannot take the actions of ${name}.`, {});
  }
  const isBounded = [...actionSpace.low, ...actionSpace.high].every(Number.isFinite);
  if (squashOutput && !isBounded) {
    throw new OptionError(
      'model/unfit-actions',
      `squashOutput brings actions between their bounds, but those of ${name} have none.`,
      { option: 'squashOutput' },
    );
  }
  return numberHead(actionSpace, { isSquashed: squashOutput, logStdInit, logStd });
}

function requireSameWorld(
  from: PolicyGradientState | undefined,
  features: ObservationFeatures,
  { actionSpace, observationSpace, name }: Environment,
): void {
  if (from === undefined) return;
  const actions = from.action.kind === 'choice' ? from.action.n : from.action.low.length;
  const wanted =
    actionSpace.kind === 'discrete' ? actionSpace.n : actionSpace.kind === 'box' ? actionSpace.low.length : 0;
  if (actions === wanted && suitsFeatures(from.features, observationSpace)) return;
  throw new OptionError(
    'model/other-environment',
    `The policy to go on from was learned in another world: ${name ?? 'this one'} has other observations or actions.`,
    { option: 'from', inputs: features.width },
  );
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

function advantagesOf(
  rollout: Rollout,
  values: Float64Array,
  networks: ActorCritic,
  { algorithm, gamma, gaeLambda, baseline }: PolicyGradientOptions,
  environments: number,
): Advantages {
  const isValued = algorithm !== 'reinforce' || baseline === 'value';
  const cutValues = isValued
    ? networks.values(rollout.cutFeatures, rollout.cuts)
    : new Float64Array(rollout.cuts);
  const base = isValued ? values : new Float64Array(rollout.rows);
  const found = generalizedAdvantages(rollout, base, cutValues, { gamma, gaeLambda, environments });
  if (isValued || baseline === 'none') return found;
  const mean = found.returns.reduce((sum, value) => sum + value, 0) / rollout.rows;
  return { ...found, advantages: found.returns.map((value) => value - mean) };
}

function actingState(networks: ActorCritic, scaling: Scaling | null): ActingState {
  const parameters = networks.parameters();
  const of = (name: string) =>
    new Map(
      [...parameters]
        .filter(([key]) => key.startsWith(`${name}.`))
        .map(([key, values]) => [key.slice(name.length + 1), values] as const),
    );
  return {
    policy: denseLayersOf(networks.policyNetwork, of('policy')),
    value: denseLayersOf(networks.valueNetwork, of('value')),
    logStd: parameters.get(LOG_STD) ?? new Float32Array(0),
    scaling,
  };
}

/** The greedy policy as it is at each call. */
function actorOf(networks: ActorCritic, observer: ReturnType<typeof makeObserver>) {
  return ((observation, mask) => {
    const { acting, head } = networks;
    observer.write(observation, acting.inputs, 0, 'only-looks');
    return head.best(acting.run(1), 0, mask);
  }) satisfies Parameters<LearningContext['evaluate']>[0];
}

/** Means of the figures of updates. */
class FigureLog {
  readonly diagnostics: { readonly [F in keyof Diagnostics]: number[] };
  #sums: UpdateFigures[] = [];

  constructor(from: Diagnostics | undefined) {
    const of = (name: keyof Diagnostics) => [...(from?.[name] ?? [])];
    this.diagnostics = {
      ...{ steps: of('steps'), updates: of('updates'), valueLoss: of('valueLoss'), entropy: of('entropy') },
      ...{ approxKl: of('approxKl'), clipFraction: of('clipFraction') },
      explainedVariance: of('explainedVariance'),
    };
  }

  add(figures: UpdateFigures): void {
    this.#sums.push(figures);
  }

  close(steps: number): void {
    if (this.#sums.length === 0) return;
    this.diagnostics.steps.push(steps);
    this.diagnostics.updates.push(this.#sums.length);
    for (const name of ['valueLoss', 'entropy', 'approxKl', 'clipFraction', 'explainedVariance'] as const) {
      const total = this.#sums.reduce((sum, figures) => sum + figures[name], 0);
      this.diagnostics[name].push(total / this.#sums.length);
    }
    this.#sums = [];
  }
}
