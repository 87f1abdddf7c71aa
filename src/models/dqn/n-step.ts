/** Takes what is to be remembered: rewards already summed over some steps, and the discount of the value of what follows. */
export type Remember = (
  observation: Float32Array,
  action: number,
  reward: number,
  following: Float32Array,
  discount: number,
) => void;

/**
 * Sums the rewards of `count` steps, Σ γᵏ rₖ (R. Sutton, 1988), before a step is remembered. At the end of an episode those that are left
 * are summed over fewer.
 */
export class NStep {
  readonly #count: number;
  readonly #gamma: number;
  readonly #remember: Remember;
  readonly #observations: Float32Array[];
  readonly #actions: Int32Array;
  readonly #rewards: Float64Array;
  /** Steps that wait, the oldest at `first`. */
  #first = 0;
  #waiting = 0;

  constructor(count: number, gamma: number, columns: number, remember: Remember) {
    this.#count = count;
    this.#gamma = gamma;
    this.#remember = remember;
    this.#observations = Array.from({ length: count }, () => new Float32Array(columns));
    this.#actions = new Int32Array(count);
    this.#rewards = new Float64Array(count);
  }

  /** @param isOver Whether the episode ends here, by an end of its own (`terminated`) or cut off. */
  add(
    observation: Float32Array,
    action: number,
    reward: number,
    following: Float32Array,
    { terminated, isOver }: { readonly terminated: boolean; readonly isOver: boolean },
  ): void {
    const place = (this.#first + this.#waiting) % this.#count;
    this.#observations[place]!.set(observation);
    this.#actions[place] = action;
    this.#rewards[place] = reward;
    this.#waiting++;
    while (this.#waiting === this.#count || (isOver && this.#waiting > 0)) this.#emit(following, terminated);
  }

  #emit(following: Float32Array, terminated: boolean): void {
    let sum = 0;
    for (let k = this.#waiting - 1; k >= 0; k--)
      sum = this.#rewards[(this.#first + k) % this.#count]! + this.#gamma * sum;
    const first = this.#first;
    const discount = terminated ? 0 : this.#gamma ** this.#waiting;
    this.#remember(this.#observations[first]!, this.#actions[first]!, sum, following, discount);
    this.#first = (first + 1) % this.#count;
    this.#waiting--;
  }
}
