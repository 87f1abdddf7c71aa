import { z } from 'zod';
import { graphStepSchema } from './graph/graph-schema.ts';
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
    z.strictObject({ kind: z.literal('normal'), deviation: z.number().positive() }),
    z.strictObject({ kind: z.literal('uniform'), limit: z.number().positive() }),
    z.strictObject({ kind: z.literal('constant'), value: z.number() }),
  ])
  .optional();

/** A number, or one for each dimension of a picture. */
const sizes = z.union([size, z.array(size)]);
const paddings = z.union([z.int().nonnegative(), z.array(z.int().nonnegative())]);
const convolution = {
  ...{ kernelSize: sizes, stride: sizes.optional(), dilation: sizes.optional() },
  ...{ padding: z.union([z.enum(['valid', 'same']), paddings]).optional() },
  ...{ useBias: z.boolean().optional(), initializer },
};
const pool = { size: sizes, stride: sizes.optional(), padding: paddings.optional() };
const averagePool = { ...pool, countsPadding: z.boolean().optional() };

/** Layers within a layer. */
const layers = z.array(z.lazy((): z.ZodType<Layer, Layer> => layerSchema));

const dropout = z.number().min(0).lt(1).optional();
const recurrent = {
  ...{ units: count, layers: count.optional(), bidirectional: z.boolean().optional(), dropout },
  ...{ returns: z.enum(['last', 'all']).optional(), initializer },
};
const attention = { heads: count, causal: z.boolean().optional(), dropout, initializer };

const layerFields: LayerFields = {
  dense: { units: count, initializer, bias: initializer },
  activation: { function: z.enum(['identity', 'relu', 'tanh', 'logistic', 'gelu']) },
  flatten: {},
  reshape: { shape: z.array(size).min(1) },
  dropout: { rate: z.number().min(0).lt(1), rescale: z.boolean().optional() },
  normalCode: { units: count, penalty: z.number().nonnegative() },
  conv1d: { ...convolution, filters: count, groups: count.optional() },
  conv2d: { ...convolution, filters: count, groups: count.optional() },
  depthwiseConv2d: { ...convolution, multiplier: count.optional() },
  convTranspose2d: {
    ...{ filters: count, kernelSize: sizes, stride: sizes.optional(), padding: paddings.optional() },
    ...{ outputPadding: paddings.optional(), useBias: z.boolean().optional(), initializer },
  },
  maxPool1d: pool,
  maxPool2d: pool,
  avgPool1d: averagePool,
  avgPool2d: averagePool,
  globalMaxPool: {},
  globalAvgPool: {},
  groupNorm: { groups: count, epsilon },
  layerNorm: { epsilon, over: z.enum(['all', 'last']).optional() },
  embedding: { levels: count, units: count, paddingIndex: z.int().nonnegative().optional(), initializer },
  position: { encoding: z.enum(['learned', 'sinusoidal']).optional(), initializer },
  lstm: recurrent,
  gru: recurrent,
  attention,
  transformerBlock: {
    ...attention,
    ...{ hiddenUnits: count.optional(), activation: z.enum(['relu', 'gelu']).optional() },
    ...{ norm: z.enum(['before', 'after']).optional(), epsilon },
  },
  poolTime: { by: z.enum(['mean', 'max', 'first', 'last']).optional() },
  residual: { layers, shortcut: layers.optional() },
  parallel: { branches: z.array(layers).min(1), combine: z.enum(['concat', 'add', 'multiply']).optional() },
  graph: { layers, steps: z.array(graphStepSchema(initializer)), output: z.int().nonnegative() },
  batchNorm: { epsilon, momentum: z.number().gt(0).max(1).optional() },
};

/** Names of all kinds of layers. */
export const layerKinds = Object.keys(layerRules) as LayerKind[];

/** A layer as it is read from JSON: its kind and the options of that kind, no others. */
export const layerSchema = z.discriminatedUnion(
  'kind',
  layerKinds.map((kind) => z.strictObject({ kind: z.literal(kind), ...layerFields[kind] })) as never,
) as unknown as z.ZodType<Layer, Layer>;
