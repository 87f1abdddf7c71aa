import type { RandomSource } from './random-source.ts';
import type { Space } from './space.ts';

/** A number where the space is discrete, else an array as long as the space is wide. */
export type Observation = number | Float32Array | Int32Array;
export type Action = number | ArrayLike<number>;

export interface ResetOptions {
  /** Starts the environment's generator anew; without it the generator goes on. The first episode has seed 0. */
  readonly seed?: number | undefined;
  /** Takes chance from here from now on, e.g. from recorded draws. */
  readonly random?: RandomSource | undefined;
}

/** What became of an action. */
export interface Step<O extends Observation = Observation> {
  readonly observation: O;
  readonly reward: number;
  /** The episode reached an end of its own: nothing is to be had from here on. */
  readonly terminated: boolean;
  /** The episode was cut off, e.g. by a time limit; it could have gone on. */
  readonly truncated: boolean;
}

/** What makes the environment again, here or on another thread. */
export interface EnvironmentReference {
  /** A name that `makeEnvironment` knows, or of an export of `module`. */
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** URL of a module that exports, under `name`, a function from options to an environment. */
  readonly module?: string | undefined;
}

/**
 * A world to act in, with Gymnasium's interface. One's own is an object with these members; `checkEnvironment` tests it.
 *
 * For speed the environments that heddle brings hand out the same {@link Step} and the same observation array at every step: copy
 * what is to be kept.
 */
export interface Environment<O extends Observation = Observation> {
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  /** Starts an episode. @returns the first observation. */
  reset(options?: ResetOptions): O;
  /** @throws DataError for an action outside the space or after the end of an episode. */
  step(action: Action): Step<O>;
  /** What the environment is called, in messages and records. */
  readonly name?: string | undefined;
  /** Steps after which an episode is truncated; undefined: none. */
  readonly maxEpisodeSteps?: number | undefined;
  /** Names of the numbers of an observation. */
  readonly observationNames?: readonly string[] | undefined;
  readonly actionNames?: readonly string[] | undefined;
  /** Where it can be made again; without it, learning runs on the caller's thread. */
  readonly reference?: EnvironmentReference | undefined;
  /** Rows and columns of a world whose states are the cells of a grid. */
  readonly grid?: Grid | undefined;
  /** 1 for each action that has an effect now. */
  readonly actionMask?: (() => Uint8Array) | undefined;
  /** The present state as text. */
  readonly render?: (() => string) | undefined;
  /** The present state as the content of an SVG picture of `pictureSize`. */
  readonly picture?: (() => string) | undefined;
  readonly pictureSize?: PictureSize | undefined;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A world of cells, row-major. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** What stands on each cell, e.g. `H`; one letter or none. */
  readonly cells: readonly string[];
  /** Row and column steps of each action, for arrows. */
  readonly moves: readonly (readonly [row: number, column: number])[];
}
