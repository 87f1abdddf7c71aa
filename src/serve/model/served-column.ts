import type { Column } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { TrainedFacts } from '../../monitor/trained-model.ts';
import { learnedLevels } from './learned-levels.ts';

/** A column that the model wants, and what is known of its values. */
export interface ServedColumn {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Whether a missing value may stand there. */
  readonly acceptsMissing: boolean;
  /** Categories seen in training, where they are known. */
  readonly levels: readonly Label[] | undefined;
  /** Least and largest value of the training rows; of dates in milliseconds since 1970. */
  readonly range: readonly [number, number] | undefined;
}

/** What `heddle` says of a column before it knows whether it may be missing. */
export type KnownColumn = Omit<ServedColumn, 'acceptsMissing'>;

/** The columns of a model in its order; those without a name are `x0`, `x1`, …. */
export function knownColumns(
  { schema, state }: Pick<FittedModel, 'schema' | 'state'>,
  { reference }: Pick<TrainedFacts, 'reference'>,
): KnownColumn[] {
  const summaries = new Map(reference?.columns.map((column) => [column.name, column]));
  const learned = learnedLevels(state);
  return Array.from({ length: schema.columns }, (_, j) => {
    const name = schema.names?.[j] ?? `x${j}`;
    const kind = schema.kinds?.[j] ?? 'number';
    const summary = summaries.get(name);
    const known = { name, kind, levels: learned.get(name), range: undefined };
    if (summary === undefined || summary.kind !== kind) return known;
    if ('levels' in summary) {
      return {
        ...known,
        levels: kind === 'string' && summary.otherLevels === 0 ? summary.levels : known.levels,
      };
    }
    const [least, largest] = [summary.lower[0], summary.upper.at(-1)];
    return least === undefined || largest === undefined ? known : { ...known, range: [least, largest] };
  });
}
