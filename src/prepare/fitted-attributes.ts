import type { State } from '../define/definition.ts';
import type { Specification } from '../define/specification.ts';

/** What a step learned, by the names it has on the step's own fitted model. */
// biome-ignore lint/suspicious/noExplicitAny: which attributes there are depends on the step
export type StepAttributes = Readonly<Record<string, any>>;

export function attributesOf({ definition, options }: Specification, state: State): StepAttributes {
  return definition.attributes?.(state, options as never) ?? {};
}

/** The same after a fit whose target had columns. */
export function attributesOfTargets(specification: Specification, state: State): StepAttributes {
  const { definition, options } = specification;
  if (definition.kind !== 'regressor' || definition.attributesOfTargets === undefined) {
    return attributesOf(specification, state);
  }
  return definition.attributesOfTargets(state, options as never);
}
