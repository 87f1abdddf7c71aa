import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { choices, logUniform, option, uniform } from '../../core/options.ts';
import { randomStateSchema } from '../../core/seed-schema.ts';
import { augmentationSchema } from '../../data/pictures/augment/augmentation.ts';
import { classWeightSchema } from '../class-weight-schema.ts';

export const imageClassifierOptions = z.strictObject({
  preset: option(
    z.enum(['convolutional', 'residual', 'backbone']).default('convolutional'),
    'The network: convolutions and pooling; residual blocks with batch normalisation; or dense layers on what a frozen network of a file makes of a picture.',
    choices('convolutional', 'residual'),
  ),
  shape: option(
    z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]).nullable().default(null),
    'Channels, height and width of rows that are flat pictures; null: square with 3 channels or 1 where the columns allow it, else a line.',
  ),
  filters: option(
    z.array(z.int().positive()).min(1).default([16, 32, 64]),
    'Filters of each stage of the network; between stages height and width are halved.',
  ),
  hiddenUnits: option(
    z.int().nonnegative().default(64),
    'Units of the dense layer before the classes; 0 for none.',
  ),
  dropout: option(
    z.number().min(0).lt(1).default(0.25),
    'Share of the numbers before the dense layers that is dropped while training.',
    uniform(0, 0.5),
  ),
  augmentation: option(
    augmentationSchema.default('light'),
    'What training does to a picture each time it sees it: none, light, strong, or amounts of flip, shift, rotate, zoom, crop, colour, erase and mixup.',
    choices('none', 'light', 'strong'),
  ),
  balance: option(
    z.number().min(0).max(1).default(0),
    'How far training evens out the classes by showing rare ones more often: 0 as they come, 1 all alike. Probabilities refer to the shares as they come.',
  ),
  picturesPerEpoch: option(
    z.int().positive().nullable().default(null),
    'Pictures shown in a pass; null: as many as there are.',
  ),
  classWeight: option(
    classWeightSchema(),
    "Weights of the classes: 'balanced' makes them weigh the same; a record gives them by name (1 where left out).",
  ),
  epochs: option(z.int().positive().default(30), 'Passes over the pictures.'),
  batchSize: option(z.int().positive().default(64), 'Pictures of a step.'),
  learningRate: option(
    z.number().positive().default(2e-3),
    'Learning rate of Adam at its highest.',
    logUniform(3e-4, 1e-2),
  ),
  schedule: option(
    z.enum(['cosine', 'linear', 'constant']).default('cosine'),
    'How the learning rate goes on after its rise: down to 0 along half a cosine or a line, or not at all.',
  ),
  warmup: option(
    z.number().min(0).lt(1).default(0.05),
    'Share of the steps in which the learning rate rises from 0.',
  ),
  weightDecay: option(
    z.number().nonnegative().default(1e-4),
    'How strongly weights are pulled towards 0 beside the gradient (AdamW).',
  ),
  labelSmoothing: option(
    z.number().min(0).lt(1).default(0),
    'Share of the target that is spread over all classes.',
  ),
  earlyStopping: option(
    z.boolean().default(false),
    'Whether to hold out pictures, stop when their loss no longer falls, and keep the best weights. Rows given to fit as validation do so in any case.',
  ),
  validationFraction: option(
    z.number().gt(0).lt(1).default(0.1),
    'Share of the pictures of each class that earlyStopping holds out.',
  ),
  nIterNoChange: option(
    z.int().positive().default(10),
    'Passes without a lower loss of the held-out pictures after which training ends.',
  ),
  backbone: option(
    z.string().min(1).nullable().default(null),
    'ONNX file of the frozen network of the preset backbone: one input [rows, channels, height, width] of float32.',
  ),
  backboneOutput: option(
    z.string().min(1).nullable().default(null),
    'Name of the output of the backbone that is learned from; null for the first.',
  ),
  backboneScale: option(
    z.enum(['imagenet', 'unit', 'symmetric', 'bytes']).default('imagenet'),
    'What numbers the backbone takes: standardised by the moments of ImageNet, within 0 … 1, within −1 … 1, or 0 … 255.',
  ),
  randomState: option(
    randomStateSchema(),
    'Seed of the initial weights, the order of pictures and what is done to them; null for another each time.',
  ),
});

export type ImageClassifierOptions = z.output<typeof imageClassifierOptions>;

/** @throws OptionError for options that need or exclude each other. */
export function checkImageOptions({ preset, backbone }: ImageClassifierOptions): void {
  if ((preset === 'backbone') === (backbone !== null)) return;
  throw new OptionError(
    'option/conflict',
    preset === 'backbone'
      ? "image-classifier: preset 'backbone' needs the option backbone, the path of an ONNX file."
      : `image-classifier: the option backbone belongs to preset 'backbone', not '${preset}'.`,
    { option: 'backbone' },
  );
}
