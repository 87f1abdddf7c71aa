import type { Specification } from './specification.ts';

/** Columns that a classifier's `decisionFunction` gives: one of two classes, else one a class or what its definition says. */
export function scoreColumns({ definition, options }: Specification, classes: number): number {
  if (classes === 2 || definition.kind !== 'classifier') return 1;
  return definition.scoreColumns?.(options as never, classes) ?? classes;
}
