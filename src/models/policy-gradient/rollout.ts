import type { Played } from './advantages.ts';
import { Ending } from './advantages.ts';

interface RolloutShape {
  /** Inputs of the networks. */
  readonly width: number;
  /** Numbers kept of an action. */
  readonly kept: number;
  /** Whether these are whole. */
  readonly isWhole: boolean;
  /** Actions that a mask is of; 0: there are no masks. */
  readonly masked: number;
}

/** Steps that were played, in the order of time, row-major; it grows as needed. */
export class Rollout implements Played {
  readonly shape: RolloutShape;
  rows = 0;
  features: Float32Array;
  actions: Int32Array | Float32Array;
  masks: Float32Array;
  logProbabilities: Float64Array;
  rewards: Float64Array;
  owners: Int32Array;
  endings: Uint8Array;
  /** Steps that were cut. */
  cuts = 0;
  /** Inputs for what they led to. */
  cutFeatures: Float32Array;
  /** Sum over the steps of the entropy of the policy. */
  entropy = 0;
  #capacity: number;

  constructor(shape: RolloutShape, capacity: number) {
    this.shape = shape;
    this.#capacity = capacity;
    this.features = new Float32Array(capacity * shape.width);
    this.actions = new (shape.isWhole ? Int32Array : Float32Array)(capacity * shape.kept);
    this.masks = new Float32Array(capacity * shape.masked);
    this.logProbabilities = new Float64Array(capacity);
    this.rewards = new Float64Array(capacity);
    this.owners = new Int32Array(capacity);
    this.endings = new Uint8Array(capacity);
    this.cutFeatures = new Float32Array(16 * shape.width);
  }

  clear(): void {
    this.rows = 0;
    this.cuts = 0;
    this.entropy = 0;
  }

  /** Makes room for another step. @returns its row. */
  add(): number {
    if (this.rows === this.#capacity) this.#grow();
    this.endings[this.rows] = Ending.none;
    return this.rows++;
  }

  /** Says that a step was cut; `features` from `at` on are what it led to. Called in the order of the rows. */
  cut(row: number, features: Float32Array, at: number): void {
    const { width } = this.shape;
    this.endings[row] = Ending.cut;
    if ((this.cuts + 1) * width > this.cutFeatures.length) this.cutFeatures = doubled(this.cutFeatures);
    this.cutFeatures.set(features.subarray(at, at + width), this.cuts * width);
    this.cuts++;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.features = doubled(this.features);
    this.actions = doubled(this.actions);
    this.masks = doubled(this.masks);
    this.logProbabilities = doubled(this.logProbabilities);
    this.rewards = doubled(this.rewards);
    this.owners = doubled(this.owners);
    this.endings = doubled(this.endings);
  }
}

function doubled<A extends Float32Array | Float64Array | Int32Array | Uint8Array>(array: A): A {
  const larger = new (array.constructor as new (length: number) => A)(2 * array.length);
  larger.set(array as never);
  return larger;
}
