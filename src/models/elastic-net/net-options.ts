import { z } from 'zod';
import { option } from '../../core/options.ts';
import { randomStateSchema } from '../../core/seed-schema.ts';

/** The options that lasso and elastic net share. */
export const netOptions = {
  fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept, which is not penalised.'),
  positive: option(z.boolean().default(false), 'Whether all coefficients must be at least 0.'),
  tol: option(
    z.number().nonnegative().default(1e-4),
    'The fit ends when the duality gap is at most this share of the variance of y.',
  ),
  maxIter: option(z.int().positive().default(1000), 'Most sweeps over the coefficients.'),
  selection: option(
    z.enum(['cyclic', 'random']).default('cyclic'),
    'Whether sweeps visit coefficients in order or draw them at random.',
  ),
  randomState: option(randomStateSchema(), 'Seed of random selection; null draws a new one each time.'),
};
