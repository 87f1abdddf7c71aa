import type { BuiltStep, StepBuilder, StepInput } from '../../nets/step/step-graph.ts';
import {
  add,
  exp,
  greater,
  multiply,
  negative,
  reshape,
  square,
  subtract,
  sum,
  where,
} from '../../tensor/functions.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ActionHead } from './action-head.ts';
import type { PolicyGradientOptions } from './policy-gradient-options.ts';

export interface LossShape {
  readonly rows: number;
  /** Inputs of the networks. */
  readonly width: number;
  readonly isMasked: boolean;
}

/** What a step is fed. */
export function lossInputs(
  head: ActionHead,
  { algorithm, clipRangeVf }: PolicyGradientOptions,
  { rows, width, isMasked }: LossShape,
): Record<string, StepInput> {
  const each = { shape: [rows] };
  return {
    x: { shape: [rows, width] },
    action: { shape: head.input === 'index' ? [rows] : [rows, head.kept], element: head.input! },
    advantage: each,
    wanted: each,
    // 1 ÷ the rows that are there, 0 for those that only fill up the batch.
    weight: each,
    ...(isMasked && { mask: { shape: [rows, head.outputs] } }),
    ...(algorithm === 'ppo' && { before: each, clip: { shape: [] } }),
    ...(clipRangeVf !== null && { valueBefore: each }),
  };
}

/**
 * The loss of a batch: that of the policy, vfCoef (V − R)², − entCoef times the entropy; means over the rows.
 *
 * The policy's is −Â log π(a | s) (R. Williams, Simple statistical gradient-following algorithms for connectionist reinforcement learning,
 * 1992; V. Mnih et al., Asynchronous methods for deep reinforcement learning, 2016), or for PPO −min(ρ Â, clip(ρ, 1 − c, 1 + c) Â) with
 * ρ = π(a | s) ÷ π_before(a | s) (J. Schulman et al., Proximal policy optimization algorithms, 2017).
 */
export function buildPolicyLoss(
  head: ActionHead,
  { algorithm, entCoef, vfCoef, clipRangeVf }: PolicyGradientOptions,
  { network, inputs, parameter }: StepBuilder,
): BuiltStep {
  const { x, action, advantage, wanted, weight, mask } = inputs as Record<string, Tensor>;
  const { logProbability, entropy } = head.build(network('policy', x!), action!, parameter, mask);
  const value = reshape(network('value', x!), weight!.shape);
  let gain: Tensor;
  if (algorithm === 'ppo') {
    const ratio = exp(subtract(logProbability, inputs.before!));
    const clipped = clipTo(ratio, subtract(negative(inputs.clip!), -1), add(inputs.clip!, 1));
    gain = least(multiply(ratio, advantage!), multiply(clipped, advantage!));
  } else {
    gain = multiply(logProbability, advantage!);
  }
  let estimate = value;
  if (clipRangeVf !== null) {
    const before = inputs.valueBefore!;
    estimate = clipTo(value, subtract(before, clipRangeVf), add(before, clipRangeVf));
  }
  const misses = multiply(square(subtract(estimate, wanted!)), vfCoef);
  const bare = subtract(misses, gain);
  // An entropy that is the same for all rows is repeated for each; their weights sum to 1.
  const rows = entCoef === 0 ? bare : subtract(bare, multiply(entropy, entCoef));
  return { loss: sum(multiply(rows, weight!)), outputs: { logProbability, value } };
}

function least(a: Tensor, b: Tensor): Tensor {
  return where(greater(a, b), b, a);
}

function clipTo(x: Tensor, low: Tensor, high: Tensor): Tensor {
  return where(greater(x, high), high, where(greater(low, x), low, x));
}
