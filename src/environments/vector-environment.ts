import { DataError, OptionError } from '../core/errors.ts';
import { copyArrays } from './copy-arrays.ts';
import type { ActionArray, Dynamics, ObservationArray } from './dynamics.ts';
import { type MakeOptions, makeDynamics } from './make-environment.ts';
import { SeededSource } from './random-source.ts';
import type { Space } from './space.ts';

export interface VectorOptions extends MakeOptions {
  /** How many environments. */
  readonly numEnvs: number;
  /**
   * When an episode that ended begins anew. `next-step` (the default, as in Gymnasium): the step after its end only resets, with reward
   * 0. `same-step`: at once; `observations` then holds the first observation of the new episode, `finalObservations` the last.
   */
  readonly autoreset?: 'next-step' | 'same-step' | undefined;
}

/**
 * Many copies of an environment stepped in one call. All arrays lie in shared memory and are written anew by each step; copy `i` has row
 * `i` of `observations` and of `actions`.
 */
export interface VectorEnvironment {
  readonly numEnvs: number;
  readonly name: string;
  readonly singleObservationSpace: Space;
  readonly singleActionSpace: Space;
  /** Row-major, environments × numbers of an observation. */
  readonly observations: ObservationArray;
  readonly finalObservations: ObservationArray;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** Row-major, environments × numbers of an action; `step()` reads them. */
  readonly actions: ActionArray;
  /** Internal states, row-major. */
  readonly state: Float64Array;
  /** Starts all episodes. Copy `i` has a generator of its own from `seed` and `i`. */
  reset(options?: { readonly seed?: number | undefined }): ObservationArray;
  /**
   * One step of all. @param actions Row-major; default: what `this.actions` holds.
   * @throws DataError for an action outside the space, naming the environment.
   */
  step(actions?: ArrayLike<number>): void;
}

/** Copies of an environment by Gymnasium's name. @throws OptionError for an unknown name or option. */
export function makeVectorEnvironment(
  name: string,
  { numEnvs, autoreset = 'next-step', ...options }: VectorOptions,
): VectorEnvironment {
  if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) {
    throw new OptionError('option/invalid', `numEnvs is a whole number from 1 on, not ${numEnvs}.`, {
      option: 'numEnvs',
    });
  }
  if (autoreset !== 'next-step' && autoreset !== 'same-step') {
    throw new OptionError('option/invalid', `autoreset is next-step or same-step, not '${autoreset}'.`, {
      option: 'autoreset',
    });
  }
  const { dynamics, maxEpisodeSteps } = makeDynamics(name, options);
  return new Simulations(name, dynamics, maxEpisodeSteps ?? Number.POSITIVE_INFINITY, numEnvs, autoreset);
}

class Simulations implements VectorEnvironment {
  readonly name: string;
  readonly numEnvs: number;
  readonly singleObservationSpace: Space;
  readonly singleActionSpace: Space;
  readonly observations: ObservationArray;
  readonly finalObservations: ObservationArray;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly actions: ActionArray;
  readonly state: Float64Array;
  readonly #dynamics: Dynamics;
  readonly #limit: number;
  /** Of a discrete space; else 0. */
  readonly #actionCount: number;
  readonly #isSameStep: boolean;
  /** One step of all by a kernel, see `Dynamics.advanceAll`. */
  readonly #advanceAll: (() => number) | undefined;
  readonly #elapsed: Int32Array;
  readonly #isOver: Uint8Array;
  readonly #sources: readonly SeededSource[];
  #hasBegun = false;
  /** Where a kernel steps all: copies that are over; steps since `elapsed` was brought up to date, and until an episode may be cut off. */
  #waiting = 0;
  #behind = 0;
  #ahead = 0;

  constructor(name: string, dynamics: Dynamics, limit: number, numEnvs: number, autoreset: string) {
    const { observationSpace, actionSpace } = dynamics;
    const { advanceAll, ...arrays } = copyArrays(dynamics, numEnvs);
    this.name = name;
    this.numEnvs = numEnvs;
    this.singleObservationSpace = observationSpace;
    this.singleActionSpace = actionSpace;
    this.observations = arrays.observations;
    this.finalObservations = arrays.finalObservations;
    this.rewards = arrays.rewards;
    this.terminated = arrays.terminated;
    this.truncated = arrays.truncated;
    this.actions = arrays.actions;
    this.state = arrays.state;
    this.#advanceAll = advanceAll;
    this.#dynamics = dynamics;
    this.#limit = limit;
    this.#actionCount = actionSpace.kind === 'discrete' ? actionSpace.n : 0;
    this.#isSameStep = autoreset === 'same-step';
    this.#elapsed = new Int32Array(numEnvs);
    this.#isOver = new Uint8Array(numEnvs);
    this.#sources = Array.from({ length: numEnvs }, (_, i) => new SeededSource(0, i));
  }

  reset({ seed }: { readonly seed?: number | undefined } = {}): ObservationArray {
    for (let i = 0; i < this.numEnvs; i++) {
      if (seed !== undefined) this.#sources[i]!.seed(seed, i);
      this.#start(i);
    }
    this.#waiting = 0;
    this.#behind = 0;
    this.#ahead = 0;
    this.#elapsed.fill(0);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.#hasBegun = true;
    return this.observations;
  }

