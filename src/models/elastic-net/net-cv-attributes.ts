import { Matrix } from '../../core/matrix.ts';
import { type LinearAttributes, linearAttributes } from '../../math/linear-attributes.ts';
import { type NetAttributes, netAttributes } from '../../math/net-attributes.ts';
import type { NetCvState } from './fit-net-cv.ts';

export interface NetCvAttributes extends LinearAttributes, NetAttributes {
  /** The chosen strength. */
  readonly alpha: number;
  /** The chosen share of the L1 penalty. */
  readonly l1Ratio: number;
  /** The strengths that were compared: ratios × strengths, falling. */
  readonly alphas: Matrix;
  /** Mean squared errors on the test rows: one row per ratio and strength, in the order of `alphas`; one column a fold. */
  readonly msePath: Matrix;
}

export function netCvAttributes(state: NetCvState): NetCvAttributes {
  const { alpha, l1Ratio, alphas, pathLength, msePath } = state;
  return {
    ...linearAttributes(state),
    ...netAttributes(state),
    ...{ alpha, l1Ratio },
    alphas: new Matrix({ rows: alphas.length / pathLength, columns: pathLength, data: alphas }),
    msePath: new Matrix({ rows: alphas.length, columns: msePath.length / alphas.length, data: msePath }),
  };
}
