import { OptionError, suggestion } from '../core/errors.ts';
import type { Definition, Kind } from '../define/definition.ts';
import type { ModelFactory } from '../define/specification.ts';
import { familyOf, findModel, modelNames } from '../models/registry.ts';
import type { Problem } from './problem.ts';

/** Models that share a name: `random-forest` has a classifier and a regressor. */
export interface Family {
  readonly name: string;
  readonly members: readonly ModelFactory[];
}

const problemOfKind: Partial<Record<Kind, Problem>> = {
  regressor: 'regression',
  classifier: 'classification',
};

export function problemOf({ kind, learnsFrom }: Definition): Problem | undefined {
  return learnsFrom === undefined || learnsFrom === 'rows' ? problemOfKind[kind] : undefined;
}

/** The problems of a family, in the order regression, classification. */
export function problemsOf(family: Family): Problem[] {
  return (['regression', 'classification'] as const).filter(
    (problem) => memberFor(family, problem) !== undefined,
  );
}

export function memberFor(family: Family, problem: Problem): ModelFactory | undefined {
  return family.members.find(({ definition }) => problemOf(definition) === problem);
}

/** All families of the registry, by name. It imports every model. */
export async function allFamilies(): Promise<Family[]> {
  const families = new Map<string, ModelFactory[]>();
  for (const name of modelNames()) {
    const family = familyOf(name);
    families.set(family, [...(families.get(family) ?? []), (await findModel(name))!]);
  }
  return [...families].map(([name, members]) => ({ name, members }));
}

/** Whether a model is complete by its defaults. One made of other models (a pipeline, a search) is not: its parts must be said. */
export function isComplete(model: ModelFactory): boolean {
  return model.definition.options.safeParse({}).success;
}

/**
 * The family of that name; a member's own name (`random-forest-classifier`) will do as well.
 * @throws OptionError with the nearest known name.
 */
export async function findFamily(name: string): Promise<Family> {
  const names = modelNames();
  const wanted = names.filter((model) => familyOf(model) === name || model === name);
  if (wanted.length > 0) {
    return { name, members: await Promise.all(wanted.map(async (model) => (await findModel(model))!)) };
  }
  const predictors = (await allFamilies()).filter(isTrainable).map((family) => family.name);
  const spelled = name.toLowerCase().replace(/[\s_]+/g, '-');
  throw new OptionError(
    'option/unknown-model',
    `There is no model '${name}'.${suggestion(spelled, predictors)} Models: ${predictors.join(', ')}.`,
    { model: name },
  );
}

/** Whether the family predicts a target and needs nothing but its options' defaults. */
export function isTrainable(family: Family): boolean {
  return problemsOf(family).length > 0 && family.members.every(isComplete);
}

/** Whether the family learns from an environment to act in. */
export function learnsByActing({ members }: Family): boolean {
  return members.some(({ definition }) => definition.learnsFrom === 'environment');
}
