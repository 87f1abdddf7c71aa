import type { OptionsSchema } from '../core/options.ts';

/**
 * Option values from texts (a command line, a form), each by the option's own schema: the text as JSON (numbers, booleans, null,
 * lists, objects) if the schema takes that, else as text if it takes that. What fits neither way is left for the schema to refuse.
 */
export function optionsFromTexts(
  schema: OptionsSchema,
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const field = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
      const candidates = [...fromJson(text), text];
      return [name, candidates.find((value) => field?.safeParse(value).success) ?? candidates[0]];
    }),
  );
}

function fromJson(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
