// A model whose state and options hold everything that is hard to save.
import { z } from 'zod';
import { option } from '../core/options.ts';
import { defineRegressor } from '../define/define-regressor.ts';

export const keepsake = defineRegressor({
  name: 'keepsake',
  module: import.meta.url,
  summary: 'Keeps odd values.',
  use: 'Tests of files.',
  options: z.strictObject({
    missing: option(z.union([z.number(), z.nan()]).default(Number.NaN), 'A number, or NaN.'),
    limit: option(
      z.union([z.number(), z.literal(Number.POSITIVE_INFINITY)]).default(Number.POSITIVE_INFINITY),
      'A limit.',
    ),
    weigh: option(
      z.custom<(value: number) => number>((value) => typeof value === 'function').optional(),
      'A function.',
    ),
  }),
  fit: ({ missing, limit }, { y }) => ({
    means: Float64Array.of(y.reduce((sum, value) => sum + value, 0) / y.length),
    odd: [missing, limit, -0, 1 / 3],
    levels: [['a', '面积', ''], ['\ufeffx', 'y'], ['\ud800']],
    $tensor: 'means',
    deep: {
      trees: [{ feature: Int32Array.of(-1, 5), gain: Float32Array.of(0.1, Number.NaN) }],
      nothing: undefined,
    },
  }),
  predict: ({ means, odd }, x) => new Float64Array(x.rows).fill(means[0] + odd[3]),
});
