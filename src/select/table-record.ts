import { z } from 'zod';
import type { Column, Frame } from '../core/frame.ts';
import { parseOptions } from '../core/options.ts';
import { type ParsedTrainOptions, type TrainTableOptions, trainTableOptions } from './train-options.ts';
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
  /**
   * What makes `trainTable` train the same model again, with its options in full. Absent in files of older versions.
   */
  options: trainTableOptions.optional().catch(undefined),
  /** Whether the model was chosen by `autoTrain`. */
  isChosen: z.boolean().optional().catch(undefined),
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
  const parsed = repeatOptions(trained, options);
  const { target, testSize, seed, stratify, group = null, time = null, weight = null } = parsed;
  return {
    family: choice.family,
    problem: choice.problem,
    target: { name: target, kind: table.column(target).kind },
    weight,
    split: { testSize, seed, stratify, group, time },
    rows,
    metrics: { ...evaluation.metrics },
    options: parsed,
    isChosen: choice.comparison !== null,
    data: { ...data, rows: table.rows, columns: table.names.length },
  };
}

/** Options with which `trainTable` trains the model that was chosen, as plain JSON: a function among them must be given anew. */
function repeatOptions({ choice }: TrainedTable, options: TrainTableOptions): ParsedTrainOptions {
  const known = Object.keys(trainTableOptions.shape);
  const given = Object.fromEntries(Object.entries(options).filter(([name]) => known.includes(name)));
  const named = {
    ...given,
    ...{ model: choice.family, problem: choice.problem, modelOptionTexts: {} },
    modelOptions: choice.specification.toJSON().options,
  };
  return parseOptions(trainTableOptions, JSON.parse(JSON.stringify(named)), 'train');
}

/** The record within a training summary; undefined for a model that was not trained by `trainTable`. */
export function findTableRecord(summary: object): TableRecord | undefined {
  return schema.safeParse((summary as { readonly table?: unknown }).table).data;
}
