import { OptionError, suggestion } from '../../core/errors.ts';
import type { ModelFactory } from '../../define/specification.ts';
import { findModel, modelNames } from '../../models/registry.ts';

/** What every model of rows without a target is told. */
export interface RowModelOptions {
  /** Name of a model of the right kind. */
  readonly model: string;
  readonly features: readonly string[] | undefined;
  readonly drop: readonly string[];
  readonly categorical: readonly string[];
  readonly standardise: boolean;
  readonly modelOptionTexts: Readonly<Record<string, string>>;
  readonly seed: number;
  /** Whether the model with its preparation is wanted, for later rows. */
  readonly keepsModel: boolean;
}

export interface WantedModel {
  readonly suits: (factory: ModelFactory) => boolean;
  /** As in `Models that make clusters`. */
  readonly does: string;
  /** As in `ridge makes no clusters`. */
  readonly doesNot: string;
}

/** The model of that name. @throws OptionError for a name that is none, or of a model of another kind, naming those that suit. */
export async function findRowModel(
  name: string,
  { suits, does, doesNot }: WantedModel,
): Promise<ModelFactory> {
  const found = await findModel(name);
  if (found !== undefined && suits(found)) return found;
  const all = await Promise.all(modelNames().map(async (known) => (await findModel(known))!));
  const suitable = all.filter(suits).map(({ definition }) => definition.name);
  throw new OptionError(
    'option/unknown-model',
    found === undefined
      ? `There is no model '${name}'.${suggestion(name, suitable)} Models that ${does}: ${suitable.join(', ')}.`
      : `${name} ${doesNot}. Models that do: ${suitable.join(', ')}.`,
    { model: name },
  );
}
