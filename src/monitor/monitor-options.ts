import { z } from 'zod';
import { option } from '../core/options.ts';
import { driftOptionsSchema } from './drift/drift-options.ts';

export const monitorOptionsSchema = z.strictObject({
  alpha: option(
    z.number().gt(0).lt(1).default(0.05),
    'Probability that a window without any change raises an alarm, over all columns and checks.',
  ),
  drift: option(
    driftOptionsSchema.omit({ alpha: true, randomState: true }).prefault({}),
    'How columns are compared: the options of featureDrift.',
  ),
  thresholds: option(
    z
      .strictObject({
        outOfRange: z.number().nonnegative().default(0.01),
        area: z.number().min(0.5).max(1).default(0.55),
        accuracy: z.number().nonnegative().default(0.05),
        error: z.number().nonnegative().default(0.1),
      })
      .prefault({}),
    'Effects up to these are too small to matter: share of values outside the range of the training, area under the curve of the domain classifier, fall of an accuracy (measured or estimated), relative rise of an error.',
  ),
  ignore: option(
    z.array(z.string()).readonly().default([]),
    'Features that are not compared, e.g. because they move on by themselves.',
  ),
  multivariate: option(
    z.boolean().default(true),
    'Whether to tell windows apart by all columns together, where rows of a reference are given.',
  ),
  minLabels: option(z.number().int().min(2).default(30), 'Labelled rows with which performance is measured.'),
  randomState: option(z.number().int().min(0).max(0xffffffff).default(0), 'Seed of samples and simulations.'),
});

export type MonitorOptions = z.input<typeof monitorOptionsSchema>;
export type MonitorSettings = Readonly<z.output<typeof monitorOptionsSchema>>;

/** How `alpha` is shared out among the checks of a window (Bonferroni). */
export const alphaShares = {
  features: 0.4,
  quality: 0.1,
  predictions: 0.15,
  multivariate: 0.15,
  performance: 0.1,
  estimated: 0.1,
} as const;
