import { DataError } from '../../core/errors.ts';
import { requireTreeState } from '../require-tree-state.ts';
import type { BoostingState } from './boosting-attributes.ts';

/** @throws DataError for a state of a file that cannot be of so many columns and outputs. */
export function requireBoostingState(
  state: BoostingState,
  shape: { readonly columns: number; readonly outputs: number },
): void {
  requireTreeState(state, shape, [1]);
  const { baseline, trees } = state;
  const { outputs } = shape;
  const isWhole = baseline instanceof Float64Array && baseline.length === outputs;
  if (isWhole && trees.roots.length % outputs === 0) return;
  throw new DataError(
    'model/unfit-state',
    `It has ${trees.roots.length} trees and ${baseline?.length} scores to start from, where there are ${outputs} outputs.`,
    { outputs },
  );
}
