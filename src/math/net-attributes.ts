import type { LinearMap } from './linear-scores.ts';

/** What a fit by coordinate descent leaves beside the linear map. */
export interface NetState extends LinearMap {
  /** Sweeps, by target. */
  readonly nIter: Int32Array;
  /** Duality gaps, by target. */
  readonly dualGap: Float64Array;
}

export interface NetAttributes {
  /** Sweeps, the most over the targets. */
  readonly nIter: number;
  /** Duality gap, the largest over the targets. */
  readonly dualGap: number;
  /** Share of the coefficients that are 0. */
  readonly sparsity: number;
}

export function netAttributes({ coef, nIter, dualGap }: NetState): NetAttributes {
  return {
    nIter: Math.max(...nIter),
    dualGap: Math.max(...dualGap),
    sparsity: coef.length === 0 ? 0 : coef.reduce((zeros, w) => zeros + (w === 0 ? 1 : 0), 0) / coef.length,
  };
}
