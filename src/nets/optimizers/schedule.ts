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
    case 'cosine': {
      const { steps, end = 0 } = schedule;
      return end + 0.5 * (rate - end) * (1 + Math.cos((Math.PI * Math.min(at, steps)) / steps));
    }
    case 'linear':
      return rate + (schedule.end - rate) * (Math.min(at, schedule.steps) / schedule.steps);
    case 'inverseScaling':
      return rate / (1 + at) ** schedule.power;
    default:
      return schedule satisfies never;
  }
}
