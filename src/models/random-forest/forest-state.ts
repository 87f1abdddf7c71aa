import type { Trees } from '../../math/trees/trees.ts';
import type { TableState } from '../tree-training-table.ts';
import type { LeafTargets } from './leaf-targets.ts';

/** What a fit of a forest leaves. */
export interface ForestState extends TableState {
  readonly trees: Trees;
  /** See `Forest.outOfBag`. */
  readonly outOfBag: Float64Array;
  readonly oobScore: number | null;
  /** Only where quantiles were asked for. */
  readonly leafTargets?: LeafTargets;
}
