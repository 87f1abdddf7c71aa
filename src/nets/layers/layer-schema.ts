import { z } from 'zod';
import { type Layer, type LayerKind, type LayerKinds, layerRules } from './layer.ts';

/** A schema for each option of each kind of layer; one that is missing does not compile. */
type LayerFields = {
  readonly [K in LayerKind]: { readonly [P in keyof Required<LayerKinds[K]>]: z.ZodType };
};

const count = z.int().positive();
const size = z.int().positive();
const epsilon = z.number().positive().optional();
const drawn = { distribution: z.enum(['uniform', 'normal']), gain: z.number().positive().optional() };
const initializer = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('glorot'), ...drawn }),
    z.strictObject({ kind: z.literal('he'), ...drawn }),
    z.strictObject({ kind: z.literal('constant'), value: z.number() }),
  ])
  .optional();

/** Layers within a layer. */
const layers = z.array(z.lazy((): z.ZodType<Layer> => layerSchema));

const layerFields: LayerFields = {
  dense: { units: count, initializer, bias: initializer },
  activation: { function: z.enum(['identity', 'relu', 'tanh', 'logistic', 'gelu']) },
  flatten: {},
  reshape: { shape: z.array(size).min(1) },
  dropout: { rate: z.number().min(0).lt(1), rescale: z.boolean().optional() },
  normalCode: { units: count, penalty: z.number().nonnegative() },
  conv2d: {
    ...{ filters: count, kernelSize: size, initializer },
    ...{ stride: size.optional(), padding: z.enum(['valid', 'same']).optional() },
  },
  maxPool2d: { size },
  layerNorm: { epsilon },
  residual: { layers, shortcut: layers.optional() },
  parallel: { branches: z.array(layers).min(1), combine: z.enum(['concat', 'add', 'multiply']).optional() },
  batchNorm: { epsilon, momentum: z.number().gt(0).max(1).optional() },
};

/** Names of all kinds of layers. */
export const layerKinds = Object.keys(layerRules) as LayerKind[];

/** A layer as it is read from JSON: its kind and the options of that kind, no others. */
export const layerSchema = z.discriminatedUnion(
  'kind',
  layerKinds.map((kind) => z.strictObject({ kind: z.literal(kind), ...layerFields[kind] })) as never,
) as unknown as z.ZodType<Layer>;
