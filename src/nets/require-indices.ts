import { DataError } from '../core/errors.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { type LayerKind, type LayerKinds, layerRules } from './layers/layer.ts';
import type { LayerRule } from './layers/layer-rule.ts';
import type { Network } from './network.ts';

/**
 * Refuses rows for a network that begins with a layer of whole numbers, such as an embedding, when one of theirs is none of its levels.
 * @param data Row-major. @param names Of the columns.
 * @throws DataError `data/unknown-level` naming the column and row.
 */
export function requireIndices(
  { layers: [first], inputShape }: Network,
  data: ArrayLike<number>,
  names?: readonly string[],
): void {
  const rule = first && (layerRules[first.kind] as LayerRule<LayerKinds[LayerKind]>);
  const levels = rule?.levels?.(first as never);
  if (levels === undefined) return;
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!;
    if (Number.isInteger(value) && value >= 0 && value < levels) continue;
    const columns = sizeOf(inputShape);
    const [column, row] = [names?.[at % columns] ?? at % columns, Math.floor(at / columns)];
    throw new DataError(
      'data/unknown-level',
      `Column '${column}', row ${row} is ${value}, but the network starts with ${first!.kind} of ${levels} levels, for whole numbers 0 … ${levels - 1}.`,
      { column, row, levels },
    );
  }
}
