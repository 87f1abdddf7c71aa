import { z } from 'zod';
import type { Column } from '../core/frame.ts';
import type { TrainTableOptions } from './train-options.ts';
import type { TrainedTable } from './train-table.ts';

const kinds = ['number', 'string', 'boolean', 'date'] as const satisfies Column['kind'][];

const schema = z.object({
  family: z.string(),
  problem: z.enum(['regression', 'classification']),
  target: z.object({ name: z.string(), kind: z.enum(kinds) }),
  weight: z.string().nullable(),
  split: z.object({
    testSize: z.number(),
    seed: z.number(),
    stratify: z.boolean(),
    group: z.string().nullable(),
    time: z.string().nullable(),
  }),
  rows: z.object({ train: z.number(), test: z.number(), dropped: z.number() }),
  /** On the test rows. */
  metrics: z.record(z.string(), z.unknown()),
});

/**
 * What a model trained on a table remembers of it, beside its columns: which column it predicts, how the rows were divided and
 * how well it did. It travels in the training summary, as `table`.
 */
export type TableRecord = z.output<typeof schema>;

export function tableRecord(trained: TrainedTable, options: TrainTableOptions, target: Column): TableRecord {
  const { choice, rows, evaluation } = trained;
  const { testSize = 0.2, seed = 42, stratify = false, group = null, time = null, weight = null } = options;
  return {
    family: choice.family,
    problem: choice.problem,
    target: { name: options.target, kind: target.kind },
    weight,
    split: { testSize, seed, stratify, group, time },
    rows,
    metrics: { ...evaluation.metrics },
  };
}

/** The record within a training summary; undefined for a model that was not trained by `trainTable`. */
export function findTableRecord(summary: object): TableRecord | undefined {
  return schema.safeParse((summary as { readonly table?: unknown }).table).data;
}
