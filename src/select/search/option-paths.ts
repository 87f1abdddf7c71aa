import { OptionError, suggestion } from '../../core/errors.ts';
import { describeOptions, type SearchSpace } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { defineClusterer } from '../../define/define-clusterer.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import type { Definition } from '../../define/definition.ts';
import { isSpecification, type ModelFactory, type Specification } from '../../define/specification.ts';
import { nameSteps } from '../../prepare/step-names.ts';

/**
 * Options of a specification and of those within it go by paths: `alpha` is an option of the model itself, `ridge.alpha` one of
 * the step called `ridge`, `prepare.numbers.strategy` one of the transformer `numbers` within the step `prepare`. The
 * path of a step alone (`ridge`) stands for the whole specification there.
 */

/** A specification within another's options. */
interface Part {
  readonly name: string;
  readonly specification: Specification;
  /** Keys that lead to it from the options. */
  readonly place: readonly (string | number)[];
}

/** An option, found by its path. */
export interface FoundOption {
  readonly path: string;
  readonly owner: Specification;
  readonly option: string;
  readonly search: SearchSpace | undefined;
}

function partsOf(specification: Specification): Part[] {
  const parts: Part[] = [];
  const walk = (value: unknown, place: readonly (string | number)[], name: string): void => {
    if (isSpecification(value)) parts.push({ name, specification: value, place });
    else if (Array.isArray(value)) walkArray(value, place, name);
    else if (isRecord(value)) {
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, [...place, key], typeof value.name === 'string' ? value.name : key);
      }
    }
  };
  const walkArray = (values: readonly unknown[], place: readonly (string | number)[], name: string) => {
    // A pair of a name and a specification.
    if (values.length === 2 && typeof values[0] === 'string') {
      walk(values[1], [...place, 1], values[0]);
      return;
    }
    const byModel = nameSteps(values.map((value) => modelWithin(value) ?? ''));
    for (const [i, value] of values.entries()) {
      if (isRecord(value) && !isSpecification(value) && typeof value.name !== 'string') {
        for (const [key, inner] of Object.entries(value)) walk(inner, [...place, i, key], byModel[i]);
      } else walk(value, [...place, i], byModel[i] || name);
    }
  };
  for (const [name, value] of Object.entries(specification.options)) walk(value, [name], name);
  return parts;
}

/** The model of an entry without a name, such as `{ transformer, columns }`. */
function modelWithin(value: unknown): string | undefined {
  if (isSpecification(value)) return value.name;
  return isRecord(value) ? Object.values(value).find(isSpecification)?.name : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Every option of a specification and of those within it. */
export function listOptions(specification: Specification, prefix = ''): FoundOption[] {
  const own = describeOptions(specification.definition.options).map(({ name, search }) => ({
    ...{ path: prefix + name, owner: specification, option: name, search },
  }));
  const inner = partsOf(specification).flatMap((part) =>
    listOptions(part.specification, `${prefix}${part.name}.`),
  );
  return [...own, ...inner];
}

/**
 * A specification of the same kind and type in which the options at some paths have other values.
 * @throws OptionError for a path that leads nowhere (with the nearest), or a value that its option does not take.
 */
export function withOptions<Spec extends Specification>(
  specification: Spec,
  values: Readonly<Record<string, unknown>>,
): Spec {
  return replace(specification, values, '', specification) as Spec;
}

function replace(
  specification: Specification,
  values: Readonly<Record<string, unknown>>,
  prefix: string,
  whole: Specification,
): Specification {
  const parts = partsOf(specification);
  const known = specification.definition.options.shape;
  const inner = new Map<Part, Record<string, unknown>>();
  let options: unknown = specification.options;
  for (const [path, value] of Object.entries(values)) {
    if (Object.hasOwn(known, path)) {
      options = setAt(options, [path], value);
      continue;
    }
    const part = parts.find(({ name }) => path === name || path.startsWith(`${name}.`));
    if (part === undefined) throw unknownPath(prefix + path, whole);
    if (path === part.name) options = setAt(options, part.place, value);
    else inner.set(part, { ...inner.get(part), [path.slice(part.name.length + 1)]: value });
  }
  for (const [part, within] of inner) {
    const replaced = Object.hasOwn(values, part.name)
      ? (values[part.name] as Specification)
      : part.specification;
    options = setAt(options, part.place, replace(replaced, within, `${prefix}${part.name}.`, whole));
  }
  return factoryOf(specification.definition).from(options);
}

function unknownPath(path: string, whole: Specification): OptionError {
  const known = listOptions(whole).map((found) => found.path);
  return new OptionError(
    'option/unknown',
    `${whole.name} has no option '${path}'.${suggestion(path, known)} Its options are ${known.join(', ')}.`,
    { owner: whole.name, option: path, options: known },
  );
}

function setAt(tree: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  const inner =
    rest.length === 0 ? value : setAt((tree as Record<string | number, unknown>)[key], rest, value);
  if (Array.isArray(tree)) return tree.with(key as number, inner);
  return { ...(tree as object), [key]: inner };
}

/** The factory of a definition, made anew: a factory is its definition and nothing else. */
function factoryOf(definition: Definition): ModelFactory {
  switch (definition.kind) {
    case 'regressor':
      return defineRegressor(definition);
    case 'classifier':
      return defineClassifier(definition);
    case 'transformer':
      return defineTransformer(definition);
    case 'clusterer':
      return defineClusterer(definition);
    default:
      return definition satisfies never;
  }
}
