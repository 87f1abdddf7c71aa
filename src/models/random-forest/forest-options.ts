import { z } from 'zod';
import { integers, option } from '../../core/options.ts';
import type { ForestDraws } from '../../math/trees/bootstrap.ts';
import { treeOptions } from '../tree-options.ts';

/** The options that classifier and regressor share. */
export const forestOptions = treeOptions.extend({
  nEstimators: option(z.int().positive().default(100), 'Number of trees.', integers(20, 500, true)),
  bootstrap: option(
    z.boolean().default(true),
    'Whether each tree sees rows drawn with replacement; otherwise all see all rows.',
  ),
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
});

export function forestDraws(
  { bootstrap, maxSamples }: { readonly bootstrap: boolean; readonly maxSamples: number | null },
  rows: number,
  isBalanced: boolean,
): ForestDraws {
  const drawn =
    maxSamples === null ? rows : maxSamples < 1 ? Math.max(1, Math.round(maxSamples * rows)) : maxSamples;
  return { isBootstrap: bootstrap, size: bootstrap ? Math.min(rows, drawn) : rows, isBalanced };
}
