import { z } from 'zod';
import { OptionError, suggestion } from './errors.ts';

/**
 * Options are declared once, as a zod object whose fields are wrapped in {@link option}: type, check, default, help text
 * and search range in one place. Command flags, forms, API docs and the tuner read them with {@link describeOptions}.
 */

/** Where a search looks for a good value of an option. */
export type SearchSpace =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'logUniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'integers'; readonly low: number; readonly high: number; readonly log?: boolean }
  | { readonly kind: 'choices'; readonly values: readonly (string | number | boolean | null)[] };

export const uniform = (low: number, high: number): SearchSpace => ({ kind: 'uniform', low, high });
export const logUniform = (low: number, high: number): SearchSpace => ({ kind: 'logUniform', low, high });
export const integers = (low: number, high: number, log = false): SearchSpace => ({
  kind: 'integers',
  low,
  high,
  log,
});
export const choices = (...values: (string | number | boolean | null)[]): SearchSpace => ({
  kind: 'choices',
  values,
});

interface OptionMeta {
  readonly description: string;
  readonly search: SearchSpace | undefined;
}

const registry = z.registry<OptionMeta>();

/** Declares one option: apply it last, after `.default()`, since zod keeps metadata per schema instance. */
export function option<T extends z.ZodType>(schema: T, description: string, search?: SearchSpace): T {
  registry.add(schema, { description, search });
  return schema;
}

export type OptionsSchema = z.ZodObject<Record<string, z.ZodType>>;

/** What is known of one option, as data. */
export interface OptionDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the accepted values. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly default: unknown;
  readonly search: SearchSpace | undefined;
}

export function describeOptions(schema: OptionsSchema): OptionDescription[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const meta = registry.get(field);
    const byDefault = field.safeParse(undefined);
    return {
      name,
      description: meta?.description ?? '',
      schema: z.toJSONSchema(field, { unrepresentable: 'any', io: 'input' }) as Record<string, unknown>,
      default: byDefault.success ? byDefault.data : undefined,
      search: meta?.search,
    };
  });
}

/**
 * Checks `input` against `schema` and fills defaults; the result is frozen.
 * @param owner Named in messages, e.g. `ridge`.
 * @throws OptionError naming the option and what it accepts; an unknown option with the nearest known one.
 */
export function parseOptions<T extends z.ZodType>(
  schema: T,
  input: unknown,
  owner: string,
): Readonly<z.output<T>> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return Object.freeze(result.data as object) as Readonly<z.output<T>>;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  // A misspelt required option is two issues; the unknown name says more than the missing one.
  const { issues } = result.error;
  const issue =
    issues.find(({ code, path }) => code === 'unrecognized_keys' && path.length === 0) ?? issues[0]!;
  if (issue.code === 'unrecognized_keys' && issue.path.length > 0) {
    const place = issue.path.map(String).join('.');
    throw new OptionError(
      'option/invalid',
      `${owner}: option '${place}' cannot have ${issue.keys.map((key) => `'${key}'`).join(', ')}.`,
      { owner, option: place },
    );
  }
  if (issue.code === 'unrecognized_keys') {
    const option = issue.keys[0]!;
    throw new OptionError(
      'option/unknown',
      `${owner} has no option '${option}'.${suggestion(option, known)} Its options are ${known.join(', ') || 'none'}.`,
      { owner, option, options: known },
    );
  }
  const option = issue.path.map(String).join('.');
  const given = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)?.[key],
    input,
  );
  throw new OptionError(
    'option/invalid',
    option === ''
      ? `${owner}: ${issue.message}.`
      : `${owner}: option '${option}' cannot be ${show(given)}. ${issue.message}.`,
    { owner, option },
  );
}

function show(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
