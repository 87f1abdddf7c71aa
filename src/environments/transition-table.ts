import type { Dynamics } from './dynamics.ts';
import { discrete } from './space.ts';

/** One thing that can happen: with a probability, to a state, for a reward, with or without the end. */
export type Outcome = readonly [probability: number, next: number, reward: number, terminated: boolean];

/**
 * What each action can do in each state, flat: the outcomes of action `a` in state `s` are `offsets[s * actions + a]` up to the next
 * offset. (Gymnasium's `env.P`.)
 */
export interface TransitionTable {
  readonly states: number;
  readonly actions: number;
  readonly offsets: Int32Array;
  readonly probability: Float64Array;
  readonly next: Int32Array;
  readonly reward: Float64Array;
  readonly terminated: Uint8Array;
  /** Probability of each state at the start of an episode. */
  readonly initial: Float64Array;
}

export function transitionTable(
  states: number,
  actions: number,
  initial: Float64Array,
  outcomesOf: (state: number, action: number) => readonly Outcome[],
): TransitionTable {
  const offsets = new Int32Array(states * actions + 1);
  const all: Outcome[] = [];
  for (let row = 0; row < states * actions; row++) {
    all.push(...outcomesOf(Math.floor(row / actions), row % actions));
    offsets[row + 1] = all.length;
  }
  return {
    ...{ states, actions, offsets, initial },
    probability: Float64Array.from(all, ([probability]) => probability),
    next: Int32Array.from(all, ([, next]) => next),
    reward: Float64Array.from(all, ([, , reward]) => reward),
    terminated: Uint8Array.from(all, ([, , , terminated]) => Number(terminated)),
  };
}

/**
 * The dynamics of a table. A draw picks the first outcome at which the sum of the probabilities exceeds it, as in Gymnasium; where there
 * is one outcome only, nothing is drawn.
 */
export function tableDynamics({
  states,
  actions,
  offsets,
  probability,
  next,
  reward,
  terminated,
  initial,
}: TransitionTable): Dynamics {
  const cumulative = new Float64Array(probability.length);
  for (let row = 0; row < states * actions; row++) {
    let sum = 0;
    for (let k = offsets[row]!; k < offsets[row + 1]!; k++) {
      sum += probability[k]!;
      cumulative[k] = sum;
    }
  }
  const starts = new Float64Array(states);
  let sum = 0;
  for (let s = 0; s < states; s++) {
    sum += initial[s]!;
    starts[s] = sum;
  }
  const onlyStart = initial.indexOf(1);
  return {
    observationSpace: discrete(states),
    actionSpace: discrete(actions),
    stateSize: 1,
    observationNames: ['state'],
    start(state, at, random) {
      state[at] = onlyStart >= 0 ? onlyStart : firstAbove(starts, random.next());
    },
    advance(state, at, chosen, chosenAt, random, rewards, i) {
      const row = state[at]! * actions + chosen[chosenAt]!;
      const first = offsets[row]!;
      const end = offsets[row + 1]!;
      let k = first;
      if (end - first > 1) {
        const draw = random.next();
        while (k < end && !(cumulative[k]! > draw)) k++;
        // The probabilities may sum up to a little less than 1.
        if (k === end) k = first;
      }
      state[at] = next[k]!;
      rewards[i] = reward[k]!;
      return terminated[k] === 1;
    },
    observe(state, at, into, intoAt) {
      into[intoAt] = state[at]!;
    },
  };
}

/** Index of the first of the rising `sums` above `draw`, 0 when there is none. */
function firstAbove(sums: Float64Array, draw: number): number {
  let low = 0;
  let high = sums.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > draw) high = middle;
    else low = middle + 1;
  }
  return low === sums.length ? 0 : low;
}
