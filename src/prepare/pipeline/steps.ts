import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';
import type { Kind } from '../../define/definition.ts';
import { isSpecification, type Specification, specificationOf } from '../../define/specification.ts';
import { nameSteps, repeatedName } from '../step-names.ts';

/** A name and the model of that step. */
export type NamedStep = readonly [name: string, step: Specification];

export interface PipelineOptions {
  readonly steps: readonly NamedStep[];
}

const anyStep = specificationOf('transformer', 'regressor', 'classifier', 'clusterer');

export const pipelineOptions = z.strictObject({
  steps: option(
    z.array(z.tuple([z.string().min(1), anyStep])).min(1),
    'Pairs of a name and a model, in order; all but the last are transformers.',
  ),
});

/** @throws OptionError naming a step that repeats a name, or is of the wrong kind for its place. */
export function checkSteps(owner: string, last: Kind, { steps }: PipelineOptions): void {
  const refuse = (name: string, message: string) => {
    throw new OptionError('option/invalid', `${owner}: ${message}`, { option: 'steps', step: name });
  };
  const repeated = repeatedName(steps.map(([name]) => name));
  if (repeated !== undefined) refuse(repeated, `two steps are called '${repeated}'; names must differ.`);
  for (const [i, [name, { kind }]] of steps.entries()) {
    if (i < steps.length - 1 && kind !== 'transformer') {
      refuse(name, `step '${name}' is a ${kind}, but every step before the last is a transformer.`);
    }
    if (i === steps.length - 1 && kind !== last)
      refuse(name, `the last step '${name}' is a ${kind}, not a ${last}.`);
  }
}

export function lastStep({ steps }: PipelineOptions): NamedStep {
  return steps[steps.length - 1]!;
}

/** What callers may pass: steps one after the other, one array of pairs, or one object of steps by name. */
export type StepsLike = readonly Specification[] | readonly [readonly NamedStep[]] | readonly [StepRecord];
export type StepRecord = Readonly<Record<string, Specification>>;

/** @throws OptionError when there is no step or one is no specification. */
export function namedSteps(given: StepsLike): readonly NamedStep[] {
  const pairs = toPairs(given);
  if (pairs.length === 0)
    throw new OptionError('option/invalid', 'A pipeline needs at least one step.', { option: 'steps' });
  for (const [name, step] of pairs) {
    if (isSpecification(step)) continue;
    throw new OptionError(
      'option/invalid',
      `Step '${name}' of the pipeline is no unfitted model, such as the result of standardScaler().`,
      { option: 'steps', step: name },
    );
  }
  return pairs;
}

function toPairs(given: StepsLike): readonly NamedStep[] {
  const [first] = given;
  if (given.length === 1 && Array.isArray(first)) return first as readonly NamedStep[];
  if (given.length === 1 && !isSpecification(first)) return Object.entries((first ?? {}) as StepRecord);
  const steps = given as readonly Specification[];
  const names = nameSteps(steps.map((step, i) => step?.name ?? `step-${i}`));
  return steps.map((step, i) => [names[i]!, step]);
}
