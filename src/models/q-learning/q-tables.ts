import type { SeededSource } from '../../environments/random-source.ts';
import { type Schedule, scheduleAt } from '../../environments/schedule.ts';
import type { QLearningOptions } from './q-learning-options.ts';

interface Earlier {
  readonly last: Float64Array;
  readonly other: Float64Array;
  readonly visits: Uint32Array;
}

/** The table of action values (two for double Q-learning), row-major, states × actions, and how it learns. */
export class QTables {
  readonly first: Float64Array;
  /** Empty unless there are two. */
  readonly second: Float64Array;
  readonly visits: Uint32Array;
  readonly #actions: number;
  readonly #isDouble: boolean;
  readonly #isSarsa: boolean;
  readonly #isExpected: boolean;
  readonly #gamma: number;
  readonly #nSteps: number;
  readonly #rates: Schedule | undefined;
  readonly #firstRate: number;
  readonly #leastRate: number;
  readonly #power: number;
  /** Of the last `nSteps` steps, in a ring. */
  readonly #pairs: Int32Array;
  readonly #rewards: Float64Array;
  #held = 0;
  #oldest = 0;
  #epsilon = 0;
  /** Of 2^32: a word below it explores. */
  #exploreBelow = 0;
  #rate = 0;

  constructor(options: QLearningOptions, states: number, actions: number, from?: Earlier) {
    const { algorithm, learningRateSchedule, initialValue, nSteps } = options;
    const size = states * actions;
    this.#actions = actions;
    this.#isDouble = algorithm === 'double-q-learning';
    this.#isSarsa = algorithm === 'sarsa';
    this.#isExpected = algorithm === 'expected-sarsa';
    this.first = from === undefined ? new Float64Array(size).fill(initialValue) : new Float64Array(from.last);
    this.second = this.#isDouble ? new Float64Array(from?.other ?? this.first) : new Float64Array(0);
    this.visits = from === undefined ? new Uint32Array(size) : new Uint32Array(from.visits);
    this.#gamma = options.gamma;
    this.#nSteps = nSteps;
    this.#rates =
      learningRateSchedule === 'visits'
        ? undefined
        : {
            kind: learningRateSchedule,
            initial: options.learningRate,
            final: options.finalLearningRate,
            fraction: options.learningRateFraction,
          };
    this.#firstRate = options.learningRate;
    this.#leastRate = options.finalLearningRate;
    this.#power = options.learningRatePower;
    this.#pairs = new Int32Array(nSteps);
    this.#rewards = new Float64Array(nSteps);
  }

  /** The values the policy goes by: those of the table, or the mean of both. */
  mean(): Float64Array {
    return this.#isDouble
      ? this.first.map((value, k) => (value + this.second[k]!) / 2)
      : new Float64Array(this.first);
  }

  /** The first of the best actions. */
  greedy(values: Float64Array, state: number): number {
    const row = state * this.#actions;
    let best = 0;
    for (let a = 1; a < this.#actions; a++) if (values[row + a]! > values[row + best]!) best = a;
    return best;
  }

  /** @param progress How much of the learning is done, 0 … 1. */
  beginEpisode(epsilon: number, progress: number): void {
    this.#epsilon = epsilon;
    this.#exploreBelow = epsilon * 2 ** 32;
    if (this.#rates !== undefined) this.#rate = scheduleAt(this.#rates, progress);
    this.#held = 0;
    this.#oldest = 0;
  }

  /** An action by the exploring policy: a random one with probability ε, else one of the best, each as likely. */
  choose(state: number, random: SeededSource): number {
    const actions = this.#actions;
    if (this.#exploreBelow > 0 && random.word() >>> 0 < this.#exploreBelow) return random.below(actions);
    const row = state * actions;
    const { first, second } = this;
    let best = 0;
    let ties = 1;
    let most = this.#isDouble ? first[row]! + second[row]! : first[row]!;
    for (let a = 1; a < actions; a++) {
      const value = this.#isDouble ? first[row + a]! + second[row + a]! : first[row + a]!;
      if (value > most) {
        most = value;
        best = a;
        ties = 1;
      } else if (value === most) {
        ties++;
        // The k-th of k equals takes the place with probability 1 / k.
        if (random.below(ties) === 0) best = a;
      }
    }
    return best;
  }

  /**
   * Learns from a step. @returns the action to take in `next`.
   * @param isOver Whether the episode ended; it may have been cut off without having terminated, and then `next` still has a value.
   */
  learn(
    state: number,
    action: number,
    reward: number,
    next: number,
    terminated: boolean,
    isOver: boolean,
    random: SeededSource,
  ): number {
    const nSteps = this.#nSteps;
    let place = this.#oldest + this.#held;
    if (place >= nSteps) place -= nSteps;
    this.#pairs[place] = state * this.#actions + action;
    this.#rewards[place] = reward;
    this.#held++;
    // SARSA learns the value of the very action that is taken next.
    const taken = this.#isSarsa ? this.choose(next, random) : 0;
    if (this.#held === nSteps || isOver) {
      do this.#update(next, terminated, taken, random);
      while (isOver && this.#held > 0);
    }
    return this.#isSarsa ? taken : this.choose(next, random);
  }

  /** Forgets the steps that an episode which was cut short leaves. */
  endEpisode(): void {
    this.#held = 0;
  }

  /** Learns the oldest step that is held: G = Σ γ^i r_i + γ^held × value of `next`. */
  #update(next: number, terminated: boolean, taken: number, random: SeededSource): void {
    const nSteps = this.#nSteps;
    const isFirst = !this.#isDouble || random.word() < 0;
    const values = isFirst ? this.first : this.second;
    let target = terminated ? 0 : this.#valueOf(next, taken, isFirst);
    for (let i = this.#held - 1, place = this.#oldest + i; i >= 0; i--, place--) {
      target = this.#rewards[place < nSteps ? place : place - nSteps]! + this.#gamma * target;
    }
    const pair = this.#pairs[this.#oldest]!;
    const n = this.visits[pair]! + 1;
    this.visits[pair] = n;
    const rate = this.#rates === undefined ? this.#rateAfter(n) : this.#rate;
    values[pair] = values[pair]! + rate * (target - values[pair]!);
    this.#oldest = this.#oldest + 1 === nSteps ? 0 : this.#oldest + 1;
    this.#held--;
  }

  #rateAfter(visits: number): number {
    return Math.max(this.#firstRate / visits ** this.#power, this.#leastRate);
  }

  #valueOf(state: number, taken: number, isFirst: boolean): number {
    const actions = this.#actions;
    const row = state * actions;
    const values = isFirst ? this.first : this.second;
    if (this.#isSarsa) return values[row + taken]!;
    let best = 0;
    let sum = values[row]!;
    for (let a = 1; a < actions; a++) {
      sum += values[row + a]!;
      if (values[row + a]! > values[row + best]!) best = a;
    }
    if (this.#isDouble) return (isFirst ? this.second : this.first)[row + best]!;
    const most = values[row + best]!;
    return this.#isExpected ? (1 - this.#epsilon) * most + (this.#epsilon * sum) / actions : most;
  }
}
