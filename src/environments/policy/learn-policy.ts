import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { option, parseOptions } from '../../core/options.ts';
import type { State } from '../../define/definition.ts';
import type { FittedModel, FittedParts, TargetSchema } from '../../define/fitted.ts';
import { mustRunInline } from '../../define/place.ts';
import { packSpecification, type Specification } from '../../define/specification.ts';
import { runInlineAsync } from '../../jobs/inline.ts';
import type { JobOptions, JobWarning } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import type { Environment } from '../environment.ts';
import { spaceWidth } from '../space.ts';
import { type EnvironmentSource, makeReferenced, resolveSource } from './environment-source.ts';
import { givingWay, type LearnPayload, type LearnRequest, learnHere } from './learn-task.ts';
import type { ContinuousPolicyDefinition, PolicyDefinition, PolicyState } from './learning.ts';

/** URL of the module with the task that worker threads run. */
const taskModule = new URL(`./learn-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  .href;

const DEFAULT_STEPS = 500_000;

const learnOptions = z.strictObject({
  steps: option(
    z.int().positive().optional(),
    'Steps to learn for, in all; 500,000 when episodes are not given either.',
  ),
  episodes: option(z.int().positive().optional(), 'Episodes to learn for, in all.'),
  evaluations: option(
    z.int().nonnegative().default(20),
    'How often the policy is evaluated while it learns; the best one is kept. 0: the last one is.',
  ),
  evaluationEpisodes: option(z.int().positive().default(100), 'Episodes of each of these evaluations.'),
  finalEpisodes: option(z.int().nonnegative().default(100), 'Episodes that judge the finished policy.'),
  maxEpisodeSteps: option(
    z.int().positive().default(10_000),
    'Steps after which an episode is truncated where the environment has no limit of its own.',
  ),
});

/** What `learn` may be told. */
export interface LearnOptions extends z.input<typeof learnOptions>, JobOptions {
  /** A policy of the same kind and options to go on from, e.g. a checkpoint. */
  readonly from?: FittedModel | undefined;
  /** Gets the policy as it is after each evaluation: learning can go on from there, with the same result. */
  readonly onCheckpoint?: ((policy: FittedModel) => void | Promise<void>) | undefined;
}

/** What {@link learnPolicy} needs of a policy that has not learned yet. */
interface Learnable<M extends FittedModel>
  extends Specification<'classifier' | 'regressor', PolicyDefinition | ContinuousPolicyDefinition> {
  restore(parts: Omit<FittedParts, 'specification'>): M;
}

/**
 * Learns to act in an environment, on a worker thread where it can be made there.
 * @param targetOf What is predicted for an observation; it refuses actions that do not suit.
 */
export async function learnPolicy<M extends FittedModel>(
  specification: Learnable<M>,
  source: EnvironmentSource,
  { from, onCheckpoint, threads, signal, onProgress, onWarning, ...rest }: LearnOptions,
  targetOf: (environment: Environment, model: string) => TargetSchema,
): Promise<M> {
  const start = performance.now();
  const options = parseOptions(learnOptions, rest, `learn of ${specification.name}`);
  if (from !== undefined) requireSame(from, specification);
  const resolved = resolveSource(source);
  const environment =
    resolved.kind === 'object' ? resolved.environment : await makeReferenced(resolved.reference);
  const facts = { schema: schemaOf(environment), target: targetOf(environment, specification.name) };
  const warnings: string[] = [];
  const complete = (state: State): M =>
    specification.restore({
      ...facts,
      state,
      summary: {
        rows: (state as PolicyState).learning.steps,
        seconds: (performance.now() - start) / 1000,
        warnings: [...warnings],
      },
    });
  const earlier = from?.state as PolicyState | undefined;
  const { randomState } = specification.options as { readonly randomState?: number | null };
  const { steps = Number.POSITIVE_INFINITY, episodes = Number.POSITIVE_INFINITY } = options;
  const hasBudget = options.steps !== undefined || options.episodes !== undefined;
  const request: LearnRequest = {
    budget: { steps: hasBudget ? steps : DEFAULT_STEPS, episodes },
    randomState: earlier?.learning.randomState ?? randomState ?? randomInt(2 ** 32),
    evaluations: options.evaluations,
    evaluationEpisodes: options.evaluationEpisodes,
    finalEpisodes: options.finalEpisodes,
    mostEpisodeSteps: options.maxEpisodeSteps,
    from: earlier,
    wantsCheckpoints: onCheckpoint !== undefined,
  };
  const { wire, functions, modules } = packSpecification(specification);
  const jobOptions = {
    ...{ threads, signal, onProgress },
    onWarning(warning: JobWarning) {
      warnings.push(warning.message);
      if (onWarning === undefined) process.emitWarning(warning.message, { code: warning.code });
      else onWarning(warning);
    },
    functions: {
      ...functions,
      checkpoint: (state: State) => onCheckpoint?.(complete(state)),
    },
  };
  if (resolved.kind === 'object' || mustRunInline(modulesOf(modules, resolved.reference.module))) {
    const reference = resolved.kind === 'object' ? undefined : resolved.reference;
    const makeAnother = resolved.kind === 'object' ? resolved.make : () => makeReferenced(resolved.reference);
    const place = { environment, reference, makeAnother, giveWay: givingWay(signal) };
    const { definition, options: own } = specification;
    return complete(
      await runInlineAsync((job) => learnHere(definition, own, place, request, job), jobOptions),
    );
  }
  const state = await runJob<LearnPayload, State>({
    ...jobOptions,
    module: taskModule,
    name: 'learnTask' satisfies keyof typeof import('./learn-task.ts'),
    payload: { ...request, specification: wire, reference: resolved.reference },
  });
  return complete(state);
}

function modulesOf(modules: ReadonlySet<string>, own: string | undefined): ReadonlySet<string> {
  return own === undefined ? modules : new Set([...modules, own]);
}

/** Columns of the policy. */
function schemaOf({ observationSpace, observationNames, name }: Environment) {
  const columns = spaceWidth(observationSpace);
  if (observationNames !== undefined && observationNames.length !== columns) {
    throw new DataError(
      'environment/names',
      `${name ?? 'The environment'} has ${observationNames.length} observationNames for ${columns} numbers.`,
      {},
    );
  }
  return { columns, names: observationNames };
}

function requireSame({ specification: earlier }: FittedModel, now: Specification): void {
  if (earlier?.name === now.name && JSON.stringify(earlier) === JSON.stringify(now)) return;
  throw new OptionError(
    'option/invalid',
    `Learning goes on from a ${now.name} of the same options; from is ${earlier === undefined ? 'no fitted policy' : JSON.stringify(earlier)}.`,
    { option: 'from' },
  );
}
