import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { choices, logUniform, option } from '../../core/options.ts';

/** The options that classifier and regressor share: scikit-learn's. */
export const mlpOptions = z.strictObject({
  hiddenLayerSizes: option(
    z.array(z.int().positive()).default([100]),
    'Units of each hidden layer; an empty list leaves a linear model.',
  ),
  activation: option(
    z.enum(['relu', 'tanh', 'logistic', 'identity']).default('relu'),
    'Activation of the hidden layers.',
    choices('relu', 'tanh'),
  ),
  solver: option(
    z.enum(['adam', 'sgd', 'lbfgs']).default('adam'),
    'How to minimise: adam for most tables, lbfgs (all rows at once) for up to some thousand rows, sgd with momentum.',
  ),
  alpha: option(
    z.number().nonnegative().default(1e-4),
    'Strength of the L2 penalty on the weights, divided by the rows of a batch.',
    logUniform(1e-6, 1),
  ),
  batchSize: option(
    z.union([z.int().positive(), z.literal('auto')]).default('auto'),
    'Rows of a batch; auto is 200, or all rows when there are fewer.',
  ),
  learningRate: option(
    z.enum(['constant', 'invscaling', 'adaptive']).default('constant'),
    'Learning rate of sgd: constant, divided by the powerT-th power of the rows seen, or divided by 5 whenever the loss no longer falls.',
  ),
  learningRateInit: option(
    z.number().positive().default(1e-3),
    'Learning rate at first.',
    logUniform(1e-4, 3e-2),
  ),
  powerT: option(z.number().default(0.5), 'Exponent of invscaling.'),
  maxIter: option(z.int().positive().default(200), 'Most passes over the rows (iterations of lbfgs).'),
  shuffle: option(z.boolean().default(true), 'Whether to shuffle the rows before each pass.'),
  randomState: option(
    z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .nullable()
      .default(0),
    'Seed of the initial weights, the order of rows and the held-out rows; null for another each time.',
  ),
  tol: option(
    z.number().nonnegative().default(1e-4),
    'By how much the loss must fall (or the score of held-out rows rise) to count as better.',
  ),
  momentum: option(z.number().min(0).max(1).default(0.9), 'Momentum of sgd.'),
  nesterovsMomentum: option(z.boolean().default(true), "Whether sgd's momentum is Nesterov's."),
  earlyStopping: option(
    z.boolean().default(false),
    'Whether to hold out rows, stop when their score no longer rises, and keep the best weights. Rows given to fit as validation do so in any case.',
  ),
  validationFraction: option(
    z.number().gt(0).lt(1).default(0.1),
    'Share of the rows that earlyStopping holds out.',
  ),
  beta1: option(z.number().min(0).lt(1).default(0.9), "Decay of adam's mean of gradients."),
  beta2: option(z.number().min(0).lt(1).default(0.999), "Decay of adam's mean of squared gradients."),
  epsilon: option(z.number().positive().default(1e-8), "What keeps adam's steps from being divided by zero."),
  nIterNoChange: option(
    z.int().positive().default(10),
    'Passes without anything better after which training ends.',
  ),
});

export type MlpOptions = z.output<typeof mlpOptions>;

/** @throws OptionError for options that contradict each other. */
export function checkMlp(model: string, { solver, earlyStopping }: MlpOptions): void {
  if (solver !== 'lbfgs' || !earlyStopping) return;
  throw new OptionError(
    'option/conflict',
    `${model}: solver 'lbfgs' cannot hold out rows for earlyStopping. Use 'adam' or 'sgd'.`,
    { option: 'earlyStopping' },
  );
}
