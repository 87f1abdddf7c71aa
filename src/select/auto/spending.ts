import { costOf, type Spent, usedShare } from '../search/budget.ts';
import type { ChoiceBudget } from './auto-options.ts';

/** Keeps account of a choice's budget. */
export class Spending {
  readonly budget: ChoiceBudget;
  readonly #start = performance.now();
  #trials = 0;
  #started = 0;
  #cpuSeconds = 0;

  constructor(budget: ChoiceBudget) {
    this.budget = budget;
  }

  get #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Whether no further trial may start. */
  get isSpent(): boolean {
    return this.trialsLeft <= 0 || usedShare(this.budget, this.#seconds, this.#cpuSeconds) >= 1;
  }

  /** Trials that may still start; Infinity without such a limit. */
  get trialsLeft(): number {
    return (this.budget.trials ?? Number.POSITIVE_INFINITY) - this.#started;
  }

  /** Milliseconds until the time is over; undefined without such a limit. */
  get msLeft(): number | undefined {
    const { seconds } = this.budget;
    return seconds === undefined ? undefined : Math.max(0, (seconds - this.#seconds) * 1000);
  }

  /** Share of the tightest limit that is used. */
  get share(): number {
    const byTrials = this.#trials / (this.budget.trials ?? Number.POSITIVE_INFINITY);
    return Math.min(1, Math.max(byTrials, usedShare(this.budget, this.#seconds, this.#cpuSeconds)));
  }

  get trials(): number {
    return this.#trials;
  }

  start(): void {
    this.#started++;
  }

  end(cpuSeconds: number): void {
    this.#trials++;
    this.#cpuSeconds += cpuSeconds;
  }

  /** @param fitCpuSeconds Of the last fit, which belongs to no trial. */
  spent(fitCpuSeconds = 0): Spent {
    const cpuSeconds = this.#cpuSeconds + fitCpuSeconds;
    return {
      trials: this.#trials,
      seconds: this.#seconds,
      cpuSeconds,
      cost: costOf(cpuSeconds, this.budget),
    };
  }
}
