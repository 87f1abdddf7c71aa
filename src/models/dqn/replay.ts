import { OptionError } from '../../core/errors.ts';
import { sharedArray } from '../../core/shared.ts';

/** Numbers of one remembered step. */
export interface ReplayShape {
  readonly capacity: number;
  /** Numbers of an observation, whole ones as they are. */
  readonly columns: number;
  /** Choices in the next state that a mask tells of; 0: all are allowed. */
  readonly masks: number;
}

/** What is remembered, the oldest first where `position` is not 0; plain data. */
export interface ReplayData {
  readonly observations: Float32Array;
  readonly following: Float32Array;
  readonly actions: Int32Array;
  readonly rewards: Float32Array;
  readonly discounts: Float32Array;
  readonly masks: Uint8Array;
  /** Where the next step goes. */
  readonly position: number;
  readonly size: number;
}

/** Steps to learn from again, in shared memory: a ring whose oldest step gives way. */
export class Replay {
  readonly shape: ReplayShape;
  readonly observations: Float32Array;
  readonly following: Float32Array;
  readonly actions: Int32Array;
  /** Of the steps up to the following observation, discounted. */
  readonly rewards: Float32Array;
  /** Of the value of the following observation: 0 where the episode terminated. */
  readonly discounts: Float32Array;
  /** 1 for each action that is allowed next. */
  readonly masks: Uint8Array;
  #position = 0;
  #size = 0;

  /** @throws OptionError when so much memory cannot be had. */
  constructor(shape: ReplayShape) {
    const { capacity, columns, masks } = shape;
    this.shape = shape;
    try {
      this.observations = sharedArray(Float32Array, capacity * columns);
      this.following = sharedArray(Float32Array, capacity * columns);
      this.actions = sharedArray(Int32Array, capacity);
      this.rewards = sharedArray(Float32Array, capacity);
      this.discounts = sharedArray(Float32Array, capacity);
      this.masks = sharedArray(Uint8Array, capacity * masks);
    } catch (error) {
      const mebibytes = Math.ceil((capacity * (8 * columns + 12 + masks)) / 2 ** 20);
      throw new OptionError(
        'option/too-large',
        `The replay of ${capacity} steps needs ${mebibytes} MiB, more than can be had. Choose a smaller bufferSize.`,
        { option: 'bufferSize', mebibytes },
        error,
      );
    }
  }

  get size(): number {
    return this.#size;
  }

  /** @returns the place that the step was put in. */
  add(
    observation: ArrayLike<number>,
    action: number,
    reward: number,
    following: ArrayLike<number>,
    discount: number,
    mask: Uint8Array | undefined,
  ): number {
    const { capacity, columns, masks } = this.shape;
    const place = this.#position;
    for (let j = 0; j < columns; j++) {
      this.observations[place * columns + j] = observation[j]!;
      this.following[place * columns + j] = following[j]!;
    }
    this.actions[place] = action;
    this.rewards[place] = reward;
    this.discounts[place] = discount;
    if (masks > 0) this.masks.set(mask!, place * masks);
    this.#position = place + 1 === capacity ? 0 : place + 1;
    this.#size = Math.min(capacity, this.#size + 1);
    return place;
  }

  /** Copies. */
  data(): ReplayData {
    const { columns, masks } = this.shape;
    const size = this.#size;
    return {
      observations: this.observations.slice(0, size * columns),
      following: this.following.slice(0, size * columns),
      actions: this.actions.slice(0, size),
      rewards: this.rewards.slice(0, size),
      discounts: this.discounts.slice(0, size),
      masks: this.masks.slice(0, size * masks),
      position: this.#position,
      size,
    };
  }

  /** Takes over what was remembered, the latest steps where there is no room for all. @returns for each place, where it was before. */
  restore(data: ReplayData): Int32Array {
    const { capacity, columns, masks } = this.shape;
    const isFull = data.size === capacity;
    const kept = Math.min(capacity, data.size);
    // A ring of another size is unrolled, the oldest first.
    const start = isFull ? 0 : data.position + data.size - kept;
    const from = Int32Array.from({ length: kept }, (_, i) => (start + i) % data.size);
    const copy = (to: Float32Array | Int32Array | Uint8Array, of: ArrayLike<number>, width: number) => {
      for (let i = 0; i < kept; i++)
        for (let j = 0; j < width; j++) to[i * width + j] = of[from[i]! * width + j]!;
    };
    copy(this.observations, data.observations, columns);
    copy(this.following, data.following, columns);
    copy(this.actions, data.actions, 1);
    copy(this.rewards, data.rewards, 1);
    copy(this.discounts, data.discounts, 1);
    copy(this.masks, data.masks, masks);
    this.#size = kept;
    this.#position = isFull ? data.position : kept % capacity;
    return from;
  }
}
