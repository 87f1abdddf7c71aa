import { type PredictionWriter, predictionWriter } from '../predict/prediction-writer.ts';
import type { ServedModel } from './served-model.ts';

/** A model in use: disposed once it has been replaced and its last request has ended. */
export class Serving {
  readonly model: ServedModel;
  readonly writer: PredictionWriter;
  #uses = 0;
  #isRetired = false;

  constructor(model: ServedModel) {
    this.model = model;
    this.writer = predictionWriter(model);
  }

  use(): this {
    this.#uses++;
    return this;
  }

  release(): void {
    this.#uses--;
    this.#disposeWhenUnused();
  }

  retire(): void {
    this.#isRetired = true;
    this.#disposeWhenUnused();
  }

  #disposeWhenUnused(): void {
    if (this.#isRetired && this.#uses === 0) this.model[Symbol.dispose]();
  }
}

/** Holds the model that new requests get. A request that has begun keeps the one it got. */
export class ModelSlot {
  #current: Serving;
  /** Why a newer version is not served; null when the newest one is. */
  failure: { readonly version: number | null; readonly message: string; readonly at: Date } | null = null;

  constructor(model: ServedModel) {
    this.#current = new Serving(model);
  }

  get current(): Serving {
    return this.#current;
  }

  replace(model: ServedModel): void {
    const old = this.#current;
    this.#current = new Serving(model);
    this.failure = null;
    old.retire();
  }
}
