import type { State } from '../define/definition.ts';
import type { Specification } from '../define/specification.ts';

/** What a step learned, by the names it has on the step's own fitted model. */
// biome-ignore lint/suspicious/noExplicitAny: which attributes there are depends on the step
export type StepAttributes = Readonly<Record<string, any>>;

export function attributesOf({ definition, options }: Specification, state: State): StepAttributes {
  return definition.attributes?.(state, options as never) ?? {};
}
