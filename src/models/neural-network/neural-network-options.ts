import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { choices, logUniform, option } from '../../core/options.ts';
import { randomStateSchema } from '../../core/seed-schema.ts';
import { layerSchema } from '../../nets/layers/layer-schema.ts';
import { scheduleSchema } from '../../nets/optimizers/schedule-schema.ts';

const share = () => z.number().min(0).lt(1);

/** The options that classifier and regressor share. */
export const neuralNetworkOptions = z.strictObject({
  layers: option(
    z
      .array(layerSchema)
      .readonly()
      .default([
        { kind: 'dense', units: 64 },
        { kind: 'activation', function: 'relu' },
        { kind: 'dense', units: 64 },
        { kind: 'activation', function: 'relu' },
      ]),
    'The layers one after another, each with its kind and the options of that kind.',
  ),
  inputShape: option(
    z.array(z.int().positive()).min(1).readonly().nullable().default(null),
    'Shape of one row for the first layer, such as [3, 32, 32] for pictures or [20, 4] for sequences; null: a list of the columns.',
  ),
  output: option(
    z.enum(['dense', 'given']).default('dense'),
    'dense: a last dense layer is added, with as many units as there are classes or targets (one for two classes); given: the layers end with such a one themselves.',
  ),
  optimizer: option(
    z.enum(['adam', 'adamw', 'sgd', 'rmsprop']).default('adam'),
    'How the weights follow their gradients.',
    choices('adam', 'adamw', 'sgd'),
  ),
  learningRate: option(
    z.number().positive().default(1e-3),
    'Learning rate at its highest.',
    logUniform(1e-4, 3e-2),
  ),
  schedule: option(
    z
      .union([z.enum(['constant', 'cosine', 'linear', 'exponential', 'oneCycle']), scheduleSchema])
      .default('constant'),
    'How the learning rate goes, step by step: by a name to finalLearningRate in the last of all epochs (oneCycle: up to learningRate and down again), or as an object of any kind of schedule with its numbers, in steps, such as {"kind":"multiStep","milestones":[1000,2000],"decay":0.1}.',
  ),
  finalLearningRate: option(
    z.number().nonnegative().nullable().default(null),
    'Where the schedule ends; null: 0, or a hundredth of learningRate for exponential.',
  ),
  warmup: option(share().default(0), 'Share of all steps in which the learning rate rises from 0 first.'),
  plateauFactor: option(
    z.number().gt(0).lt(1).nullable().default(null),
    'What the learning rate is multiplied by when nothing has got better for `patience` epochs, until it is a thousandth; null: training ends then.',
  ),
  momentum: option(share().default(0.9), 'Momentum of sgd.'),
  nesterov: option(z.boolean().default(true), "Whether sgd's momentum is Nesterov's."),
  beta1: option(share().default(0.9), "Decay of adam's mean of gradients."),
  beta2: option(share().default(0.999), "Decay of adam's mean of squared gradients."),
  epsilon: option(z.number().positive().default(1e-8), 'What keeps steps from being divided by zero.'),
  weightDecay: option(
    z.number().nonnegative().nullable().default(null),
    'Decay of weights, not of biases: apart from the gradient in adamw, else added to it; null: 0.01 for adamw, else none.',
    logUniform(1e-5, 0.1),
  ),
  clipNorm: option(
    z.number().positive().nullable().default(null),
    'Longest gradient of all parameters together; longer ones are shortened.',
  ),
  clipValue: option(
    z.number().positive().nullable().default(null),
    'Largest number of a gradient; larger ones are cut off.',
  ),
  batchSize: option(
    z.int().positive().default(32),
    'Rows of a batch; all rows where there are fewer.',
    choices(16, 32, 64, 128),
  ),
  epochs: option(z.int().positive().default(100), 'Most passes over the rows.'),
  shuffle: option(z.boolean().default(true), 'Whether to shuffle the rows before each pass.'),
  validationFraction: option(
    share().default(0),
    'Share of the rows that is held out to say when to stop; the best weights are kept. Rows given to fit as validation do so in any case.',
  ),
  monitor: option(
    z.enum(['loss', 'score']).default('loss'),
    'What of the held-out rows says what is better: their loss, or their accuracy or R².',
  ),
  patience: option(
    z.int().positive().nullable().default(10),
    'Epochs without anything better after which training ends; null: never.',
  ),
  tol: option(
    z.number().nonnegative().default(1e-4),
    'By how much the loss must fall (or the score rise) to count as better.',
  ),
  shards: option(
    z.int().positive().max(64).nullable().default(null),
    'Into how many parts a batch is divided, each computed by one thread; null: by the work of a batch. Part of what is computed: sums are taken part by part, and batch norm takes its statistics of each.',
  ),
  randomState: option(
    randomStateSchema(),
    'Seed of the initial weights, the order of rows, the held-out rows and what layers draw; null for another each time.',
  ),
});

export type NeuralNetworkOptions = z.output<typeof neuralNetworkOptions>;

/** @throws OptionError for options that contradict each other. */
export function checkNeuralNetwork(model: string, options: NeuralNetworkOptions): void {
  const { schedule, finalLearningRate, learningRate, output, layers } = options;
  if (schedule === 'exponential' && finalLearningRate === 0) {
    throw new OptionError(
      'option/conflict',
      `${model}: an exponential schedule never reaches a finalLearningRate of 0. Give a small one, or take 'cosine' or 'linear'.`,
      { option: 'finalLearningRate' },
    );
  }
  if (finalLearningRate !== null && finalLearningRate > learningRate) {
    throw new OptionError(
      'option/conflict',
      `${model}: finalLearningRate ${finalLearningRate} is above learningRate ${learningRate}.`,
      { option: 'finalLearningRate' },
    );
  }
  if (output === 'given' && layers.length === 0) {
    throw new OptionError('option/conflict', `${model}: output 'given' needs layers that give it.`, {
      option: 'layers',
    });
  }
}
