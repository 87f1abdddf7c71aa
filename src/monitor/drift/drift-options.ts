import { z } from 'zod';
import { option } from '../../core/options.ts';

const numberStatistics = [
  'kolmogorovSmirnov',
  'wasserstein',
  'populationStability',
  'jensenShannon',
  'none',
] as const;
const levelStatistics = ['chiSquared', 'populationStability', 'jensenShannon', 'none'] as const;
const anyStatistic = z.enum([...numberStatistics, 'chiSquared']);
const threshold = z.number().nonnegative();

export const driftOptionsSchema = z.strictObject({
  numeric: option(
    z.enum(numberStatistics).default('kolmogorovSmirnov'),
    'Statistic of columns of numbers. With none only what is missing is compared.',
  ),
  categorical: option(
    z.enum(levelStatistics).default('chiSquared'),
    'Statistic of columns of text and booleans.',
  ),
  date: option(
    z.enum(numberStatistics).default('none'),
    'Statistic of columns of dates, which move on by themselves.',
  ),
  columns: option(
    z
      .record(
        z.string(),
        z.strictObject({ statistic: anyStatistic.optional(), threshold: threshold.optional() }),
      )
      .default({}),
    'Statistic and threshold of single columns, by name.',
  ),
  thresholds: option(
    z
      .strictObject({
        kolmogorovSmirnov: threshold.default(0.05),
        wasserstein: threshold.default(0.1),
        populationStability: threshold.default(0.1),
        jensenShannon: threshold.default(0.1),
        chiSquared: threshold.default(0.1),
        missing: threshold.default(0.02),
        unseen: threshold.default(0.01),
        vanished: threshold.default(0.01),
      })
      .prefault({}),
    'Effects up to these are too small to matter: D, W1 / standard deviation, PSI, Jensen-Shannon distance, Cohen w, change of the share of missing rows, share of rows with new levels, share that levels which are gone had.',
  ),
  alpha: option(
    z.number().gt(0).lt(1).default(0.05),
    'Probability that a window without drift raises any alarm at all, over all columns.',
  ),
  bins: option(
    z.number().int().min(2).max(1000).default(10),
    'Quantile bins of numbers for populationStability and jensenShannon.',
  ),
  randomState: option(
    z.number().int().min(0).max(0xffffffff).nullable().default(0),
    'Seed of the simulations; null draws entropy.',
  ),
});

export type FeatureDriftOptions = z.input<typeof driftOptionsSchema>;
export type DriftSettings = z.output<typeof driftOptionsSchema>;
