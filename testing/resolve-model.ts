import {
  isSpecification,
  type ModelFactory,
  type ModelResolver,
  type Specification,
} from '../src/define/specification.ts';
import type { UserFunctions } from '../src/jobs/job.ts';

/** The factories of a specification and of all specifications among its options, by name. */
export async function factoriesIn(
  factory: ModelFactory,
  specification: Specification,
): Promise<ReadonlyMap<string, ModelFactory>> {
  const factories = new Map([[factory.definition.name, factory]]);
  for (const value of valuesOf(specification.options)) {
    if (!isSpecification(value) || factories.has(value.name)) continue;
    const exported: Record<string, Partial<ModelFactory> | undefined> = await import(value.definition.module);
    const found = Object.values(exported).find((candidate) => candidate?.definition?.name === value.name);
    factories.set(value.name, found as ModelFactory);
  }
  return factories;
}

/** The same as a function from names. */
export async function resolverFor(
  factory: ModelFactory,
  specification: Specification,
): Promise<ModelResolver> {
  const factories = await factoriesIn(factory, specification);
  return (name) => factories.get(name)!;
}

/** The user's functions among the options of a specification, by their names. */
export function functionsIn(specification: Specification): UserFunctions {
  const functions = [...valuesOf(specification.options)].filter((value) => typeof value === 'function');
  return Object.fromEntries(functions.map((value) => [value.name, value as (...values: never[]) => unknown]));
}

/** Every value within a tree of plain objects, arrays and specifications. */
function* valuesOf(tree: unknown): Generator<unknown> {
  yield tree;
  if (typeof tree !== 'object' || tree === null) return;
  for (const value of Object.values(isSpecification(tree) ? tree.options : tree)) yield* valuesOf(value);
}
