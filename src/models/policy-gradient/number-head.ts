import type { BoxSpace } from '../../environments/space.ts';
import { add, exp, multiply, negative, square, subtract, sum } from '../../tensor/functions.ts';
import { type ActionHead, type ActionKind, notFinite } from './action-head.ts';

/** The name of the parameter that holds the logarithms of standard deviations. */
export const LOG_STD = 'logStd';
const LOG_TWO_PI = Math.log(2 * Math.PI);

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
