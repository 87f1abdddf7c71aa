import { z } from 'zod';
import type { GraphStep } from './graph-layer.ts';
import { type GraphOperation, type GraphOperations, graphOperations } from './graph-operations.ts';

/** A schema for each attribute of each operation; one that is missing does not compile. */
type OperationFields = {
  readonly [O in GraphOperation]?: { readonly [P in keyof Required<GraphOperations[O]>]: z.ZodType };
};

const axis = z.int();
const count = z.int().nonnegative();
const shape = z.array(z.int().positive());
const reduction = { axes: z.array(axis).optional(), keepDims: z.boolean().optional() };

const operationFields: OperationFields = {
  power: { exponent: z.number() },
  sum: reduction,
  mean: reduction,
  max: reduction,
  matmul: { transposeA: z.boolean().optional(), transposeB: z.boolean().optional() },
  transpose: { axes: z.array(axis).optional() },
  reshape: { shape },
  concat: { axis: axis.optional() },
  slice: { axis, from: count, to: count },
  pad: { axis, before: count, after: count },
};

/** Names that cannot be those of layers within the graph, which are numbers. */
export const parameterName = z
  .string()
  .regex(/^[a-z_]\w*$/i, 'a name of letters, digits and underscores that begins with a letter');

/** A step as it is read from JSON. */
export function graphStepSchema(initializer: z.ZodType): z.ZodType<GraphStep> {
  const inputs = z.array(count).min(1);
  return z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal('layer'), layer: count, inputs: z.tuple([count]) }),
    z.strictObject({ op: z.literal('parameter'), name: parameterName, shape, initializer }),
    z.strictObject({ op: z.literal('constant'), shape, values: z.array(z.number()).min(1) }),
    ...(Object.keys(graphOperations) as GraphOperation[]).map((op) =>
      z.strictObject({ op: z.literal(op), inputs, ...operationFields[op] }),
    ),
  ] as never) as unknown as z.ZodType<GraphStep>;
}
