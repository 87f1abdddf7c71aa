import { z } from 'zod';
import { DataError, OptionError } from '../core/errors.ts';
import type { UserFunctions } from '../jobs/job.ts';
import type { Definition, Kind } from './definition.ts';

/** A model that is not fitted yet: which one, with which options. Immutable; plain JSON by `JSON.stringify`. */
export interface Specification<K extends Kind = Kind, D extends Definition = Definition> {
  readonly kind: K;
  /** Name of the definition, e.g. `ridge`. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly definition: D;
  toJSON(): SpecificationJson;
}

/** A specification as JSON; specifications within the options have the same form. */
export interface SpecificationJson {
  readonly $model: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The function that makes specifications of one model. */
export interface ModelFactory<Spec extends Specification = Specification> {
  /** @throws OptionError for an unknown or unfit option, with the nearest known name. */
  (options?: never): Spec;
  readonly definition: Definition;
  /** The door for untyped options: a file, the command, a request. */
  from(options: unknown): Spec;
}

export function isSpecification(value: unknown): value is Specification {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Specification).definition === 'object' &&
    typeof (value as Specification).toJSON === 'function'
  );
}

/** The zod type of an option that holds a specification of one of `kinds`. */
export function specificationOf<K extends Kind>(...kinds: K[]): z.ZodType<Specification<K>> {
  return z.custom<Specification<K>>(
    (value) => isSpecification(value) && (kinds as Kind[]).includes(value.kind),
    `It takes an unfitted ${kinds.join(' or ')}, such as the result of ridge()`,
  );
}

/** The definition's name and module for a thread that has not loaded it. */
interface SpecificationWire {
  readonly $model: string;
  readonly module: string;
  readonly options: unknown;
}

/** A specification as structured-cloneable data, and the user's functions that its options hold, by their path. */
export interface PackedSpecification {
  readonly wire: unknown;
  readonly functions: UserFunctions;
  /** Modules of all definitions in it. */
  readonly modules: ReadonlySet<string>;
}

export function packSpecification(specification: Specification): PackedSpecification {
  const functions: Record<string, (...values: never[]) => unknown> = {};
  const modules = new Set<string>();
  const pack = (value: unknown, path: string): unknown => {
    if (typeof value === 'function') {
      functions[path] = value as (...values: never[]) => unknown;
      return { $function: path };
    }
    if (isSpecification(value)) {
      modules.add(value.definition.module);
      const options = pack(value.options, `${path}${value.name}/`);
      return { $model: value.name, module: value.definition.module, options } satisfies SpecificationWire;
    }
    if (Array.isArray(value)) return value.map((part, i) => pack(part, `${path}${i}/`));
    if (isPlainObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, part]) => [key, pack(part, `${path}${key}/`)]),
      );
    }
    return value;
  };
  return { wire: pack(specification, ''), functions, modules };
}

/** The inverse, in a thread that imports definitions from their modules and calls functions through `call`. */
export async function unpackSpecification(
  wire: unknown,
  call: (name: string, ...values: unknown[]) => Promise<unknown>,
): Promise<Specification> {
  return (await revive(wire, {
    model: async (name, value) => findExport(await import((value as SpecificationWire).module), name),
    function:
      (name) =>
      (...values: unknown[]) =>
        call(name, ...values),
  })) as Specification;
}

/** A specification as JSON: functions appear by their own names. */
export function specificationToJson(specification: Specification): SpecificationJson {
  const convert = (value: unknown): unknown => {
    if (typeof value === 'function') return { $function: value.name };
    if (isSpecification(value)) return specificationToJson(value);
    if (Array.isArray(value)) return value.map(convert);
    if (isPlainObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, convert(part)]));
    }
    return value;
  };
  return {
    $model: specification.name,
    options: convert(specification.options) as SpecificationJson['options'],
  };
}

/** Finds a model by name, e.g. in the registry; it may import the model's module. */
export type ModelResolver = (name: string) => ModelFactory | Promise<ModelFactory>;

/**
 * The inverse of {@link specificationToJson}: options are checked again.
 * @throws OptionError for unfit options or a function that `functions` does not supply; what `resolve` throws.
 */
export async function specificationFromJson(
  json: SpecificationJson,
  resolve: ModelResolver,
  functions: UserFunctions = {},
): Promise<Specification> {
  return (await revive(json, {
    model: resolve,
    function: (name) => {
      const found = functions[name];
      if (found === undefined) {
        throw new OptionError(
          'option/missing-function',
          `The model uses a function '${name}' of yours; pass it as { functions: { ${name} } }.`,
          { function: name },
        );
      }
      return found;
    },
  })) as Specification;
}

interface Reviver {
  model(name: string, value: object): ModelFactory | Promise<ModelFactory>;
  function(name: string): unknown;
}

async function revive(value: unknown, reviver: Reviver): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((part) => revive(part, reviver)));
  if (!isPlainObject(value)) return value;
  if (typeof value.$function === 'string') return reviver.function(value.$function);
  if (typeof value.$model === 'string') {
    const factory = await reviver.model(value.$model, value);
    return factory.from(await revive(value.options, reviver));
  }
  const parts = Object.entries(value).map(async ([key, part]) => [key, await revive(part, reviver)] as const);
  return Object.fromEntries(await Promise.all(parts));
}

function findExport(exports: Record<string, unknown>, name: string): ModelFactory {
  for (const candidate of Object.values(exports)) {
    if ((candidate as Partial<ModelFactory> | undefined)?.definition?.name === name)
      return candidate as ModelFactory;
  }
  throw new DataError(
    'model/not-exported',
    `The module of model '${name}' does not export it. Export what define… returned.`,
    { model: name },
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
