import type { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import type { OptionsSchema } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import { defineClassifier, type FittedClassifier } from '../../define/define-classifier.ts';
import type { ClassifierParts, State } from '../../define/definition.ts';
import type { TypedFactory } from '../../define/factory.ts';
import type { FittedModel, FittedParts } from '../../define/fitted.ts';
import type { Specification } from '../../define/specification.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { probabilityNodes } from '../../tensor/onnx/probability-nodes.ts';
import type { Environment } from '../environment.ts';
import type { EnvironmentSource } from './environment-source.ts';
import { type LearnOptions, learnPolicy } from './learn-policy.ts';
import type { Actor, LearningRecord, PolicyDefinition, PolicyParts, PolicyState } from './learning.ts';

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
      learn: (source: EnvironmentSource, options: LearnOptions = {}) =>
        learnPolicy(bare, source, options, choicesOf),
    });
  };
  return Object.assign((options?: z.input<O>) => from(options), { definition: base.definition, from });
}

/** The definition of the classifier that the policy is. */
function asClassifier<O extends OptionsSchema, S extends State, A extends object>(
  parts: PolicyParts<O, S, A>,
): ClassifierParts<O, PolicyState<S>, A & PolicyAttributes, 'matrix'> {
  const { onnx, actionValues, draws, attributes, ...rest } = parts;
  return {
    ...rest,
    learnsFrom: 'environment',
    weighted: false,
    fit: () => refuseRows(parts.name),
    decisionFunction: (state, x, _job, options) => scores(actionValues(state.policy, x, options), x.rows),
    ...(draws === 'softmax' && {
      predictProba: (state, x, _job, options) =>
        probabilitiesOf(scores(actionValues(state.policy, x, options), x.rows), scoresOf(state)),
    }),
    ...(onnx !== undefined && {
      onnx: (state, x, graph, options) => {
        const values = onnx(state.policy, x, graph, options);
        // Two classes have one score: by how much the second action is worth more.
        const given =
          actionsOf(state) === 2
            ? graph.node('MatMul', [values, graph.constant(Float64Array.of(-1, 1), [2, 1])])
            : values;
        if (draws !== 'softmax') return { scores: given };
        return {
          scores: given,
          probabilities: probabilityNodes(graph, given, scoresOf(state)),
        };
      },
    }),
    attributes: (state, options) => ({
      ...(attributes?.(state.policy, options) as A),
      learning: state.learning,
    }),
  };
}

/** @throws OptionError: a policy is not fitted to rows. */
export function refuseRows(model: string): never {
  throw new OptionError(
    'model/learns-from-environment',
    `${model} learns from an environment, not from rows: use learn('CartPole-v1') or heddle learn.`,
    { model },
  );
}

/** The classes of the policy: its actions. @throws OptionError for actions that are not choices of one. */
function choicesOf({ actionSpace, name }: Environment, model: string) {
  if (actionSpace.kind !== 'discrete') {
    const what = actionSpace.kind === 'box' ? 'takes numbers as actions' : 'takes several choices at once';
    throw new OptionError(
      'model/unfit-actions',
      `${model} chooses among a few actions, but ${name ?? 'the environment'} ${what}.`,
      { model },
    );
  }
  const classes = Array.from({ length: actionSpace.n }, (_, action) => action);
  return { kind: 'classes' as const, classes, positiveClass: classes.length === 2 ? 1 : null };
}

function actionsOf({ learning }: PolicyState): number {
  return learning.actions;
}

/** Scores of a row: with two classes one. */
function scoresOf(state: PolicyState): number {
  return actionsOf(state) === 2 ? 1 : actionsOf(state);
}

/** Scores as classifiers give them: with two classes one a row, by how much the second is worth more. */
function scores(values: Float64Array, rows: number): Float64Array {
  if (values.length !== 2 * rows) return values;
  const differences = sharedArray(Float64Array, rows);
  for (let i = 0; i < rows; i++) differences[i] = values[2 * i + 1]! - values[2 * i]!;
  return differences;
}

/**
 * What a fitted policy does: a function from an observation, and a mask of the actions where there is one, to an action, at once.
 * @throws OptionError when the model is no policy.
 */
export function policyActor(model: FittedModel): Actor {
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
