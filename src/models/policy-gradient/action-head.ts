import { JobError } from '../../core/errors.ts';
import type { Action } from '../../environments/environment.ts';
import type { RandomSource } from '../../environments/random-source.ts';
import type { BoxSpace, DiscreteSpace } from '../../environments/space.ts';
import type { ParameterSpec } from '../../nets/layers/layer-rule.ts';
import type { StepInput } from '../../nets/step/step-graph.ts';
import {
  add,
  exp,
  logSoftmax,
  multiply,
  negative,
  oneHot,
  square,
  subtract,
  sum,
} from '../../tensor/functions.ts';
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

/** The name of the parameter that holds the logarithms of standard deviations. */
export const LOG_STD = 'logStd';
const LOG_TWO_PI = Math.log(2 * Math.PI);
/** What is added to the score of an action that may not be taken: e to its power is 0 in float32. */
const FORBIDDEN = -1e8;

/** A choice of one of n by softmax of as many scores. */
export function choiceHead({ n }: Pick<DiscreteSpace, 'n'>): ActionHead {
  const weights = new Float64Array(n);
  return {
    kind: { kind: 'choice', n },
    outputs: n,
    kept: 1,
    extra: [],
    input: 'index',
    draw(scores, at, mask, random, into, intoAt, drawn) {
      let top = Number.NEGATIVE_INFINITY;
      for (let a = 0; a < n; a++) {
        if (mask !== undefined && mask[a] === 0) continue;
        if (scores[at + a]! > top) top = scores[at + a]!;
      }
      let [total, moment] = [0, 0];
      for (let a = 0; a < n; a++) {
        const isOpen = mask === undefined || mask[a] !== 0;
        const weight = isOpen ? Math.exp(scores[at + a]! - top) : 0;
        weights[a] = weight;
        total += weight;
        if (weight > 0) moment += weight * (scores[at + a]! - top);
      }
      if (!Number.isFinite(total)) throw notFinite();
      let left = random.next() * total;
      let action = 0;
      // Rounding may leave a little beyond the last; then the last one that may be taken is.
      for (let a = 0; a < n; a++) {
        if (weights[a] === 0) continue;
        action = a;
        left -= weights[a]!;
        if (left < 0) break;
      }
      into[intoAt] = action;
      drawn.action = action;
      drawn.logProbability = scores[at + action]! - top - Math.log(total);
      // −Σ p log p with log p = s − top − log(total).
      drawn.entropy = Math.log(total) - moment / total;
    },
    best(scores, at, mask) {
      let best = -1;
      for (let a = 0; a < n; a++) {
        if (mask !== undefined && mask[a] === 0) continue;
        if (best < 0 || scores[at + a]! > scores[at + best]!) best = a;
      }
      return Math.max(0, best);
    },
    build(scores, action, _, mask) {
      const open = mask === undefined ? scores : add(scores, multiply(subtract(mask, 1), -FORBIDDEN));
      const logs = logSoftmax(open);
      return {
        logProbability: sum(multiply(logs, oneHot(action, n)), { axes: [1] }),
        entropy: negative(sum(multiply(exp(logs), logs), { axes: [1] })),
      };
    },
  };
}

/**
 * Numbers, each from a normal distribution of its own whose mean the network gives; the standard deviations are parameters of their own,
 * the same for all observations.
 *
 * With squashing, what is kept is the number before tanh. Its density differs from that of the action by a factor that depends on no
 * parameter, so ratios and gradients of log π are the same; the entropy is that before tanh.
 */
export function numberHead(
  { low, high }: Pick<BoxSpace, 'low' | 'high'>,
  { isSquashed, logStdInit, logStd }: { isSquashed: boolean; logStdInit: number; logStd: () => Float32Array },
): ActionHead {
  const width = low.length;
  const bring = bringer({ kind: 'numbers', low, high, isSquashed });
  return {
    kind: { kind: 'numbers', low, high, isSquashed },
    outputs: width,
    kept: width,
    extra: [
      {
        name: LOG_STD,
        shape: [width],
        initializer: { kind: 'constant', value: logStdInit },
        fans: { fanIn: 1, fanOut: 1 },
        decays: false,
      },
    ],
    input: 'real',
    draw(scores, at, _, random, into, intoAt, drawn) {
      const logs = logStd();
      let logProbability = -0.5 * width * LOG_TWO_PI;
      let entropy = 0.5 * width * (1 + LOG_TWO_PI);
      for (let j = 0; j < width; j++) {
        // G. Box and M. Muller (1958); 1 − u is not 0.
        const z = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
        into[intoAt + j] = scores[at + j]! + Math.exp(logs[j]!) * z;
        logProbability -= 0.5 * z * z + logs[j]!;
        entropy += logs[j]!;
      }
      if (!Number.isFinite(into[intoAt]!)) throw notFinite();
      drawn.action = bring(into as Float32Array, intoAt);
      drawn.logProbability = logProbability;
      drawn.entropy = entropy;
    },
    best: (scores, at) => bring(scores, at),
    build(scores, action, parameter) {
      const logs = parameter(LOG_STD);
      const z = multiply(subtract(action, scores), exp(negative(logs)));
      const total = sum(logs);
      return {
        logProbability: subtract(
          multiply(sum(square(z), { axes: [1] }), -0.5),
          add(total, 0.5 * width * LOG_TWO_PI),
        ),
        entropy: add(total, 0.5 * width * (1 + LOG_TWO_PI)),
      };
    },
  };
}

/** Brings numbers within the bounds of the space. */
export function bringer({
  low,
  high,
  isSquashed,
}: Extract<ActionKind, { kind: 'numbers' }>): (numbers: ArrayLike<number>, at: number) => Float32Array {
  const width = low.length;
  return (numbers, at) => {
    const action = new Float32Array(width);
    for (let j = 0; j < width; j++) action[j] = within(numbers[at + j]!, low[j]!, high[j]!, isSquashed);
    return action;
  };
}

/** A number within its bounds: low + (high − low) (tanh u + 1) / 2, or cut. */
export function within(u: number, low: number, high: number, isSquashed: boolean): number {
  if (isSquashed) return low + (high - low) * 0.5 * (Math.tanh(u) + 1);
  return Math.min(Math.max(u, low), high);
}

function notFinite(): JobError {
  return new JobError(
    'train/not-finite',
    'Learning left the finite numbers: the policy gives NaN. Lower the learning rate, or scale observations and rewards ' +
      '(normalizeObservation, normalizeReward).',
    {},
  );
}
