import type { Schedule } from './schedule.ts';
import type { Optimizer, Transform } from './transforms.ts';

const scheduleOf = (rate: number | Schedule): Schedule =>
  typeof rate === 'number' ? { kind: 'constant', rate } : rate;

/** What comes before the method: clipping, and an L2 penalty as part of the gradient. */
export interface GradientOptions {
  readonly clipNorm?: number | undefined;
  readonly clipValue?: number | undefined;
  readonly decay?: number | undefined;
}

function before({ clipNorm, clipValue, decay }: GradientOptions): Transform[] {
  return [
    ...(clipNorm === undefined ? [] : [{ kind: 'clipByGlobalNorm', norm: clipNorm } as const]),
    ...(clipValue === undefined ? [] : [{ kind: 'clipByValue', value: clipValue } as const]),
    ...(decay === undefined ? [] : [{ kind: 'addDecay', decay } as const]),
  ];
}

/** Stochastic gradient descent: v ← momentum v + g, w ← w − rate v (or rate (g + momentum v)). */
export function sgd(
  rate: number | Schedule,
  {
    momentum = 0,
    nesterov = false,
    ...rest
  }: GradientOptions & { readonly momentum?: number; readonly nesterov?: boolean } = {},
): Optimizer {
  return [
    ...before(rest),
    { kind: 'trace', momentum, nesterov },
    { kind: 'scaleByRate', schedule: scheduleOf(rate) },
  ];
}

export interface AdamOptions extends GradientOptions {
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  readonly epsilonAt?: 'corrected' | 'before';
}

export function adam(rate: number | Schedule, options: AdamOptions = {}): Optimizer {
  return [...before(options), adamOf(options), { kind: 'scaleByRate', schedule: scheduleOf(rate) }];
}

/** Adam with decay apart from the gradient. @param options.weightDecay Default 0.01. */
export function adamw(
  rate: number | Schedule,
  { weightDecay = 0.01, ...options }: AdamOptions & { readonly weightDecay?: number } = {},
): Optimizer {
  return [
    ...before(options),
    adamOf(options),
    { kind: 'addDecoupledDecay', decay: weightDecay },
    { kind: 'scaleByRate', schedule: scheduleOf(rate) },
  ];
}

function adamOf({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  epsilonAt = 'corrected',
}: AdamOptions): Transform {
  return { kind: 'scaleByAdam', beta1, beta2, epsilon, epsilonAt };
}

/** @param options.rho Default 0.99. */
export function rmsprop(
  rate: number | Schedule,
  {
    rho = 0.99,
    epsilon = 1e-8,
    momentum = 0,
    ...rest
  }: GradientOptions & { readonly rho?: number; readonly epsilon?: number; readonly momentum?: number } = {},
): Optimizer {
  return [
    ...before(rest),
    { kind: 'scaleByRms', rho, epsilon },
    { kind: 'trace', momentum, nesterov: false },
    { kind: 'scaleByRate', schedule: scheduleOf(rate) },
  ];
}
