import { Matrix } from '../core/matrix.ts';
import type { LinearMap } from './linear-scores.ts';

/** Fitted attributes of a linear model of one target. */
export interface LinearAttributes {
  /** One number a column. */
  readonly coef: Float64Array;
  readonly intercept: number;
}

/** Fitted attributes of a linear model of several targets. */
export interface LinearAttributesOfTargets {
  /** Targets × columns. */
  readonly coef: Matrix;
  /** One number a target. */
  readonly intercept: Float64Array;
}

export function linearAttributes({ coef, intercept }: LinearMap): LinearAttributes {
  return { coef, intercept: intercept[0]! };
}

export function linearAttributesOfTargets({ coef, intercept }: LinearMap): LinearAttributesOfTargets {
  const rows = intercept.length;
  return { coef: new Matrix({ rows, columns: coef.length / rows, data: coef }), intercept };
}
