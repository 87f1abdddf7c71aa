import { JobError } from '../../core/errors.ts';
import type { Action } from '../../environments/environment.ts';
import type { RandomSource } from '../../environments/random-source.ts';
import type { ParameterSpec } from '../../nets/layers/layer-rule.ts';
import type { StepInput } from '../../nets/step/step-graph.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** What actions are, as plain data. */
export type ActionKind =
  | { readonly kind: 'choice'; readonly n: number }
  | {
      readonly kind: 'numbers';
      readonly low: Float32Array;
      readonly high: Float32Array;
      /** Whether tanh brings numbers between the bounds; else they are cut there. */
      readonly isSquashed: boolean;
    };

/** An action as it was drawn. */
export interface Drawn {
  action: Action;
  /** log π(a | s). */
  logProbability: number;
  entropy: number;
}

/** The distribution of actions that the outputs of a network stand for. */
export interface ActionHead {
  readonly kind: ActionKind;
  /** Outputs of the network for one observation. */
  readonly outputs: number;
  /** Numbers that are kept of an action to learn from it. */
  readonly kept: number;
  /** Parameters beside the network's. */
  readonly extra: readonly ParameterSpec[];
  readonly input: StepInput['element'];
  /**
   * Draws an action by the scores from `scores[at]` on and writes what is kept of it from `into[intoAt]` on.
   * @param mask Of the actions; undefined: all may be taken.
   */
  draw(
    scores: Float32Array,
    at: number,
    mask: Uint8Array | undefined,
    random: RandomSource,
    into: Int32Array | Float32Array,
    intoAt: number,
    drawn: Drawn,
  ): void;
  /** The most probable action. */
  best(scores: ArrayLike<number>, at: number, mask: Uint8Array | undefined): Action;
  /** log π of actions [rows] or [rows, numbers], and the entropy, [rows] or a single number. */
  build(
    scores: Tensor,
    action: Tensor,
    parameter: (name: string) => Tensor,
    mask: Tensor | undefined,
  ): { readonly logProbability: Tensor; readonly entropy: Tensor };
}

/** What a head says of scores that are no numbers. */
export function notFinite(): JobError {
  return new JobError(
    'train/not-finite',
    'Learning left the finite numbers: the policy gives NaN. Lower the learning rate, or scale observations and rewards ' +
      '(normalizeObservation, normalizeReward).',
    {},
  );
}
