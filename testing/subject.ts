import assert from 'node:assert/strict';
import { DataError, HeddleError } from '../src/core/errors.ts';
import type { TableLike } from '../src/core/table.ts';
import type { Definition } from '../src/define/definition.ts';
import type { FitOptions, PredictOptions } from '../src/define/fit-options.ts';
import type { FittedModel, FittedParts, RowLike } from '../src/define/fitted.ts';
import type { ModelFactory, Specification } from '../src/define/specification.ts';
import { makeSample, type Sample, type SampleRequest } from './samples.ts';
import type { Traits } from './traits.ts';

type Apply = (x: TableLike, options?: PredictOptions) => Promise<unknown>;

/** A fitted model of whatever kind. */
export interface AnyFitted extends FittedModel {
  readonly kind: string;
  readonly predict?: Apply;
  readonly predictInterval?: Apply;
  readonly predictProba?: Apply;
  readonly decisionFunction?: Apply;
  readonly transform?: Apply;
  readonly inverseTransform?: Apply;
  readonly predictRow?: (row: RowLike) => unknown;
  readonly transformRow?: (row: RowLike) => Float64Array;
  readonly classes?: readonly unknown[];
  readonly positiveClass?: unknown;
  readonly labels?: Int32Array;
}

/** A specification of whatever kind; a clusterer has no `y`. */
export interface AnySpecification extends Specification {
  fit(...xyOptions: unknown[]): Promise<AnyFitted>;
  restore(parts: Omit<FittedParts, 'specification'>): AnyFitted;
}

/** A model with one set of options, under check. */
export interface Subject {
  readonly factory: ModelFactory;
  readonly definition: Definition;
  readonly options: Readonly<Record<string, unknown>>;
  readonly specification: AnySpecification;
  readonly traits: Traits;
  /** Data that suit the model; the same request gives the same data. */
  sample(request?: SampleRequest): Sample;
  /** Fits on a sample; warnings are kept in the model's summary only. */
  fit(
    sample: { readonly x: unknown; readonly y?: unknown },
    options?: FitOptions<never, never> | object,
  ): Promise<AnyFitted>;
}

export function makeSubject(
  factory: ModelFactory,
  options: Readonly<Record<string, unknown>>,
  traits: Traits,
): Subject {
  const { definition } = factory;
  const specification = factory.from(options) as AnySpecification;
  return {
    ...{ factory, definition, options, specification, traits },
    sample: (request) => makeSample(traits, request),
    fit({ x, y }, fitOptions = {}) {
      const quiet = { onWarning: () => {}, ...fitOptions };
      return definition.kind === 'clusterer' ? specification.fit(x, quiet) : specification.fit(x, y, quiet);
    },
  };
}

/** What a refusal must be: one of these codes, and a message that mentions these things. */
export interface Refusal {
  readonly codes: readonly string[];
  readonly mentions?: readonly string[];
}

/** @throws AssertionError when `attempt` succeeds, or fails in another way than `refusal` says. */
export async function assertRefused(
  what: string,
  attempt: () => unknown,
  { codes, mentions = [] }: Refusal,
): Promise<void> {
  let error: unknown;
  try {
    await attempt();
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) assert.fail(`${what} must be refused (${codes.join(' or ')}), but was accepted`);
  if (!(error instanceof HeddleError) || !codes.includes(error.code)) {
    assert.fail(`${what} must be refused with ${codes.join(' or ')}, but threw ${String(error)}`);
  }
  for (const mention of mentions) {
    assert.ok(
      error.message.includes(mention),
      `${what}: the message must mention ${mention}: ${error.message}`,
    );
  }
}

/**
 * The result of `attempt`, or undefined when the data were refused, which needs a reason a user can act on.
 * @throws what `attempt` throws when that is no DataError.
 */
export async function unlessRefused<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}
