import type { CheckpointOptions } from '../../define/definition.ts';
import type { Loss } from '../../nets/losses/loss.ts';
import type { HeldOutScore } from '../../nets/train/held-out-scores.ts';
import type { TrainingRows } from '../../nets/train/open-trainer.ts';
import type { MlpOptions } from './mlp-options.ts';
import type { MlpState } from './mlp-state.ts';

export interface MlpProblem extends TrainingRows {
  /** Named in messages. */
  readonly model: string;
  readonly outputs: number;
  readonly loss: Loss;
  /** Classes to divide evenly when rows are held out. */
  readonly stratify: Int32Array | undefined;
  readonly score: HeldOutScore;
  readonly validation: TrainingRows | undefined;
  readonly from: MlpState | undefined;
  readonly checkpoint: CheckpointOptions | undefined;
  readonly options: MlpOptions;
}
