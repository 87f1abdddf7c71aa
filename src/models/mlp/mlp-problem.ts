import type { Matrix } from '../../core/matrix.ts';
import type { Loss } from '../../nets/losses/loss.ts';
import type { MlpOptions } from './mlp-options.ts';
import type { MlpState } from './mlp-state.ts';

/** Rows with their targets, as the loss takes them. */
export interface MlpRows {
  readonly x: Matrix;
  /** Row-major [rows, outputs], or class numbers. */
  readonly target: Float64Array | Int32Array;
  readonly weight: Float64Array | undefined;
}

export interface MlpProblem extends MlpRows {
  /** Named in messages. */
  readonly model: string;
  readonly outputs: number;
  readonly loss: Loss;
  /** Classes to divide evenly when rows are held out. */
  readonly stratify: Int32Array | undefined;
  /** Score of outputs [rows, outputs] for held-out rows, the larger the better. */
  readonly score: (outputs: Float32Array, held: MlpRows) => number;
  readonly validation: MlpRows | undefined;
  readonly from: MlpState | undefined;
  readonly options: MlpOptions;
}
