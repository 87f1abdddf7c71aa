import type { SeededSource } from '../../environments/random-source.ts';
import type { Step } from '../../nets/step/open-step.ts';
import type { ActorCritic } from './actor-critic.ts';
import { type Advantages, normalize } from './advantages.ts';
import type { PolicyGradientOptions } from './policy-gradient-options.ts';
import type { Rollout } from './rollout.ts';

/** Means over the minibatches of an update. */
export interface UpdateFigures {
  /** Mean of (V − R)². */
  readonly valueLoss: number;
  /** Of the policy that played. */
  readonly entropy: number;
  /** (ρ − 1) − log ρ, an estimate of how far the policy moved (J. Schulman, Approximating KL divergence, 2020). */
  readonly approxKl: number;
  /** Share of the steps whose ratio was beyond the clip range. */
  readonly clipFraction: number;
  /** 1 − var(R − V) ÷ var(R), before the update. */
  readonly explainedVariance: number;
}

export interface UpdateRequest extends Advantages {
  readonly rollout: Rollout;
  /** V of each row before the update. */
  readonly values: Float64Array;
  readonly options: PolicyGradientOptions;
  readonly learningRate: number;
  readonly clipRange: number;
  readonly random: SeededSource;
  pause(): void | Promise<void>;
}

/** Passes over a rollout in minibatches; for A2C and REINFORCE a single step on all of it. */
export async function updatePolicy(networks: ActorCritic, request: UpdateRequest): Promise<UpdateFigures> {
  const { rollout, options, learningRate, clipRange, random } = request;
  const { algorithm, nEpochs, batchSize, targetKl } = options;
  const { rows } = rollout;
  // Larger batches stay, so that few graphs serve episodes of all lengths.
  const batchRows =
    algorithm === 'reinforce' ? Math.max(networks.rows, powerOfTwo(rows)) : Math.min(batchSize, rows);
  const size = Math.min(batchRows, rows);
  const step = await networks.stepFor(batchRows);
  const order = new Int32Array(rows);
  const sums = { valueLoss: 0, approxKl: 0, clipFraction: 0 };
  let batches = 0;
  passes: for (let epoch = 0; epoch < nEpochs; epoch++) {
    if (nEpochs > 1 || size < rows) shuffleOrder(order, rows, random);
    else for (let i = 0; i < rows; i++) order[i] = i;
    for (let from = 0; from < rows; from += size) {
      const count = Math.min(size, rows - from);
      fill(step, request, order.subarray(from, from + count));
      const isAlone = algorithm === 'ppo' && targetKl !== null;
      // The step that would go too far is not taken.
      if (isAlone) {
        await step.compute();
        if (divergence(step, count, clipRange).approxKl > 1.5 * targetKl) break passes;
      }
      await step.run(learningRate);
      const moved = algorithm === 'ppo' ? divergence(step, count, clipRange) : unmoved;
      sums.approxKl += moved.approxKl;
      sums.clipFraction += moved.clipFraction;
      sums.valueLoss += meanMiss(step, count);
      batches++;
      const waiting = request.pause();
      if (waiting !== undefined) await waiting;
    }
  }
  const mean = (sum: number) => (batches === 0 ? 0 : sum / batches);
  return {
    valueLoss: mean(sums.valueLoss),
    approxKl: mean(sums.approxKl),
    clipFraction: mean(sums.clipFraction),
    entropy: rollout.entropy / rows,
    explainedVariance: explainedVariance(request.values, request.returns),
  };
}

const unmoved = { approxKl: 0, clipFraction: 0 };

function powerOfTwo(rows: number): number {
  return 2 ** Math.ceil(Math.log2(rows));
}

/** Feeds the rows that are in `order`; what is left of the batch weighs nothing. */
function fill(
  step: Step,
  { rollout, advantages, returns, values, options, clipRange }: UpdateRequest,
  order: Int32Array,
): void {
  const { shape, features, actions, masks, logProbabilities } = rollout;
  const { x, action, advantage, wanted, weight, mask, before, valueBefore, clip } = step.inputs;
  const { width, kept, masked } = shape;
  const count = order.length;
  for (let k = 0; k < count; k++) {
    const row = order[k]!;
    for (let j = 0; j < width; j++) x![k * width + j] = features[row * width + j]!;
    for (let j = 0; j < kept; j++) action![k * kept + j] = actions[row * kept + j]!;
    for (let j = 0; j < masked; j++) mask![k * masked + j] = masks[row * masked + j]!;
    advantage![k] = advantages[row]!;
    wanted![k] = returns[row]!;
    if (before !== undefined) before[k] = logProbabilities[row]!;
    if (valueBefore !== undefined) valueBefore[k] = values[row]!;
  }
  if (options.normalizeAdvantage) normalize(advantage as Float32Array, count);
  weight!.fill(1 / count, 0, count);
  if (clip !== undefined) clip[0] = clipRange;
  if (count === weight!.length) return;
  // An earlier batch may have left anything there, which times 0 must be 0.
  weight!.fill(0, count);
  advantage!.fill(0, count);
  mask?.fill(1, count * masked);
}

/** How far the policy is from the one that played, in a batch. */
function divergence({ inputs, outputs }: Step, count: number, clipRange: number) {
  let [divergences, clipped] = [0, 0];
  for (let k = 0; k < count; k++) {
    const log = outputs.logProbability![k]! - inputs.before![k]!;
    const ratio = Math.exp(log);
    divergences += ratio - 1 - log;
    if (Math.abs(ratio - 1) > clipRange) clipped++;
  }
  return { approxKl: divergences / count, clipFraction: clipped / count };
}

function meanMiss({ inputs, outputs }: Step, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += (outputs.value![k]! - inputs.wanted![k]!) ** 2;
  return sum / count;
}

function explainedVariance(values: Float64Array, returns: Float64Array): number {
  const variance = (of: (i: number) => number) => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      sum += of(i);
      squares += of(i) ** 2;
    }
    return squares / values.length - (sum / values.length) ** 2;
  };
  const total = variance((i) => returns[i]!);
  return total > 0 ? 1 - variance((i) => returns[i]! - values[i]!) / total : 0;
}

/** Shuffles 0 … count − 1 in `order`. */
function shuffleOrder(order: Int32Array, count: number, random: SeededSource): void {
  for (let i = 0; i < count; i++) order[i] = i;
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
}
