import type { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { OptionsSchema } from '../../core/options.ts';
import { defineRegressor, type FittedRegressor } from '../../define/define-regressor.ts';
import type { RegressorParts, State } from '../../define/definition.ts';
import type { TypedFactory } from '../../define/factory.ts';
import type { FittedParts } from '../../define/fitted.ts';
import type { Specification } from '../../define/specification.ts';
import type { Environment } from '../environment.ts';
import { type PolicyAttributes, refuseRows } from './define-policy.ts';
import type { EnvironmentSource } from './environment-source.ts';
import { type LearnOptions, learnPolicy } from './learn-policy.ts';
import type { ContinuousPolicyDefinition, ContinuousPolicyParts, PolicyState } from './learning.ts';

/** A fitted policy of continuous actions: a regressor of observations with a target for each number of an action. */
export type FittedContinuousPolicy<A extends object = object> = FittedRegressor<
  A & PolicyAttributes,
  Float64Array | Matrix
>;

/** An unfitted policy of continuous actions. */
export interface ContinuousPolicySpecification<A extends object = object>
  extends Specification<'regressor', ContinuousPolicyDefinition> {
  /**
   * Learns to act in an environment, on a worker thread where it can be made there.
   * @throws OptionError for spaces that do not suit, DataError for an environment that breaks its word (NaN, another shape), JobError
   *   for what it throws, AbortError.
   */
  learn(environment: EnvironmentSource, options?: LearnOptions): Promise<FittedContinuousPolicy<A>>;
  restore(parts: Omit<FittedParts, 'specification'>): FittedContinuousPolicy<A>;
}

/**
 * Defines a policy whose actions are numbers. It is a regressor of observations (a row each; a target for each number of an action, within
 * the bounds of the space), so that files, server, registry and ONNX take it as any other; only that `learn(environment)` stands in the
 * place of `fit`.
 */
export function defineContinuousPolicy<O extends OptionsSchema, S extends State, A extends object = object>(
  parts: ContinuousPolicyParts<O, S, A>,
): TypedFactory<O, ContinuousPolicySpecification<A>> {
  const base = defineRegressor(asRegressor(parts) as never) as unknown as TypedFactory<
    O,
    ContinuousPolicySpecification<A>
  >;
  const from = (input: unknown): ContinuousPolicySpecification<A> => {
    const bare = base.from(input);
    const { fit: _, ...rest } = bare as ContinuousPolicySpecification<A> & { readonly fit: unknown };
    return Object.freeze({
      ...rest,
      learn: (source: EnvironmentSource, options: LearnOptions = {}) =>
        learnPolicy(bare, source, options, numbersOf),
    });
  };
  return Object.assign((options?: z.input<O>) => from(options), { definition: base.definition, from });
}

/** The definition of the regressor that the policy is. */
function asRegressor<O extends OptionsSchema, S extends State, A extends object>(
  parts: ContinuousPolicyParts<O, S, A>,
): RegressorParts<O, PolicyState<S>, A & PolicyAttributes, 'matrix'> {
  const { onnx, actions, attributes, ...rest } = parts;
  return {
    ...rest,
    learnsFrom: 'environment',
    weighted: false,
    severalTargets: true,
    fit: () => refuseRows(parts.name),
    predict: (state, x, _job, options) => actions(state.policy, x, options),
    ...(onnx !== undefined && {
      onnx: (state, x, graph, options) => onnx(state.policy, x, graph, options),
    }),
    attributes: (state, options) => ({
      ...(attributes?.(state.policy, options) as A),
      learning: state.learning,
    }),
  };
}

/** The targets of the policy: the numbers of an action. @throws OptionError for actions that are choices. */
function numbersOf({ actionSpace, actionNames, name }: Environment, model: string) {
  if (actionSpace.kind !== 'box') {
    const what =
      actionSpace.kind === 'discrete' ? `one of ${actionSpace.n} actions` : 'several choices at once';
    throw new OptionError(
      'model/unfit-actions',
      `${model} gives numbers as actions, but ${name ?? 'the environment'} takes ${what}.`,
      { model },
    );
  }
  const targets = actionSpace.low.length;
  return { kind: 'values' as const, targets, several: targets > 1, names: actionNames };
}
