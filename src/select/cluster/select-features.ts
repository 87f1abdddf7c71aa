import { OptionError } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';

/** The columns named, else all but those dropped. @throws DataError for one that does not exist; OptionError for one both named and dropped. */
export function selectFeatures(
  table: Frame,
  { features, drop }: { readonly features: readonly string[] | undefined; readonly drop: readonly string[] },
): Frame {
  for (const name of [...drop, ...(features ?? [])]) table.column(name);
  const both = features?.find((name) => drop.includes(name));
  if (both !== undefined) {
    throw new OptionError(
      'option/conflict',
      `Column '${both}' cannot be both a feature and dropped. Name it once.`,
      { column: both },
    );
  }
  return table.select(
    features === undefined ? table.names.filter((name) => !drop.includes(name)) : [...new Set(features)],
  );
}
