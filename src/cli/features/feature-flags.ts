import { type FlagValues, list, onOff } from '../flags.ts';

/** Flags of the commands that learn from the rows of a table without a target. */
export const featureFlags = {
  features: list('COL,…', 'The columns to go by; by default all'),
  drop: list('COL,…', 'Columns to leave out'),
  categorical: list('COL,…', 'Columns of numbers that are codes of categories'),
  'no-standardise': onOff('Leave numbers in their own units, so that large ones count more'),
};

export function featureOptions({ features, drop, categorical, ...flags }: FlagValues<typeof featureFlags>) {
  return {
    features,
    drop: drop ?? [],
    categorical: categorical ?? [],
    standardise: !flags['no-standardise'],
  };
}
