import { z } from 'zod';
import type { Column, Frame } from '../core/frame.ts';
import { parseOptions } from '../core/options.ts';
import type { Json } from '../core/state-tree.ts';
import { type TrainTableOptions, trainTableOptions } from './train-options.ts';
import type { TrainedTable } from './train-table.ts';

const kinds = ['number', 'string', 'boolean', 'date'] as const satisfies Column['kind'][];
const count = z.int().nonnegative();

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
  /** All that `trainTable` was told, so that the model can be trained again; absent in files of older versions. */
  options: trainTableOptions.optional().catch(undefined),
  /** The model without its preparation: with `options`, the same training without a new choice. Absent in older files. */
  specification: z
    .object({ $model: z.string(), options: z.record(z.string(), z.unknown()) })
    .optional()
    .catch(undefined),
  /** The whole table; absent in older files. */
  data: z
    .object({
      /** As given to the command; null for a table that a program had in memory. */
      source: z.string().nullable(),
      /** Of {@link fingerprintTable}. */
      fingerprint: z.string(),
      rows: count,
      columns: count,
    })
    .optional()
    .catch(undefined),
});

/**
 * What a model trained on a table remembers of it, beside its columns: which column it predicts, how the rows were divided,
 * how well it did, and what trains it again. It travels in the training summary, as `table`.
 */
export type TableRecord = z.output<typeof schema>;
export type TableData = NonNullable<TableRecord['data']>;

export function tableRecord(
  trained: TrainedTable,
  options: TrainTableOptions,
  table: Frame,
  data: Pick<TableData, 'source' | 'fingerprint'>,
): TableRecord {
  const { choice, rows, evaluation } = trained;
  const parsed = parseOptions(trainTableOptions, options, 'train');
  const { target, testSize, seed, stratify, group = null, time = null, weight = null } = parsed;
  return {
    family: choice.family,
    problem: choice.problem,
    target: { name: target, kind: table.column(target).kind },
    weight,
    split: { testSize, seed, stratify, group, time },
    rows,
    metrics: { ...evaluation.metrics },
    options: plainJson(parsed),
    specification: choice.specification.toJSON(),
    data: { ...data, rows: table.rows, columns: table.names.length },
  };
}

/** Without what JSON cannot hold: a function among the model's options must be given anew. */
function plainJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as Json as T;
}

/** The record within a training summary; undefined for a model that was not trained by `trainTable`. */
export function findTableRecord(summary: object): TableRecord | undefined {
  return schema.safeParse((summary as { readonly table?: unknown }).table).data;
}
