import type { DiscreteSpace } from '../../environments/space.ts';
import { add, exp, logSoftmax, multiply, negative, oneHot, subtract, sum } from '../../tensor/functions.ts';
import { type ActionHead, notFinite } from './action-head.ts';

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
