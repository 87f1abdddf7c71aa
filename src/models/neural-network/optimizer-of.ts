import { adam, adamw, type GradientOptions, rmsprop, sgd } from '../../nets/optimizers/optimizers.ts';
import type { Schedule } from '../../nets/optimizers/schedule.ts';
import type { Optimizer } from '../../nets/optimizers/transforms.ts';
import type { NeuralNetworkOptions } from './neural-network-options.ts';

/** @param steps Of the whole training, if it takes all epochs. */
export function optimizerOf(options: NeuralNetworkOptions, steps: number): Optimizer {
  const { optimizer, momentum, nesterov, beta1, beta2, epsilon, weightDecay } = options;
  const schedule = scheduleOf(options, steps);
  const before: GradientOptions = {
    clipNorm: options.clipNorm ?? undefined,
    clipValue: options.clipValue ?? undefined,
  };
  const decay = weightDecay === null || weightDecay === 0 ? undefined : weightDecay;
  switch (optimizer) {
    case 'adam':
      return adam(schedule, { ...before, decay, beta1, beta2, epsilon });
    case 'adamw':
      return adamw(schedule, { ...before, weightDecay: weightDecay ?? 0.01, beta1, beta2, epsilon });
    case 'sgd':
      return sgd(schedule, { ...before, decay, momentum, nesterov });
    case 'rmsprop':
      return rmsprop(schedule, { ...before, decay, epsilon });
    default:
      return optimizer satisfies never;
  }
}

function scheduleOf(options: NeuralNetworkOptions, steps: number): Schedule {
  const { schedule: kind, learningRate: rate, finalLearningRate } = options;
  const warmup = Math.round(options.warmup * steps);
  const left = Math.max(1, steps - warmup);
  const end = finalLearningRate ?? 0;
  if (typeof kind !== 'string') return { ...kind, rate, warmup };
  switch (kind) {
    case 'constant':
      return { kind, rate, warmup };
    case 'cosine':
    case 'linear':
      return { kind, rate, warmup, steps: left, end };
    case 'exponential':
      return { kind, rate, warmup, every: left, decay: (finalLearningRate ?? rate / 100) / rate };
    // It rises by itself; a warm-up would come before.
    case 'oneCycle':
      return { kind, rate, warmup, steps: Math.max(3, left) };
    default:
      return kind satisfies never;
  }
}
