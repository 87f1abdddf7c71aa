import type { Environment } from '../../environments/environment.ts';
import { episodeSeed, SeedStream } from '../../environments/episode-seed.ts';
import type { RandomSource } from '../../environments/random-source.ts';
import type { OnlineForward } from '../../nets/step/online-forward.ts';
import type { ActionHead, Drawn } from './action-head.ts';
import { Ending } from './advantages.ts';
import type { Observer, RewardScaler } from './observer.ts';
import type { Rollout } from './rollout.ts';

export interface PlayerParts {
  readonly environments: readonly Environment[];
  readonly head: ActionHead;
  readonly observer: Observer;
  readonly rewards: RewardScaler;
  /** The policy as it is now, for as many rows as there are environments. */
  readonly forward: () => OnlineForward;
  /** Inputs of the policy. */
  readonly width: number;
  readonly isMasked: boolean;
  readonly randomState: number;
  /** Called after each round of steps. */
  pause(): void | Promise<void>;
}

/** Plays several environments side by side by the policy as it is. */
export class Player {
  /** Episodes that were begun, from which each takes its seed. */
  begun: number;
  /** Episodes that ended. */
  episodes: number;
  readonly #parts: PlayerParts;
  readonly #width: number;
  /** Inputs for the present observation of each environment. */
  readonly #current: Float32Array;
  readonly #cut: Float32Array;
  /** Of each environment, whether its episode ended in the last round. */
  readonly #isOver: Uint8Array;
  readonly #drawn: Drawn = { action: 0, logProbability: 0.5, entropy: 0.5 };
  #isRunning = false;

  constructor(parts: PlayerParts, from: { readonly begun: number; readonly episodes: number }) {
    const { environments, width } = parts;
    this.#parts = parts;
    this.#width = width;
    this.#current = new Float32Array(environments.length * width);
    this.#cut = new Float32Array(this.#width);
    this.#isOver = new Uint8Array(environments.length);
    this.begun = from.begun;
    this.episodes = from.episodes;
  }

  /** Gives up the episodes that are under way: the next steps begin new ones. */
  interrupt(): void {
    this.#isRunning = false;
    this.#parts.rewards.begin();
  }

  /** Plays so many steps in each environment; episodes go on from one call to the next. */
  async playSteps(into: Rollout, steps: number, random: RandomSource): Promise<void> {
    const { environments } = this.#parts;
    const live = environments.map((_, i) => i);
    if (!this.#isRunning) for (const i of live) this.#begin(i);
    this.#isRunning = true;
    for (let t = 0; t < steps; t++) {
      this.#round(into, live, random, t === steps - 1);
      for (const i of live) if (this.#isOver[i] === 1) this.#begin(i);
      const waiting = this.#parts.pause();
      if (waiting !== undefined) await waiting;
    }
  }

  /** Plays so many episodes to their ends, divided evenly among the environments. */
  async playEpisodes(into: Rollout, count: number, random: RandomSource): Promise<void> {
    const { environments } = this.#parts;
    let live = environments.map((_, i) => i).slice(0, count);
    const left = live.map((i) => Math.ceil((count - i) / environments.length));
    for (const i of live) this.#begin(i);
    while (live.length > 0) {
      this.#round(into, live, random, false);
      for (const i of live) {
        if (this.#isOver[i] === 0) continue;
        left[i]!--;
        if (left[i]! > 0) this.#begin(i);
      }
      live = live.filter((i) => left[i]! > 0);
      const waiting = this.#parts.pause();
      if (waiting !== undefined) await waiting;
    }
  }

  #begin(i: number): void {
    const { environments, observer, randomState } = this.#parts;
    const seed = episodeSeed(randomState, SeedStream.train, this.begun++);
    observer.write(environments[i]!.reset({ seed }), this.#current, i * this.#width, 'counts');
  }

  /** One step of each live environment. @param isLast Of the rollout, in which what goes on is cut. */
  #round(into: Rollout, live: readonly number[], random: RandomSource, isLast: boolean): void {
    const { environments, head, observer, rewards, isMasked } = this.#parts;
    const forward = this.#parts.forward();
    const width = this.#width;
    const current = this.#current;
    const drawn = this.#drawn;
    for (let k = 0; k < live.length; k++) {
      const at = live[k]! * width;
      for (let j = 0; j < width; j++) forward.inputs[k * width + j] = current[at + j]!;
    }
    const scores = forward.run(live.length);
    for (let k = 0; k < live.length; k++) {
      const i = live[k]!;
      const environment = environments[i]!;
      const row = into.add();
      const mask = isMasked ? environment.actionMask!() : undefined;
      if (mask !== undefined) into.masks.set(mask, row * mask.length);
      head.draw(scores, k * head.outputs, mask, random, into.actions, row * head.kept, drawn);
      const at = i * width;
      for (let j = 0; j < width; j++) into.features[row * width + j] = current[at + j]!;
      const step = environment.step(drawn.action);
      const isOver = step.terminated || step.truncated;
      into.owners[row] = i;
      into.logProbabilities[row] = drawn.logProbability;
      into.entropy += drawn.entropy;
      into.rewards[row] = rewards.scale(step.reward, i, isOver);
      this.#isOver[i] = isOver ? 1 : 0;
      if (!isOver) {
        observer.write(step.observation, current, at, 'counts');
        if (isLast) into.cut(row, current, at);
        continue;
      }
      this.episodes++;
      if (step.terminated) {
        into.endings[row] = Ending.terminated;
        continue;
      }
      observer.write(step.observation, this.#cut, 0, 'counts');
      into.cut(row, this.#cut, 0);
    }
  }
}
