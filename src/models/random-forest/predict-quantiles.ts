import { OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { inSlices } from '../../core/slices.ts';
import { type TableLike, toSharedTable } from '../../core/table.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { alignTable } from '../../define/schema.ts';
import { encodeTable } from '../tree-categories.ts';
import type { ForestState } from './forest-state.ts';
import { LeafWeights } from './leaf-targets.ts';

/** Rows between two turns of the event loop. */
const ROWS_PER_SLICE = 64;

/**
 * Quantiles of the target by a regressing forest that was fitted with `quantiles: true`: for each row the distribution of the training targets
 * beside which it falls (N. Meinshausen, "Quantile regression forests", 2006).
 * @param quantiles Each from 0 to 1.
 * @returns Rows × quantiles, in the order given.
 * @throws OptionError for another model, one without the targets of its leaves, or a quantile that is none.
 */
export async function predictQuantiles(
  model: FittedModel,
  x: TableLike,
  quantiles: readonly number[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Matrix> {
  const { trees, categories, leafTargets } = model.state as Partial<ForestState>;
  const { name, definition } = model.specification;
  if (trees === undefined || leafTargets === undefined) {
    throw new OptionError(
      'model/no-method',
      `predictQuantiles takes a random forest or extra trees of values, fitted with quantiles: true; this ${name} keeps no targets in its leaves.`,
      { model: name },
    );
  }
  const odd = quantiles.find((quantile) => !(quantile >= 0 && quantile <= 1));
  if (odd !== undefined || quantiles.length === 0) {
    throw new OptionError(
      'option/invalid',
      `quantiles are numbers from 0 to 1, at least one; got [${quantiles.join(', ')}].`,
      {
        option: 'quantiles',
      },
    );
  }
  const table = encodeTable(
    alignTable(await toSharedTable(x), model.schema, definition.input) as Matrix,
    categories,
  );
  const order = [...quantiles.keys()].sort((a, b) => quantiles[a]! - quantiles[b]!);
  const rising = order.map((k) => quantiles[k]!);
  const leaves = new LeafWeights(trees, leafTargets);
  const result = Matrix.zeros(table.rows, quantiles.length);
  const found = new Float64Array(quantiles.length);
  await inSlices(table.rows, ROWS_PER_SLICE, (from, to) => {
    signal?.throwIfAborted();
    for (let i = from; i < to; i++) {
      leaves.quantilesOf(table.data, i * table.columns, rising, found, 0);
      for (const [at, k] of order.entries()) result.data[i * quantiles.length + k] = found[at]!;
    }
  });
  return result;
}
