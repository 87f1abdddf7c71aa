import type { Observation } from '../../environments/environment.ts';
import { type ObservationFeatures, writeFeatures } from '../../environments/policy/observation-features.ts';
import { SeededSource } from '../../environments/random-source.ts';
import type { DqnOptions } from './dqn-options.ts';
import { FORBIDDEN, type QRunOptions, type QStep } from './q-step.ts';
import { Replay, type ReplayData, type ReplayShape } from './replay.ts';
import { SumTree } from './sum-tree.ts';

/** The memory of a learner, from which it goes on; plain data. */
export interface LearnerData {
  readonly replay: ReplayData;
  /** Of each step; empty where all are alike. */
  readonly priorities: Float64Array;
  readonly highest: number;
}

/** Keeps it apart from the seeds of episodes. */
const REPLAY_STREAM = 101;

/** Remembers steps and updates the network on batches of them. */
export class QLearner {
  readonly replay: Replay;
  readonly #step: QStep;
  readonly #features: ObservationFeatures;
  readonly #options: DqnOptions;
  readonly #randomState: number;
  readonly #random = new SeededSource();
  readonly #tree: SumTree | undefined;
  readonly #places: Int32Array;
  /** Of any step so far: what a new one gets, so that it comes at least once. */
  #highest = 1;

  constructor(
    step: QStep,
    shape: ReplayShape,
    features: ObservationFeatures,
    options: DqnOptions,
    randomState: number,
  ) {
    this.replay = new Replay(shape);
    this.#step = step;
    this.#features = features;
    this.#options = options;
    this.#randomState = randomState;
    this.#tree = options.prioritized ? new SumTree(shape.capacity) : undefined;
    this.#places = new Int32Array(options.batchSize);
  }

  remember(...transition: Parameters<Replay['add']>): void {
    const place = this.replay.add(...transition);
    this.#tree?.set(place, this.#highest);
  }

  /**
   * Updates one after another. Which steps they draw depends on the seed, the number of the update and what is remembered.
   * @param beta How far the weights of the steps make up for their priorities. @returns the last loss.
   */
  async updates(count: number, beta: number, options: QRunOptions): Promise<number> {
    const step = this.#step;
    let loss = Number.NaN;
    for (let done = 0; done < count; ) {
      const batches = Math.min(count - done, step.room);
      for (let batch = 0; batch < batches; batch++) {
        this.#random.seed(this.#randomState, REPLAY_STREAM, step.step + batch);
        this.#draw();
        this.#fill(batch * this.#places.length, beta);
      }
      loss = await step.run(batches, options);
      this.#reconsider();
      done += batches;
    }
    return loss;
  }

  data(): LearnerData {
    const replay = this.replay.data();
    const priorities = this.#tree?.priorities(replay.size) ?? new Float64Array(0);
    return { replay, priorities, highest: this.#highest };
  }

  restore({ replay, priorities, highest }: LearnerData): void {
    const from = this.replay.restore(replay);
    this.#tree?.fill(Float64Array.from(from, (place) => priorities[place]!));
    this.#highest = highest;
  }

  /** Places of a batch: any with equal chance, or one from each of equal parts of the sum of the priorities. */
  #draw(): void {
    const places = this.#places;
    const random = this.#random;
    const tree = this.#tree;
    if (tree === undefined) {
      const { size } = this.replay;
      for (let i = 0; i < places.length; i++) places[i] = random.below(size);
      return;
    }
    const part = tree.total / places.length;
    for (let i = 0; i < places.length; i++)
      places[i] = tree.find(Math.min((i + random.next()) * part, tree.total));
  }

  /** @param first Row of the inputs that the batch begins at. */
  #fill(first: number, beta: number): void {
    const { observations, following, actions, rewards, discounts, masks, shape } = this.replay;
    const { columns, masks: choices } = shape;
    const { x, next, action, reward, discount, forbidden } = this.#step.inputs;
    const places = this.#places;
    const isPlain = this.#features.sizes.length === 0;
    const { width } = this.#features;
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!;
      const i = first + k;
      const from = place * columns;
      if (isPlain) {
        for (let j = 0; j < columns; j++) {
          x[i * columns + j] = observations[from + j]!;
          next[i * columns + j] = following[from + j]!;
        }
      } else {
        writeFeatures(this.#features, whole(observations, from, columns), x, i * width);
        writeFeatures(this.#features, whole(following, from, columns), next, i * width);
      }
      action[i] = actions[place]!;
      reward[i] = rewards[place]!;
      discount[i] = discounts[place]!;
      for (let a = 0; a < choices; a++)
        forbidden![i * choices + a] = masks[place * choices + a] === 0 ? FORBIDDEN : 0;
    }
    if (this.#tree !== undefined) this.#weigh(this.#tree, beta);
  }

  /** (size × probability)^−β, of the batch the largest being 1. */
  #weigh(tree: SumTree, beta: number): void {
    const weights = this.#step.inputs.weight!;
    let largest = 0;
    for (let i = 0; i < weights.length; i++) {
      const share = (this.replay.size * tree.at(this.#places[i]!)) / tree.total;
      weights[i] = share ** -beta;
      largest = Math.max(largest, weights[i]!);
    }
    for (let i = 0; i < weights.length; i++) weights[i]! /= largest;
  }

  /** Gives the steps of the batch priorities (|error| + ε)^α. */
  #reconsider(): void {
    const tree = this.#tree;
    if (tree === undefined) return;
    const { prioritizedAlpha, prioritizedEps } = this.#options;
    const errors = this.#step.error;
    for (let i = 0; i < errors.length; i++) {
      const priority = (Math.abs(errors[i]!) + prioritizedEps) ** prioritizedAlpha;
      tree.set(this.#places[i]!, priority);
      this.#highest = Math.max(this.#highest, priority);
    }
  }
}

function whole(numbers: Float32Array, from: number, columns: number): Observation {
  return columns === 1 ? numbers[from]! : numbers.subarray(from, from + columns);
}
