import type { Trees } from '../../math/trees/trees.ts';

/** What a fit of a forest leaves. */
export interface ForestState {
  readonly trees: Trees;
  readonly columns: number;
  /** See `Forest.outOfBag`. */
  readonly outOfBag: Float64Array;
  readonly oobScore: number | null;
}
