import { AbortError } from '../../core/errors.ts';
import type { State } from '../../define/definition.ts';
import { unpackSpecification } from '../../define/specification.ts';
import { shareState } from '../../define/tasks.ts';
import type { Job } from '../../jobs/job.ts';
import type { Environment, EnvironmentReference } from '../environment.ts';
import { SeedStream } from '../episode-seed.ts';
import { evaluatePolicy } from '../evaluate-policy.ts';
import { spaceWidth } from '../space.ts';
import { copiesOf, makeReferenced, safeEnvironment } from './environment-source.ts';
import type {
  Actor,
  ContinuousPolicyDefinition,
  Learned,
  LearningBudget,
  LearningContext,
  LearningRecord,
  PolicyDefinition,
  PolicyState,
} from './learning.ts';

export interface LearnRequest {
  readonly budget: LearningBudget;
  readonly randomState: number;
  readonly evaluations: number;
  readonly evaluationEpisodes: number;
  readonly finalEpisodes: number;
  readonly mostEpisodeSteps: number;
  readonly from: PolicyState | undefined;
  readonly wantsCheckpoints: boolean;
}

export interface LearnPayload extends LearnRequest {
  readonly specification: unknown;
  readonly reference: EnvironmentReference;
}

/** The episode without end that is warned of. */
const TOLERATED_ENDLESS = 3;

/** Learns on a worker thread. */
export async function learnTask(payload: LearnPayload, job: Job): Promise<State> {
  const { definition, options } = await unpackSpecification(payload.specification, job.call);
  const { reference } = payload;
  const environment = await makeReferenced(reference);
  const giveWay = () => undefined;
  return learnHere(
    definition as unknown as PolicyDefinition | ContinuousPolicyDefinition,
    options,
    { environment, reference, makeAnother: () => makeReferenced(reference), giveWay },
    payload,
    job,
  );
}

interface Place {
  readonly environment: Environment;
  readonly reference: EnvironmentReference | undefined;
  /** Makes another environment of the kind, where that can be done. */
  readonly makeAnother: (() => Environment | Promise<Environment>) | undefined;
  /** Lets the event loop of this thread run, where others need it. */
  giveWay(): void | Promise<void>;
}

/** Learns in this thread. @returns the state, on shared memory. */
export async function learnHere(
  definition: PolicyDefinition | ContinuousPolicyDefinition,
  options: object,
  { environment: given, reference, makeAnother, giveWay }: Place,
  request: LearnRequest,
  job: Job,
): Promise<State> {
  const { budget, randomState, evaluations, evaluationEpisodes, finalEpisodes, mostEpisodeSteps, from } =
    request;
  let endless = 0;
  let isChoosing = false;
  const watch = (bare: Environment) =>
    safeEnvironment(bare, reference, {
      mostSteps: mostEpisodeSteps,
      onEndless(steps) {
        // A policy that is still learning may well walk in circles, and random steps may take their time once or twice.
        if (isChoosing || ++endless !== TOLERATED_ENDLESS) return;
        job.warn(
          'environment/endless',
          `Episodes had not ended after ${steps} steps and were truncated; maxEpisodeSteps sets the limit.`,
        );
      },
    });
  const environment = watch(given);
  const pause = () => {
    job.checkpoint();
    return giveWay();
  };
  const evaluate = (act: Actor, stream: SeedStream, episodes: number) =>
    evaluatePolicy(environment, act, { episodes, randomState, stream, pause });
  const complete = (
    { policy, steps, episodes, curve }: Learned,
    evaluation: LearningRecord['evaluation'],
  ): PolicyState => ({
    policy,
    learning: {
      ...{ steps, episodes, curve, randomState, evaluation },
      environmentName: environment.name ?? reference?.name ?? 'environment',
      environment: reference ?? null,
      actions:
        environment.actionSpace.kind === 'discrete'
          ? environment.actionSpace.n
          : spaceWidth(environment.actionSpace),
      actionNames: environment.actionNames ?? null,
    },
  });
  const context: LearningContext = {
    ...{ environment, budget, randomState, evaluations },
    copies: (count) => copiesOf(given, count, makeAnother, watch),
    from: from && { policy: from.policy, ...from.learning },
    async evaluate(act) {
      isChoosing = true;
      const evaluation = await evaluate(act, SeedStream.choose, evaluationEpisodes);
      isChoosing = false;
      return evaluation;
    },
    pause(fraction, message) {
      job.progress(fraction, message);
      return pause();
    },
    async checkpoint(learned) {
      if (!request.wantsCheckpoints) return;
      // What goes to the caller's thread must not change while learning goes on.
      await job.call('checkpoint', structuredClone(complete(learned(), null)));
    },
  };
  const learned = await definition.learn(options as never, context, job);
  const act = definition.actor(learned.policy as never, options as never);
  const evaluation = finalEpisodes === 0 ? null : await evaluate(act, SeedStream.judge, finalEpisodes);
  return shareState(complete(learned, evaluation));
}

/** Gives way to the event loop whenever 6 ms have passed. */
export function givingWay(signal: AbortSignal | undefined): () => void | Promise<void> {
  let sliceStart = performance.now();
  return () => {
    if (performance.now() - sliceStart < 6) return undefined;
    return new Promise<void>((resolve, reject) =>
      setImmediate(() => {
        sliceStart = performance.now();
        if (signal?.aborted) reject(new AbortError());
        else resolve();
      }),
    );
  };
}