  step(given?: ArrayLike<number>): void {
    if (!this.#hasBegun) {
      throw new DataError('environment/not-running', `${this.name}: call reset() before step().`, {
        environment: this.name,
      });
    }
    if (given === undefined) this.#check();
    else this.#take(given);
    if (this.#advanceAll === undefined) this.#stepEach();
    else this.#stepAll();
  }

  /** All advance in one call; what is rare is put right afterwards. */
  #stepAll(): void {
    const { rewards, terminated, truncated, numEnvs } = this;
    const isOver = this.#isOver;
    let ends = this.#advanceAll!();
    if (ends < 0) ends = this.#stepLeft();
    this.#behind++;
    if (--this.#ahead < 0) ends += this.#cutOff();
    if (this.#waiting > 0) {
      // Those that were over before this step begin anew instead.
      for (let i = 0; i < numEnvs; i++) {
        if (isOver[i] === 0) continue;
        ends -= terminated[i]! + truncated[i]!;
        this.#start(i);
        rewards[i] = 0;
        terminated[i] = 0;
        truncated[i] = 0;
      }
      this.#waiting = 0;
    }
    if (ends === 0) return;
    const width = this.observations.length / numEnvs;
    for (let i = 0; i < numEnvs; i++) {
      if (terminated[i] === 0 && truncated[i] === 0) continue;
      if (this.#isSameStep) {
        for (let k = i * width; k < (i + 1) * width; k++) this.finalObservations[k] = this.observations[k]!;
        this.#start(i);
        continue;
      }
      isOver[i] = 1;
      this.#waiting++;
    }
  }

  /** Steps those that the kernel left as they were. @returns how many of all terminated. */
  #stepLeft(): number {
    const { state, actions, rewards, terminated, observations, numEnvs } = this;
    const dynamics = this.#dynamics;
    const { stateSize } = dynamics;
    const [width, actionWidth] = [observations.length / numEnvs, actions.length / numEnvs];
    let ends = 0;
    for (let i = 0; i < numEnvs; i++) {
      if (terminated[i] === 2) {
        const at = i * stateSize;
        const falls = dynamics.advance(state, at, actions, i * actionWidth, this.#sources[i]!, rewards, i);
        terminated[i] = falls ? 1 : 0;
        dynamics.observe(state, at, observations, i * width);
      }
      ends += terminated[i]!;
    }
    return ends;
  }

  /** Brings `elapsed` up to date and says which episodes are cut off. @returns how many. */
  #cutOff(): number {
    const elapsed = this.#elapsed;
    let cut = 0;
    let most = 0;
    for (let i = 0; i < this.numEnvs; i++) {
      const steps = elapsed[i]! + this.#behind;
      elapsed[i] = steps;
      const isCut = steps >= this.#limit ? 1 : 0;
      this.truncated[i] = isCut;
      cut += isCut;
      most = Math.max(most, steps);
    }
    this.#behind = 0;
    // None is cut off before the one that has lasted longest, or that is cut off now and begins anew with the next step.
    this.#ahead = cut > 0 ? 0 : this.#limit - most - 1;
    return cut;
  }

  #stepEach(): void {
    const { state, actions, rewards, terminated, truncated, observations } = this;
    const dynamics = this.#dynamics;
    const sources = this.#sources;
    const elapsed = this.#elapsed;
    const isOver = this.#isOver;
    const limit = this.#limit;
    const { numEnvs } = this;
    const { stateSize } = dynamics;
    const width = observations.length / this.numEnvs;
    const actionWidth = actions.length / this.numEnvs;
    for (let i = 0; i < numEnvs; i++) {
      if (isOver[i] === 1) {
        this.#start(i);
        rewards[i] = 0;
        terminated[i] = 0;
        truncated[i] = 0;
        continue;
      }
      const ends = dynamics.advance(state, i * stateSize, actions, i * actionWidth, sources[i]!, rewards, i);
      const steps = elapsed[i]! + 1;
      elapsed[i] = steps;
      const isCut = steps >= limit;
      terminated[i] = ends ? 1 : 0;
      truncated[i] = isCut ? 1 : 0;
      if ((ends || isCut) && this.#isSameStep) {
        dynamics.observe(state, i * stateSize, this.finalObservations, i * width);
        this.#start(i);
        continue;
      }
      isOver[i] = ends || isCut ? 1 : 0;
      dynamics.observe(state, i * stateSize, observations, i * width);
    }
  }

  #start(i: number): void {
    const at = i * this.#dynamics.stateSize;
    this.#dynamics.start(this.state, at, this.#sources[i]!);
    // What comes on top of it when it is brought up to date was before this episode.
    this.#elapsed[i] = -this.#behind;
    this.#isOver[i] = 0;
    this.#dynamics.observe(this.state, at, this.observations, i * (this.observations.length / this.numEnvs));
  }

  /** Copies actions that fit. */
  #take(given: ArrayLike<number>): void {
    const { actions } = this;
    if (given.length !== actions.length) {
      throw new DataError(
        'environment/unfit-action',
        `${this.name}: ${this.numEnvs} environments take ${actions.length} numbers as actions, not ${given.length}.`,
        { environment: this.name },
      );
    }
    const count = this.#actionCount;
    for (let k = 0; k < actions.length; k++) {
      const value = given[k]!;
      // `>>> 0` makes a fraction or a negative number another one.
      const fits = count > 0 ? value >>> 0 === value && value < count : Number.isFinite(value);
      if (!fits) throw this.#unfit(k, value);
      actions[k] = value;
    }
  }

  #check(): void {
    const { actions } = this;
    const count = this.#actionCount;
    for (let k = 0; k < actions.length; k++) {
      const value = actions[k]!;
      const fits = count > 0 ? value >= 0 && value < count : Number.isFinite(value);
      if (!fits) throw this.#unfit(k, value);
    }
  }

  #unfit(k: number, value: number): DataError {
    const i = Math.floor((k * this.numEnvs) / this.actions.length);
    return new DataError(
      'environment/unfit-action',
      `${this.name}: environment ${i} cannot take the action ${value}.`,
      { environment: this.name, index: i },
    );
  }
}
