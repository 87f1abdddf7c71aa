import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import type { Eventually } from '../../core/eventually.ts';

const rate = z.number().positive();

/** A rate, one an iteration, a course from the first to the last iteration, or a function of the iteration. */
export const learningRateSchema = z.union(
  [
    rate,
    z.array(rate).min(1),
    z.strictObject({ shape: z.enum(['linear', 'exponential', 'cosine']), initial: rate, final: rate }),
    z.custom<(iteration: number) => Eventually<number>>((value) => typeof value === 'function'),
  ],
  { error: 'It takes a number above 0, a list of them, { shape, initial, final } or a function' },
);

export type LearningRate = z.output<typeof learningRateSchema>;

/** The rate of iterations 0, 1, … of `iterations`. */
export function learningRateOf(
  rates: LearningRate,
  iterations: number,
): number | ((iteration: number) => Eventually<number>) {
  if (typeof rates === 'number') return rates;
  if (Array.isArray(rates)) return (iteration) => rates[Math.min(iteration, rates.length - 1)]!;
  if (typeof rates === 'function') {
    return async (iteration) => {
      const found = await rates(iteration);
      if (Number.isFinite(found) && found > 0) return found;
      throw new OptionError(
        'option/invalid',
        `The function learningRate gave ${String(found)} for iteration ${iteration}; it must give a number above 0.`,
        { option: 'learningRate' },
      );
    };
  }
  const { shape, initial, final } = rates;
  return (iteration) => {
    const t = Math.min(1, iteration / Math.max(1, iterations - 1));
    switch (shape) {
      case 'linear':
        return initial + (final - initial) * t;
      case 'exponential':
        return initial * (final / initial) ** t;
      case 'cosine':
        return final + ((initial - final) * (1 + Math.cos(Math.PI * t))) / 2;
      default:
        return shape satisfies never;
    }
  };
}
