import type { Kernels } from '../kernels/signatures.ts';
import type { Grid, PictureSize } from './environment.ts';
import type { RandomSource } from './random-source.ts';
import type { Space } from './space.ts';

/** Addresses in kernel memory of what belongs to the copies of an environment. */
export interface CopyPlaces {
  readonly state: number;
  readonly actions: number;
  readonly rewards: number;
  readonly terminated: number;
  readonly observations: number;
}

export type ActionArray = Int32Array | Float32Array;
export type ObservationArray = Int32Array | Float32Array;

/**
 * The rules of a world as functions of flat memory: the state of copy `i` starts at `state[i * stateSize]`. One set of rules serves a
 * single environment and many side by side. None of the functions allocates.
 */
export interface Dynamics {
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  /** Float64 numbers of one state. */
  readonly stateSize: number;
  readonly observationNames?: readonly string[] | undefined;
  readonly actionNames?: readonly string[] | undefined;
  readonly grid?: Grid | undefined;
  readonly pictureSize?: PictureSize | undefined;
  /** Writes the first state of an episode. */
  start(state: Float64Array, at: number, random: RandomSource): void;
  /** Replaces the state by the one that follows, writes `rewards[i]`. @returns whether the episode terminated. */
  advance(
    state: Float64Array,
    at: number,
    actions: ActionArray,
    actionAt: number,
    random: RandomSource,
    rewards: Float64Array,
    i: number,
  ): boolean;
  observe(state: Float64Array, at: number, into: ObservationArray, intoAt: number): void;
  /**
   * `advance` and `observe` for the first `count` copies, an even number, by a kernel, to the same bits; only for worlds without chance. Writes 1 or 0 to
   * `terminated`, and 2 where it has left a copy as it is.
   * @returns how many terminated, −1 where some were left.
   */
  advanceAll?(kernels: Kernels, places: CopyPlaces, count: number): number;
  actionMask?(state: Float64Array, at: number, into: Uint8Array): void;
  render?(state: Float64Array, at: number): string;
  picture?(state: Float64Array, at: number): string;
}

/** The kind of array that holds values of the space. */
export function spaceArray(space: Space): typeof Int32Array | typeof Float32Array {
  return space.kind === 'box' ? Float32Array : Int32Array;
}
