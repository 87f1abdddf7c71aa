/** A learning rate by the number of the step, from 0. */
export type Schedule = (
  | { readonly kind: 'constant' }
  /** rate · decay^(step / every), in whole powers when `staircase`. */
  | {
      readonly kind: 'exponential';
      readonly decay: number;
      readonly every: number;
      readonly staircase?: boolean;
    }
  /** From the rate to `end` along half a cosine in `steps` steps (I. Loshchilov and F. Hutter, arXiv:1608.03983). */
  | { readonly kind: 'cosine'; readonly steps: number; readonly end?: number }
  /** From the rate to `end` along a line in `steps` steps. */
  | { readonly kind: 'linear'; readonly steps: number; readonly end: number }
  /** Times `decay` at each of the steps `milestones`. */
  | { readonly kind: 'multiStep'; readonly milestones: readonly number[]; readonly decay: number }
  /** (rate − end) (1 − step / steps)^power + end. */
  | { readonly kind: 'polynomial'; readonly steps: number; readonly power: number; readonly end?: number }
  /** Half a cosine as above again and again; each lasts `longer` (default 1) times the steps of the one before. */
  | {
      readonly kind: 'cosineRestarts';
      readonly steps: number;
      readonly longer?: number;
      readonly end?: number;
    }
  /**
   * From rate / `startFactor` (25) to the rate in the share `rise` (0.3) of the steps, then to rate / `startFactor` / `endFactor` (10⁴), along
   * half cosines (L. Smith and N. Topin, arXiv:1708.07120; defaults as PyTorch's OneCycleLR).
   */
  | {
      readonly kind: 'oneCycle';
      readonly steps: number;
      readonly rise?: number;
      readonly startFactor?: number;
      readonly endFactor?: number;
    }
  /** rate / (1 + step)^power. */
  | { readonly kind: 'inverseScaling'; readonly power: number }
) & {
  readonly rate: number;
  /** Steps in which the rate rises to what the schedule says, in equal parts: (step + 1) / warmup of `rate`. Default 0. */
  readonly warmup?: number;
};

/** The schedule starts when the warm-up has ended. */
export function rateAt(schedule: Schedule, step: number): number {
  const { rate, warmup = 0 } = schedule;
  if (step < warmup) return (rate * (step + 1)) / warmup;
  const at = step - warmup;
  switch (schedule.kind) {
    case 'constant':
      return rate;
    case 'exponential': {
      const power = at / schedule.every;
      return rate * schedule.decay ** (schedule.staircase === true ? Math.floor(power) : power);
    }
    case 'cosine':
      return halfCosine(rate, schedule.end ?? 0, at / schedule.steps);
    case 'linear':
      return rate + (schedule.end - rate) * (Math.min(at, schedule.steps) / schedule.steps);
    case 'multiStep':
      return rate * schedule.decay ** schedule.milestones.filter((milestone) => milestone <= at).length;
    case 'polynomial': {
      const { steps, power, end = 0 } = schedule;
      return end + (rate - end) * (1 - Math.min(at, steps) / steps) ** power;
    }
    case 'cosineRestarts': {
      const { longer = 1, end = 0 } = schedule;
      let [from, steps] = [0, schedule.steps];
      for (; at - from >= steps; steps *= longer) from += steps;
      return halfCosine(rate, end, (at - from) / steps);
    }
    case 'oneCycle': {
      const { steps, rise = 0.3, startFactor = 25, endFactor = 1e4 } = schedule;
      const [low, last] = [rate / startFactor, rate / startFactor / endFactor];
      const top = rise * steps - 1;
      return at <= top
        ? halfCosine(low, rate, at / top)
        : halfCosine(rate, last, (at - top) / (steps - 1 - top));
    }
    case 'inverseScaling':
      return rate / (1 + at) ** schedule.power;
    default:
      return schedule satisfies never;
  }
}

/** From one number to another along half a cosine, as `share` goes from 0 to 1. */
function halfCosine(from: number, to: number, share: number): number {
  return to + 0.5 * (from - to) * (1 + Math.cos(Math.PI * Math.min(1, share)));
}
