import { OptionError } from '../../core/errors.ts';
import { requireKnownOptions } from '../cross-validate/known-options.ts';

/** What a search may spend. No new trial starts once a limit is reached; those under way end. */
export interface Budget {
  /** Wall-clock seconds of this call. */
  readonly seconds?: number | undefined;
  /** CPU-seconds of all trials of the study. */
  readonly cpuSeconds?: number | undefined;
  /** Money: CPU-hours times `pricePerCpuHour`. */
  readonly cost?: number | undefined;
  /** Price of an hour of one CPU; with it every report states the cost. */
  readonly pricePerCpuHour?: number | undefined;
}

/** What a search has spent. */
export interface Spent {
  readonly trials: number;
  /** Wall-clock seconds of this call. */
  readonly seconds: number;
  /** CPU-seconds of all trials (of a resumed study too) and of the last fit. */
  readonly cpuSeconds: number;
  /** In the currency of `pricePerCpuHour`; null without a price. */
  readonly cost: number | null;
}

/** @throws OptionError for a limit that is not above 0, or a limit of cost without a price. */
export function checkBudget(budget: Budget): Budget {
  requireKnownOptions('budget', budget, ['seconds', 'cpuSeconds', 'cost', 'pricePerCpuHour']);
  for (const [name, value] of Object.entries(budget)) {
    if (value === undefined || value > 0) continue;
    throw new OptionError('option/invalid', `budget.${name} must be a number above 0, got ${value}.`, {
      option: 'budget',
    });
  }
  if (budget.cost !== undefined && budget.pricePerCpuHour === undefined) {
    throw new OptionError(
      'option/invalid',
      'A budget of cost needs the price of an hour of one CPU: { cost, pricePerCpuHour }.',
      { option: 'budget' },
    );
  }
  return budget;
}

export function costOf(cpuSeconds: number, { pricePerCpuHour }: Budget): number | null {
  return pricePerCpuHour === undefined ? null : (cpuSeconds / 3600) * pricePerCpuHour;
}

/** How much of the budget is used, as a share of its tightest limit; 1 and more is all. */
export function usedShare(budget: Budget, seconds: number, cpuSeconds: number): number {
  return Math.max(
    0,
    seconds / (budget.seconds ?? Number.POSITIVE_INFINITY),
    cpuSeconds / (budget.cpuSeconds ?? Number.POSITIVE_INFINITY),
    (costOf(cpuSeconds, budget) ?? 0) / (budget.cost ?? Number.POSITIVE_INFINITY),
  );
}
