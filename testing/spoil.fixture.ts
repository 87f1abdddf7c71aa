import type { Definition } from '../src/define/definition.ts';
import type { ModelFactory } from '../src/define/specification.ts';
import type { AnyFitted, AnySpecification } from './subject.ts';

/** Arguments of a fit, as its caller gave them. */
export interface FitArguments {
  readonly x: unknown;
  readonly y: unknown;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Ways in which a sound model can be made unsound, from the outside. */
export interface Defect {
  readonly definition?: Partial<Definition>;
  from?(options: unknown, sound: (options: unknown) => AnySpecification): AnySpecification;
  specification?(sound: AnySpecification): Partial<AnySpecification>;
  /** What the model gets to see instead of what the caller gave. */
  see?(given: FitArguments): Partial<FitArguments>;
  fit?(given: FitArguments, sound: (given: FitArguments) => Promise<AnyFitted>): Promise<AnyFitted>;
  /** What replaces parts of the fitted model. */
  model?(sound: AnyFitted, given: FitArguments): { readonly [name in keyof AnyFitted]?: unknown } & object;
}

/** The factory with a defect. */
export function spoil(factory: ModelFactory, defect: Defect): ModelFactory {
  const definition = { ...factory.definition, ...defect.definition } as Definition;
  const clusters = definition.kind === 'clusterer';
  const sound = (options: unknown) => factory.from(options) as AnySpecification;
  const spoilModel = (model: AnyFitted, given: FitArguments) =>
    ({ ...model, ...defect.model?.(model, given) }) as AnyFitted;
  const from = (options: unknown): AnySpecification => {
    const base = defect.from?.(options, sound) ?? sound(options);
    const fitSound = ({ x, y, options }: FitArguments) =>
      clusters ? base.fit(x, options) : base.fit(x, y, options);
    const specification: AnySpecification = {
      ...base,
      definition,
      async fit(...given) {
        const [x, y, fitOptions = {}] = clusters ? [given[0], undefined, given[1]] : given;
        const asked = { x, y, options: fitOptions as FitArguments['options'] };
        const seen = { ...asked, ...defect.see?.(asked) };
        return spoilModel(await (defect.fit?.(seen, fitSound) ?? fitSound(seen)), asked);
      },
      restore: (parts) => spoilModel(base.restore(parts), { x: undefined, y: undefined, options: {} }),
    };
    const changes = defect.specification?.(specification);
    return changes === undefined ? Object.freeze(specification) : { ...specification, ...changes };
  };
  return Object.assign(() => from({}), { definition, from });
}
