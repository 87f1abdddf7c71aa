import type { State, StateShape } from './definition.ts';
import type { TargetSchema } from './fitted.ts';
import type { Specification } from './specification.ts';

/** Refuses a state that its definition says cannot be of a model of that shape. @throws DataError */
export function checkState({ definition, options }: Specification, state: State, shape: StateShape): void {
  definition.checkState?.(state as never, shape, options as never);
}

/** Numbers that a model gives for a row: one a target, one for two classes, else one a class. */
export function outputsOf(target: TargetSchema): number {
  if (target.kind === 'values') return target.targets;
  if (target.kind === 'none') return 0;
  return target.classes.length === 2 ? 1 : target.classes.length;
}
