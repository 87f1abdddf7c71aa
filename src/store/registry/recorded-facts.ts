import { z } from 'zod';
import type { SavedModel } from '../model-file.ts';
import type { Lineage } from './registry.ts';

export interface RecordedFacts {
  readonly metrics: Readonly<Record<string, number>>;
  readonly lineage: Lineage;
}

const text = z.string().optional().catch(undefined);
const facts = z.record(z.string(), z.unknown()).optional().catch(undefined);

// What a training on a table leaves in its summary; whoever wrote it, parts of another form are passed over.
const tableSchema = z.object({
  metrics: facts,
  options: facts,
  split: facts,
  data: z
    .object({ source: text.nullable(), fingerprint: text, rows: z.number().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** Metrics and lineage that a model file remembers of its training on a table; the version of heddle in any case. */
export function recordedFacts({ record, version }: SavedModel): RecordedFacts {
  const table = tableSchema.safeParse((record.summary as { readonly table?: unknown }).table).data;
  const { data, options, split } = table ?? {};
  return {
    metrics: numbersIn(table?.metrics ?? {}),
    lineage: {
      dataSource: data?.source ?? undefined,
      dataFingerprint: data?.fingerprint,
      rows: data?.rows,
      ...{ options, split, heddle: version },
    },
  };
}

/** Finite numbers, those one level down as `positive.recall`. */
function numbersIn(values: Readonly<Record<string, unknown>>, before = ''): Record<string, number> {
  const entries = Object.entries(values).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return Number.isFinite(value) ? [[before + name, value]] : [];
    const isGroup = before === '' && typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup ? Object.entries(numbersIn(value as Record<string, unknown>, `${name}.`)) : [];
  });
  return Object.fromEntries(entries);
}
