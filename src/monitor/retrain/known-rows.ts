import { z } from 'zod';

const keys = z.instanceof(Float64Array);
const text = z.string();

const schema = z.object({
  format: z.literal(1),
  /** Columns that make a row what it is, the target last. */
  columns: z.array(text).min(1),
  /** {@link rowKeys} over the columns, of the rows that the model was trained on and of those that were held out. */
  trainKeys: keys,
  testKeys: keys,
  /** The tables that the rows came from, as given to the command; a fingerprint is of the table as it was read. */
  sources: z.array(z.object({ kind: z.enum(['data', 'added']), source: text, fingerprint: text })),
});

/**
 * What a retrained model remembers of the rows it knows, beside what every trained model does: with it the next retraining can tell
 * rows that this one learned from, those held out and new ones apart, whatever files they come in. It travels in the training
 * summary, as `retraining`.
 */
export type KnownRows = z.output<typeof schema>;

/** Undefined for a model that was trained once, from one table. */
export function findKnownRows(summary: object): KnownRows | undefined {
  return schema.safeParse((summary as { readonly retraining?: unknown }).retraining).data;
}
