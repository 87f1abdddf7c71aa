import { HeddleError, OptionError, suggestion } from '../src/core/errors.ts';
import type { ModelFactory } from '../src/define/specification.ts';
import { type CheckName, checks } from './checks.ts';
import { makeSubject } from './subject.ts';
import { type Traits, traitsFor } from './traits.ts';

/** How a model is checked. */
export interface CheckOptions extends Partial<Traits> {
  /** Sets of options to try, each through all checks. Default: the model's defaults only. */
  readonly options?: readonly Readonly<Record<string, unknown>>[];
  /** Checks that the model does not pass, each with the reason. A check that passes all the same is a failure. */
  readonly exceptions?: { readonly [name in CheckName]?: string };
}

/** One check that fits a model, ready to run. */
export interface ModelCheck {
  readonly name: CheckName;
  /** What must hold, e.g. `ridge: a single column is enough`. */
  readonly sentence: string;
  /** Why the model is excepted, if it is. */
  readonly exception: string | undefined;
  /** @throws HeddleError `check/failed` with what went wrong, or `check/passed-unexpectedly`. */
  run(): Promise<void>;
}

/**
 * The checks that fit a model's definition.
 * @throws OptionError for an exception to a check that does not exist or does not fit the model, or without a reason.
 */
export function checksFor(factory: ModelFactory, how: CheckOptions = {}): ModelCheck[] {
  const { options: sets = [{}], exceptions = {}, ...given } = how;
  const { definition } = factory;
  const traits = traitsFor(definition, given);
  const fitting = (Object.keys(checks) as CheckName[]).filter(
    (name) => checks[name].when?.(definition, traits) ?? true,
  );
  requireFitting(definition.name, exceptions, fitting);
  return fitting.map((name) => {
    const exception = exceptions[name];
    const { holds, run } = checks[name];
    const attempt = async () => {
      for (const options of sets) {
        // Made here, so that options that are refused fail the check rather than the caller.
        await describeFailure(name, options, () => run(makeSubject(factory, options, traits)));
      }
    };
    return {
      ...{ name, exception },
      sentence: `${definition.name}${traits.columns === 'numbers' ? '' : ` on ${traits.columns}`}: ${holds}${exception === undefined ? '' : ` (excepted: ${exception})`}`,
      run: exception === undefined ? attempt : () => expectFailure(name, exception, attempt),
    };
  });
}

function requireFitting(model: string, exceptions: object, fitting: readonly CheckName[]): void {
  for (const [name, reason] of Object.entries(exceptions)) {
    if (!(fitting as readonly string[]).includes(name)) {
      const known = name in checks;
      throw new OptionError(
        'option/unknown',
        `exceptions: ${known ? `the check '${name}' does not apply to ${model}; leave it out.` : `there is no check '${name}'.${suggestion(name, Object.keys(checks))}`}`,
        { option: 'exceptions', check: name, model },
      );
    }
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new OptionError(
        'option/invalid',
        `exceptions: give the reason why ${model} does not pass '${name}'.`,
        {
          option: 'exceptions',
          check: name,
        },
      );
    }
  }
}

async function describeFailure(
  name: CheckName,
  options: object,
  run: () => void | Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const set = Object.keys(options).length === 0 ? '' : ` with ${JSON.stringify(options)}`;
    const message = error instanceof Error ? error.message : String(error);
    throw new HeddleError('check/failed', `Check '${name}'${set}: ${message}`, { check: name }, error);
  }
}

async function expectFailure(name: CheckName, reason: string, attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt();
  } catch {
    return;
  }
  throw new HeddleError(
    'check/passed-unexpectedly',
    `Check '${name}' passes although it is excepted ("${reason}"); remove the exception.`,
    { check: name },
  );
}

/** What became of one check. */
export interface CheckResult {
  readonly check: CheckName;
  readonly sentence: string;
  readonly outcome: 'passed' | 'excepted' | 'failed';
  /** What went wrong, when it failed. */
  readonly error: Error | undefined;
}

/**
 * Runs all common checks that fit a model, one after another.
 *
 *     await checkModel(nearestCentroid, { options: [{}, { shrink: 0.5 }] });
 *
 * @returns what became of each check, when none failed.
 * @throws HeddleError `check/failed` listing every check that failed and why; OptionError for unfit `how`.
 */
export async function checkModel(factory: ModelFactory, how: CheckOptions = {}): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name: check, sentence, exception, run } of checksFor(factory, how)) {
    const error = await run().then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    const outcome = error !== undefined ? 'failed' : exception === undefined ? 'passed' : 'excepted';
    results.push({ check, sentence, outcome, error });
  }
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return results;
  const { name } = factory.definition;
  throw new HeddleError(
    'check/failed',
    `${name} fails ${failed.length} of ${results.length} checks.\n` +
      failed
        .map(({ sentence, error }) => `- ${sentence}\n  ${error!.message.replaceAll('\n', '\n  ')}`)
        .join('\n'),
    { model: name, checks: failed.map(({ check }) => check) },
    failed[0]!.error,
  );
}
