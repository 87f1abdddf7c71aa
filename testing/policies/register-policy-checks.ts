import { test } from 'node:test';
import { HeddleError } from '../../src/core/errors.ts';
import type { ModelFactory } from '../../src/define/specification.ts';
import type { LearnOptions } from '../../src/environments/policy/learn-policy.ts';
import { definitionChecks } from '../checks/definition.ts';
import { optionChecks } from '../checks/options.ts';
import { makeSubject } from '../subject.ts';
import { traitsFor } from '../traits.ts';
import { type PolicyCheck, type PolicyCheckName, policyChecks } from './policy-checks.ts';

/** How a policy is checked. */
export interface PolicyCheckOptions {
  /** Names of environments that suit, each with a set of options and a learning of a second or less. */
  readonly cases: readonly {
    readonly environment: string;
    readonly options?: Readonly<Record<string, unknown>>;
    readonly budget: LearnOptions;
  }[];
  /** The name of an environment whose actions do not suit; undefined when all do. */
  readonly unfit: string | undefined;
  /** Checks that the policy does not pass, each with the reason. A check that passes all the same is a failure. */
  readonly exceptions?: { readonly [name in PolicyCheckName]?: string };
}

/**
 * Registers one test of `node:test` for each common check of policies. Call it at the top level of a test file.
 *
 *     registerPolicyChecks(myPolicy, { cases: [{ environment: 'CartPole-v1', budget: { steps: 2000, evaluations: 4 } }], unfit: 'Pendulum-v1' });
 */
export function registerPolicyChecks(
  factory: ModelFactory,
  { cases, unfit, exceptions = {} }: PolicyCheckOptions,
): void {
  const { definition } = factory;
  const { 'fit-leaves-specification': _, ...ofOptions } = optionChecks;
  for (const { holds, run } of Object.values({ ...definitionChecks, ...ofOptions })) {
    test(`${definition.name}: ${holds}`, async () => {
      for (const { options = {} } of cases)
        await run(makeSubject(factory, options, traitsFor(definition, {})));
    });
  }
  for (const [name, { holds, run }] of Object.entries(policyChecks) as [PolicyCheckName, PolicyCheck][]) {
    const exception = exceptions[name];
    const suffix = exception === undefined ? '' : ` (excepted: ${exception})`;
    test(`${definition.name}: ${holds}${suffix}`, async () => {
      const attempt = async () => {
        for (const { environment, options = {}, budget } of cases)
          await named(`${environment} with ${JSON.stringify(options)}`, () =>
            run({ factory, options, environment, unfit, budget }),
          );
      };
      if (exception === undefined) return attempt();
      const hasFailed = await attempt().then(
        () => false,
        () => true,
      );
      if (hasFailed) return;
      throw new HeddleError(
        'check/passed-unexpectedly',
        `Check '${name}' passes although it is excepted ("${exception}"); remove the exception.`,
        { check: name },
      );
    });
  }
}

async function named(what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new HeddleError('check/failed', `${what}: ${message}`, {}, error);
  }
}
