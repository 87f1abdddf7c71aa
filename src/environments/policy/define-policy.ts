import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { type OptionsSchema, option, parseOptions } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import { defineClassifier, type FittedClassifier } from '../../define/define-classifier.ts';
import type { ClassifierParts, State } from '../../define/definition.ts';
import type { TypedFactory } from '../../define/factory.ts';
import type { FittedModel, FittedParts } from '../../define/fitted.ts';
import { mustRunInline } from '../../define/place.ts';
import { packSpecification, type Specification } from '../../define/specification.ts';
import { runInlineAsync } from '../../jobs/inline.ts';
import type { JobOptions, JobWarning } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import type { Action, Environment, Observation } from '../environment.ts';
import { spaceWidth } from '../space.ts';
import { type EnvironmentSource, makeReferenced, resolveSource } from './environment-source.ts';
import { givingWay, type LearnPayload, type LearnRequest, learnHere } from './learn-task.ts';
import type { LearningRecord, PolicyDefinition, PolicyParts, PolicyState } from './learning.ts';

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

/** What every fitted policy shows beside what it learned. */
export interface PolicyAttributes {
  readonly learning: LearningRecord;
}

/** A fitted policy of attributes `A`: a classifier of observations whose classes are the actions. */
export type FittedPolicy<A extends object = object> = FittedClassifier<number, A & PolicyAttributes>;

/** An unfitted policy. */
export interface PolicySpecification<A extends object = object>
  extends Specification<'classifier', PolicyDefinition> {
  /**
   * Learns to act in an environment, on a worker thread where it can be made there.
   * @throws OptionError for spaces that do not suit, DataError for an environment that breaks its word (NaN, another shape), JobError
   *   for what it throws, AbortError.
   */
  learn(environment: EnvironmentSource, options?: LearnOptions): Promise<FittedPolicy<A>>;
  restore(parts: Omit<FittedParts, 'specification'>): FittedPolicy<A>;
}

/**
 * Defines a policy. It is a classifier of observations (a row each; the classes are the actions, `decisionFunction` what they are worth),
 * so that files, server, registry and ONNX take it as any other; only that `learn(environment)` stands in the place of `fit`.
 */
export function definePolicy<O extends OptionsSchema, S extends State, A extends object = object>(
  parts: PolicyParts<O, S, A>,
): TypedFactory<O, PolicySpecification<A>> {
  const base = defineClassifier(asClassifier(parts) as never) as unknown as TypedFactory<
    O,
    PolicySpecification<A>
  >;
  const from = (input: unknown): PolicySpecification<A> => {
    const bare = base.from(input);
    const { fit: _, ...rest } = bare as PolicySpecification<A> & { readonly fit: unknown };
    return Object.freeze({
      ...rest,
      learn: (source: EnvironmentSource, options: LearnOptions = {}) => learn(bare, source, options),
    });
  };
  return Object.assign((options?: z.input<O>) => from(options), { definition: base.definition, from });
}

/** The definition of the classifier that the policy is. */
function asClassifier<O extends OptionsSchema, S extends State, A extends object>(
  parts: PolicyParts<O, S, A>,
): ClassifierParts<O, PolicyState<S>, A & PolicyAttributes, 'matrix'> {
  const { onnx, actionValues, attributes, ...rest } = parts;
  return {
    ...rest,
    learnsFrom: 'environment',
    weighted: false,
    fit() {
      throw new OptionError(
        'model/learns-from-environment',
        `${parts.name} learns from an environment, not from rows: use learn('Taxi-v3') or heddle learn.`,
        { model: parts.name },
      );
    },
    decisionFunction: (state, x, _job, options) => scores(actionValues(state.policy, x, options), x.rows),
    ...(onnx !== undefined && {
      onnx: (state, x, graph, options) => {
        const values = onnx(state.policy, x, graph, options);
        return {
          // Two classes have one score: by how much the second action is worth more.
          scores:
            actionsOf(state) === 2
              ? graph.node('MatMul', [values, graph.constant(Float64Array.of(-1, 1), [2, 1])])
              : values,
        };
      },
    }),
    attributes: (state, options) => ({
      ...(attributes?.(state.policy, options) as A),
      learning: state.learning,
    }),
  };
}

function actionsOf({ learning }: PolicyState): number {
  return learning.actions;
}

/** Scores as classifiers give them: with two classes one a row, by how much the second is worth more. */
function scores(values: Float64Array, rows: number): Float64Array {
  if (values.length !== 2 * rows) return values;
  const differences = sharedArray(Float64Array, rows);
  for (let i = 0; i < rows; i++) differences[i] = values[2 * i + 1]! - values[2 * i]!;
  return differences;
}

async function learn<A extends object>(
  specification: PolicySpecification<A>,
  source: EnvironmentSource,
  { from, onCheckpoint, threads, signal, onProgress, onWarning, ...rest }: LearnOptions,
): Promise<FittedPolicy<A>> {
  const start = performance.now();
  const options = parseOptions(learnOptions, rest, `learn of ${specification.name}`);
  if (from !== undefined) requireSame(from, specification);
  const resolved = resolveSource(source);
  const environment =
    resolved.kind === 'object' ? resolved.environment : await makeReferenced(resolved.reference);
  const facts = describe(environment, specification.name);
  const warnings: string[] = [];
  const complete = (state: State): FittedPolicy<A> =>
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
    const place = { environment, reference, giveWay: givingWay(signal) };
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

/** Columns and classes of the policy. @throws OptionError for actions that are not choices of one. */
function describe({ observationSpace, observationNames, actionSpace, name }: Environment, model: string) {
  if (actionSpace.kind !== 'discrete') {
    throw new OptionError(
      'model/unfit-actions',
      `${model} chooses among a few actions, but ${name ?? 'the environment'} takes numbers as actions.`,
      { model },
    );
  }
  const columns = spaceWidth(observationSpace);
  if (observationNames !== undefined && observationNames.length !== columns) {
    throw new DataError(
      'environment/names',
      `${name ?? 'The environment'} has ${observationNames.length} observationNames for ${columns} numbers.`,
      {},
    );
  }
  const classes = Array.from({ length: actionSpace.n }, (_, action) => action);
  return {
    schema: { columns, names: observationNames },
    target: { kind: 'classes' as const, classes, positiveClass: classes.length === 2 ? 1 : null },
  };
}

function requireSame({ specification: earlier }: FittedModel, now: Specification): void {
  if (earlier?.name === now.name && JSON.stringify(earlier) === JSON.stringify(now)) return;
  throw new OptionError(
    'option/invalid',
    `Learning goes on from a ${now.name} of the same options; from is ${earlier === undefined ? 'no fitted policy' : JSON.stringify(earlier)}.`,
    { option: 'from' },
  );
}

/**
 * What a fitted policy does: a function from an observation to an action, at once.
 * @throws OptionError when the model is no policy.
 */
export function policyActor(model: FittedModel): (observation: Observation) => Action {
  const { definition, options } = model.specification;
  const { actor } = definition as Partial<PolicyDefinition>;
  if (definition.learnsFrom !== 'environment' || actor === undefined) {
    throw new OptionError(
      'model/no-policy',
      `${definition.name} is no policy; one comes from learn() or heddle learn.`,
      { model: definition.name },
    );
  }
  return actor((model.state as PolicyState).policy as never, options as never);
}

/** How a fitted policy was learned. @throws OptionError when the model is no policy. */
export function learningOf(model: FittedModel): LearningRecord {
  policyActor(model);
  return (model.state as PolicyState).learning;
}
