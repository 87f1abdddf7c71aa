// A transformer of a user's own, which knows nothing of writing in place.
import { z } from 'zod';
import { Matrix } from '../../core/matrix.ts';
import { option } from '../../core/options.ts';
import { defineTransformer } from '../../define/define-transformer.ts';

export const halved = defineTransformer({
  name: 'halved',
  module: import.meta.url,
  summary: 'Half of every number.',
  use: 'Tests.',
  options: z.strictObject({
    twiceFrom: option(z.int().optional(), 'From so many rows on, every column comes twice.'),
  }),
  fit: () => ({}),
  transform(_, x, __, { twiceFrom = Number.POSITIVE_INFINITY }) {
    const times = x.rows >= twiceFrom ? 2 : 1;
    return Matrix.fromRows(x.toRows().map((row) => row.concat(times === 2 ? row : []).map((v) => v / 2)));
  },
});
