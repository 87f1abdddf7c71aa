import { z } from 'zod';
import { OptionError } from '../core/errors.ts';
import { choices, integers, logUniform, option } from '../core/options.ts';
import type { TreeLimits } from '../math/trees/grow-tree.ts';
import { type ColumnCategories, codeOfText } from './tree-categories.ts';
import type { TableState } from './tree-training-table.ts';

const count = (least: number) => z.union([z.int().min(least), z.number().gt(0).lt(1)]);

/** Options of trees, alone or in a forest. */
export const treeOptions = z.strictObject({
  maxDepth: option(
    z.int().positive().nullable().default(null),
    'Most splits from root to leaf; null for no bound.',
    integers(1, 32),
  ),
  minSamplesSplit: option(
    count(2).default(2),
    'Fewest rows of a node that may be split; below 1, a share of all rows.',
    integers(2, 40, true),
  ),
  minSamplesLeaf: option(
    count(1).default(1),
    'Fewest rows of a leaf; below 1, a share of all rows.',
    integers(1, 40, true),
  ),
  minWeightFractionLeaf: option(
    z.number().min(0).max(0.5).default(0),
    'Least weight of a leaf, as a share of the weight of all rows.',
  ),
  maxLeafNodes: option(
    z.int().min(2).nullable().default(null),
    'Most leaves; the splits that help most come first. null for no bound.',
    integers(4, 1024, true),
  ),
  minImpurityDecrease: option(
    z.number().nonnegative().default(0),
    'By how much a split must lower the impurity, weighted by the share of the rows in the node.',
    logUniform(1e-6, 1e-1),
  ),
  categoricalFeatures: option(
    z
      .array(z.union([z.string(), z.int().nonnegative()]))
      .nullable()
      .default(null),
    'Names or positions of columns of numbers that are codes of categories. Columns of text always are.',
  ),
  randomState: option(
    z.int().nonnegative().nullable().default(0),
    'Seed of all that is drawn; null for another each time.',
  ),
});

/** What trees of any kind say of their tables. */
export const treeTraits = {
  input: 'table',
  scaling: 'irrelevant',
  missing: 'accepted',
  text: 'accepted',
  encodeText: ({ categories }: TableState, column: number, text: string) =>
    codeOfText(categories, column, text),
} as const;

/** @throws OptionError for columns of categories by the absolute error, whose sums by category say nothing of medians. */
export function refuseAbsoluteSets(criterion: string, categories: readonly ColumnCategories[]): void {
  if (criterion !== 'absoluteError' || categories.length === 0) return;
  throw new OptionError(
    'option/conflict',
    `criterion absoluteError takes columns of numbers; '${categories[0]!.name}' holds categories. Encode it, or choose squaredError.`,
    { option: 'criterion', column: categories[0]!.name },
  );
}

export const maxFeaturesSchema = z.union([
  z.int().positive(),
  z.number().gt(0).lt(1),
  z.enum(['sqrt', 'log2']),
]);

export const splitterOption = option(
  z.enum(['best', 'random']).default('best'),
  'Whether a node takes the best of all splits, or the best of one drawn at random in each column.',
  choices('best', 'random'),
);

export const ccpAlphaOption = option(
  z.number().nonnegative().default(0),
  'Price of a leaf in cost-complexity pruning: splits that save less impurity than it are cut.',
  logUniform(1e-5, 1e-1),
);

/** @throws OptionError for what the absolute error does not go with. */
export function checkTreeOptions({
  criterion,
  splitter,
  monotonicCst,
}: {
  readonly criterion: string;
  readonly splitter: string;
  readonly monotonicCst: unknown;
}): void {
  if (criterion === 'absoluteError') refuseAbsolute(splitter !== 'best', monotonicCst !== null);
}

/** @throws OptionError for what goes with criteria of sums only. */
export function refuseAbsolute(isByOtherSplits: boolean, isMonotonic: boolean): void {
  if (!isByOtherSplits && !isMonotonic) return;
  throw new OptionError(
    'option/conflict',
    isByOtherSplits
      ? 'criterion absoluteError needs all splits of the sorted columns: choose squaredError, or exact splits.'
      : 'monotonicCst goes with criteria whose predictions are means: choose criterion squaredError.',
    { option: 'criterion' },
  );
}

export type MaxFeatures = z.output<typeof maxFeaturesSchema> | null;

/** The limits in numbers of rows and columns. `rows` and `weight` are those of the sample. */
export function treeLimits(
  options: z.output<typeof treeOptions> & { readonly maxFeatures: MaxFeatures },
  { rows, columns, weight }: { readonly rows: number; readonly columns: number; readonly weight: number },
): TreeLimits {
  const { maxDepth, maxLeafNodes, minSamplesSplit, minSamplesLeaf, minWeightFractionLeaf } = options;
  return {
    maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
    maxLeafNodes: maxLeafNodes ?? Number.POSITIVE_INFINITY,
    minSamplesSplit: Math.max(2, minSamplesSplit < 1 ? Math.ceil(minSamplesSplit * rows) : minSamplesSplit),
    minSamplesLeaf: minSamplesLeaf < 1 ? Math.ceil(minSamplesLeaf * rows) : minSamplesLeaf,
    minWeightLeaf: minWeightFractionLeaf * weight,
    minImpurityDecrease: options.minImpurityDecrease,
    maxFeatures: countFeatures(options.maxFeatures, columns),
  };
}

function countFeatures(maxFeatures: MaxFeatures, columns: number): number {
  if (maxFeatures === null) return columns;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(columns)));
  return Math.min(columns, maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * columns)) : maxFeatures);
}
