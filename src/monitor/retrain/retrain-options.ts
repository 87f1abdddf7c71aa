import { z } from 'zod';
import type { Frame } from '../../core/frame.ts';
import { option, parseOptions } from '../../core/options.ts';
import { seedSchema } from '../../core/seed-schema.ts';
import type { JobOptions } from '../../jobs/job.ts';
import type { ChoiceBudget } from '../../select/auto/auto-options.ts';
import type { Registry } from '../../store/registry/registry.ts';
import type { LogWindow } from '../log/prediction-log.ts';

/** Settings of `retrain` that the command's flags follow. */
const settingsSchema = z.strictObject({
  metric: option(
    z.string().min(1).optional(),
    'What decides; by default r2 for numbers, rocAuc for two classes, f1 for more.',
  ),
  margin: option(
    z.number().nonnegative().default(0),
    'By how much the challenger must be better, in units of the metric.',
  ),
  criterion: option(
    z.enum(['score', 'interval']).default('score'),
    'What must exceed the margin: the difference itself, or all of its 95% interval.',
  ),
  model: option(
    z.string().min(1).optional(),
    "The family of the challenger, 'auto' to compare all; by default the champion's, with its options.",
  ),
  holdOut: option(
    z.number().positive().max(0.9).default(0.2),
    'Share of the new rows that neither model learns from.',
  ),
  action: option(
    z.enum(['promote', 'register', 'compare']).default('promote'),
    'Promote a better challenger, only register it, or neither (a dry run).',
  ),
  seed: option(seedSchema().optional(), "Default: the champion's."),
});

export type RetrainSettings = Readonly<z.output<typeof settingsSchema>>;

/** A table with where it came from. */
export interface SourcedTable {
  readonly rows: Frame;
  /** A path or URL; kept in the lineage. */
  readonly source?: string | undefined;
}

export interface RetrainOptions extends z.input<typeof settingsSchema> {
  readonly registry: Registry;
  /** A name of the registry; the champion is its alias `champion`, or its newest version without one. */
  readonly name: string;
  /** The table that the champion was trained on. */
  readonly data: SourcedTable;
  /** Labelled rows that were added since: the target and the champion's columns. */
  readonly added?: readonly SourcedTable[] | undefined;
  /** Logged predictions; rows without a label are passed over. */
  readonly feedback?: Pick<LogWindow, 'rows' | 'labels' | 'at'> | undefined;
  /** What `model: 'auto'` may spend. */
  readonly budget?: ChoiceBudget | undefined;
}

export type RetrainJob = JobOptions;

/** @throws OptionError naming the setting */
export function parseRetrainSettings(options: RetrainOptions): RetrainSettings {
  const { registry: _r, name: _n, data: _d, added: _a, feedback: _f, budget: _b, ...settings } = options;
  return parseOptions(settingsSchema, settings, 'retrain');
}
