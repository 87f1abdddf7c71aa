import { z } from 'zod';
import { option } from '../../core/options.ts';
import { seedSchema } from '../../core/seed-schema.ts';

/** Options shared by several splitters. */

export const nSplitsOption = (least: number, byDefault: number) =>
  option(z.int().min(least).default(byDefault), 'Number of splits.');

const seed = seedSchema().nullable();

export const randomStateOption = option(
  seed.default(0),
  'Seed of the random order; null draws a new one each time.',
);

/** A size as a fraction (0 … 1, both excluded) or a count (1 or more). */
const size = z
  .number()
  .refine((value) => value > 0 && (value < 1 || Number.isInteger(value)), {
    message: 'Give a fraction above 0 and below 1, or a whole number of at least 1',
  })
  .optional();

export const testSizeOption = option(size, 'Size of the test part: a fraction (rounded up) or a count.');
export const trainSizeOption = option(
  size,
  'Size of the training part: a fraction (rounded down) or a count; by default all that the test part leaves.',
);
export const validationSizeOption = option(
  size,
  'Size of a validation part: a fraction of all rows (rounded up) or a count.',
);

/**
 * Folds in random order: `randomState` counts only with `shuffle`, and asking for it without is refused as a likely
 * mistake.
 */
export const foldOptions = z
  .strictObject({
    nSplits: nSplitsOption(2, 5),
    shuffle: option(z.boolean().default(false), 'Whether to shuffle before dividing.'),
    randomState: option(
      seed.optional(),
      'Seed of the shuffle, with shuffle: true; null draws a new one each time. Default 0.',
    ),
  })
  .refine(({ shuffle, randomState }) => shuffle || randomState === undefined, {
    path: ['randomState'],
    message: 'It has no effect without shuffle: true',
  });

export const repeatOptions = z.strictObject({
  nSplits: nSplitsOption(2, 5),
  nRepeats: option(z.int().min(1).default(10), 'How often to divide, each time in another order.'),
  randomState: randomStateOption,
});

export const shuffleOptions = (nSplits: number) =>
  z.strictObject({
    nSplits: nSplitsOption(1, nSplits),
    testSize: testSizeOption,
    trainSize: trainSizeOption,
    randomState: randomStateOption,
  });
