import { type ColumnRole, isUsed } from '../../select/column-role.ts';
import { shorten } from '../layout.ts';

export interface Preparation {
  readonly features: readonly string[];
  readonly columns: readonly ColumnRole[];
  readonly steps: readonly string[];
}

/** What was learned from, as rows of a table of two columns: features, columns left out and why, steps. */
export function preparationLines({ features, columns, steps }: Preparation): string[][] {
  return [
    ['features', `${features.length}: ${shorten(features.join(', '), 90)}`],
    ...columns
      .filter((column) => !isUsed(column))
      .map(({ name, reason }, i) => [i === 0 ? 'left out' : '', `${name} ${reason}`]),
    ...steps.map((step, i) => [i === 0 ? 'prepared' : '', step]),
  ];
}

/** The same for programs. */
export function preparationJson({ features, columns, steps }: Preparation): object {
  return {
    features,
    leftOut: columns.filter((one) => !isUsed(one)).map(({ name, role, reason }) => ({ name, role, reason })),
    preparation: steps,
  };
}
