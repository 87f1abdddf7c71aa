import { z } from 'zod';
import { choices, integers, option } from '../../core/options.ts';
import type { ForestDraws } from '../../math/trees/bootstrap.ts';
import { monotonicCstSchema } from '../monotonic-cst.ts';
import { treeOptions } from '../tree-options.ts';

function bootstrapOption(isUsual: boolean) {
  return option(
    z.boolean().default(isUsual),
    'Whether each tree sees rows drawn with replacement; otherwise all see all rows.',
  );
}

/** What drawn thresholds make differ: they need no drawn rows for trees to be unlike each other. */
export const withoutBootstrap = { bootstrap: bootstrapOption(false) };

/** The options that all forests share. */
export const forestOptions = treeOptions.extend({
  nEstimators: option(z.int().positive().default(100), 'Number of trees.', integers(20, 500, true)),
  bootstrap: bootstrapOption(true),
  maxSamples: option(
    z
      .union([z.int().positive(), z.number().gt(0).lt(1)])
      .nullable()
      .default(null),
    'With bootstrap: how many rows are drawn for a tree; below 1 a share of all rows, null for as many as there are.',
  ),
  oobScore: option(
    z.boolean().default(false),
    'Whether to predict each training row by the trees that did not see it (needs bootstrap).',
  ),
  monotonicCst: option(
    monotonicCstSchema(),
    'Columns with which predictions may only rise (1) or fall (−1), by name or all in order; of two classes the share of the second.',
  ),
});

/** Which splits the trees of a random forest consider. */
export const splitsOption = option(
  z.enum(['exact', 'histogram']).default('exact'),
  'Whether splits lie between any two values of a column, or between up to 255 bins of them, which is faster for many rows.',
  choices('exact', 'histogram'),
);

export function forestDraws(
  { bootstrap, maxSamples }: { readonly bootstrap: boolean; readonly maxSamples: number | null },
  rows: number,
  isBalanced: boolean,
): ForestDraws {
  const drawn =
    maxSamples === null ? rows : maxSamples < 1 ? Math.max(1, Math.round(maxSamples * rows)) : maxSamples;
  return { isBootstrap: bootstrap, size: bootstrap ? Math.min(rows, drawn) : rows, isBalanced };
}
