import { z } from 'zod';
import { option } from '../core/options.ts';
import type { Dynamics } from './dynamics.ts';
import type { RandomSource } from './random-source.ts';
import { discrete, multiDiscrete } from './space.ts';

export const blackjackOptions = z.strictObject({
  natural: option(z.boolean().default(false), 'Whether an ace and a ten at once win 1.5; not with sab.'),
  sab: option(z.boolean().default(true), 'The rules of the book of Sutton and Barto; they precede natural.'),
});

/** A hand in the state: sum with aces as 1, whether there is an ace, number of cards. The dealer's first card follows. */
const PLAYER = 0;
const DEALER = 3;
const UP_CARD = 6;

/**
 * Blackjack against a dealer who draws until 17: stick (0), hit (1). Observation: sum of one's cards, the dealer's open card, whether an
 * ace counts 11. Cards come from an endless deck. R. Sutton, A. Barto, Reinforcement Learning (2018), example 5.1.
 */
export function blackjack({ natural, sab }: z.output<typeof blackjackOptions>): Dynamics {
  return {
    observationSpace: multiDiscrete([32, 11, 2]),
    actionSpace: discrete(2),
    stateSize: 7,
    observationNames: ['sum', 'dealer', 'usableAce'],
    actionNames: ['stick', 'hit'],
    start(state, at, random) {
      state.fill(0, at, at + 7);
      state[at + UP_CARD] = take(state, at + DEALER, random);
      take(state, at + DEALER, random);
      take(state, at + PLAYER, random);
      take(state, at + PLAYER, random);
    },
    advance(state, at, actions, actionAt, random, rewards, i) {
      const player = at + PLAYER;
      const dealer = at + DEALER;
      if (actions[actionAt] === 1) {
        take(state, player, random);
        const isBust = sumOf(state, player) > 21;
        rewards[i] = isBust ? -1 : 0;
        return isBust;
      }
      while (sumOf(state, dealer) < 17) take(state, dealer, random);
      const dealerSum = sumOf(state, dealer);
      const dealerScore = dealerSum > 21 ? 0 : dealerSum;
      const reward = Math.sign(sumOf(state, player) - dealerScore);
      const isNatural = isNaturalHand(state, player);
      if (sab && isNatural && !isNaturalHand(state, dealer)) rewards[i] = 1;
      else if (!sab && natural && isNatural && reward === 1) rewards[i] = 1.5;
      else rewards[i] = reward;
      return true;
    },
    observe(state, at, into, intoAt) {
      const sum = sumOf(state, at + PLAYER);
      into[intoAt] = sum;
      into[intoAt + 1] = state[at + UP_CARD]!;
      into[intoAt + 2] = sum === state[at + PLAYER] ? 0 : 1;
    },
    render: (state, at) =>
      `yours ${sumOf(state, at + PLAYER)}${sumOf(state, at + PLAYER) === state[at + PLAYER] ? '' : ' (with an ace as 11)'}, ` +
      `dealer shows ${state[at + UP_CARD] === 1 ? 'an ace' : state[at + UP_CARD]}`,
  };
}

/** Adds a card to a hand: each of 13 is as likely, ten and three pictures count 10. @returns its value. */
function take(state: Float64Array, hand: number, random: RandomSource): number {
  const card = Math.min(Math.floor(random.next() * 13) + 1, 10);
  state[hand] = state[hand]! + card;
  if (card === 1) state[hand + 1] = 1;
  state[hand + 2] = state[hand + 2]! + 1;
  return card;
}

/** The sum of a hand, an ace counting 11 where that does not exceed 21. */
function sumOf(state: Float64Array, hand: number): number {
  const sum = state[hand]!;
  return state[hand + 1] === 1 && sum + 10 <= 21 ? sum + 10 : sum;
}

function isNaturalHand(state: Float64Array, hand: number): boolean {
  return state[hand + 2] === 2 && sumOf(state, hand) === 21;
}
