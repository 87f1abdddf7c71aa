import { z } from 'zod';

const count = z.int().nonnegative();
const names = z.array(z.string()).optional();

/** What a record read from a file must look like; the state is the model's own matter. */
export const recordSchema = z.strictObject({
  specification: z.strictObject({ $model: z.string(), options: z.record(z.string(), z.unknown()) }),
  schema: z
    .strictObject({
      columns: count,
      names,
      kinds: z.array(z.enum(['number', 'string', 'boolean', 'date'])).optional(),
    })
    .refine(
      ({ columns, names, kinds }) => [names, kinds].every((list) => (list?.length ?? columns) === columns),
      {
        message: 'The numbers of columns, names and kinds differ',
      },
    ),
  target: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('values'), targets: count.positive(), several: z.boolean(), names }),
    z.strictObject({
      kind: z.literal('classes'),
      classes: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
      positiveClass: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
    z.strictObject({ kind: z.literal('none') }),
  ]),
  state: z.custom<object>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'No object',
  ),
  summary: z.looseObject({ rows: count, seconds: z.number(), warnings: z.array(z.string()) }),
});
