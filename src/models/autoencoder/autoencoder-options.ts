import { z } from 'zod';
import { choices, integers, logUniform, option } from '../../core/options.ts';

export const autoencoderOptions = z.strictObject({
  nComponents: option(
    z.int().positive().default(2),
    'Numbers that a row is encoded as.',
    integers(1, 32, true),
  ),
  filters: option(
    z.array(z.int().positive()).default([]),
    'Filters of convolutions before the dense layers, each of which halves a picture; the decoder has the same in reverse. None for dense layers only.',
  ),
  inputShape: option(
    z
      .union([
        z.tuple([z.int().positive(), z.int().positive()]),
        z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
      ])
      .nullable()
      .default(null),
    'Channels, height and width of a row for convolutions, or channels and length of a signal; null: a square picture where the columns allow it, else a signal.',
  ),
  hiddenLayerSizes: option(
    z.array(z.int().positive()).default([64]),
    'Units of the hidden layers between columns (or convolutions) and code; the decoder has the same in reverse.',
  ),
  activation: option(
    z.enum(['relu', 'tanh', 'logistic', 'identity']).default('relu'),
    'Activation of the hidden layers; the code and the decoded columns have none.',
    choices('relu', 'tanh'),
  ),
  corruption: option(
    z.number().min(0).lt(1).default(0),
    'Share of the cells that are replaced by the mean of their column while training, which the network learns to undo (denoising).',
  ),
  variational: option(
    z.boolean().default(false),
    'Whether a row is encoded as a normal distribution, pulled towards the standard one, so that codes drawn from that decode to rows like those of training.',
  ),
  beta: option(
    z.number().nonnegative().default(1),
    'How strongly variational pulls; 1 weighs it as the likelihood of columns with noise of variance 1.',
    logUniform(0.01, 10),
  ),
  standardize: option(
    z.boolean().default(true),
    'Whether columns are standardised first (with convolutions: each channel as a whole), so that each counts as much; decoded rows are in the columns’ own units.',
  ),
  alpha: option(
    z.number().nonnegative().default(0),
    'Strength of the L2 penalty on the weights, divided by the rows of a batch.',
  ),
  batchSize: option(
    z.union([z.int().positive(), z.literal('auto')]).default('auto'),
    'Rows of a batch; auto is 128, or all rows when there are fewer.',
  ),
  learningRateInit: option(
    z.number().positive().default(1e-3),
    'Learning rate of Adam.',
    logUniform(1e-4, 1e-2),
  ),
  maxIter: option(z.int().positive().default(200), 'Most passes over the rows.'),
  tol: option(z.number().nonnegative().default(1e-4), 'By how much the loss must fall to count as better.'),
  nIterNoChange: option(
    z.int().positive().default(10),
    'Passes without a better loss after which training ends.',
  ),
  validationFraction: option(
    z.number().min(0).lt(1).default(0),
    'Share of the rows that is held out; their loss then decides when to stop, and the best weights are kept.',
  ),
  randomState: option(
    z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .nullable()
      .default(0),
    'Seed of the initial weights, the order of rows and what is corrupted; null for another each time.',
  ),
});

export type AutoencoderOptions = z.output<typeof autoencoderOptions>;
