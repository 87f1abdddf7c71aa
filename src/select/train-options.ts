import { z } from 'zod';
import { option } from '../core/options.ts';
import { seedSchema } from '../core/seed-schema.ts';

const name = z.string().min(1);
const names = z.array(name).readonly();

/** Options of `trainTable`, which the command's flags follow. */
export const trainTableOptions = z.strictObject({
  target: option(name, 'The column to predict.'),
  features: option(names.optional(), 'The columns to learn from; by default all others.'),
  drop: option(names.default([]), 'Columns to leave out.'),
  categorical: option(names.default([]), 'Columns of numbers that are codes of categories.'),
  weight: option(name.optional(), 'The column with the weight of each row, in training and evaluation.'),
  group: option(name.optional(), 'Rows with the same value in this column stay on one side of the split.'),
  time: option(name.optional(), 'The column by which later rows become the test rows.'),
  model: option(
    name.optional(),
    'The family of the model, e.g. ridge; by default one that suits the problem.',
  ),
  problem: option(
    z.enum(['regression', 'classification']).optional(),
    'What is to be predicted; by default the target decides.',
  ),
  positiveClass: option(
    z.union([z.string(), z.number(), z.boolean()]).optional(),
    'Of two classes, the one that precision, recall, … are about; by default the second in order.',
  ),
  modelOptions: option(z.record(z.string(), z.unknown()).default({}), 'Options of the model.'),
  modelOptionTexts: option(
    z.record(z.string(), z.string()).default({}),
    "Options of the model as texts, each read by the option's own type.",
  ),
  testSize: option(z.number().positive().default(0.2), 'Test rows: a share (rounded up) or a count.'),
  stratify: option(
    z.boolean().default(false),
    'Whether training and test rows keep the shares of the classes.',
  ),
  seed: option(
    seedSchema().default(42),
    'Seed of the split, and of the model unless its options say another.',
  ),
});

export type TrainTableOptions = z.input<typeof trainTableOptions>;
export type ParsedTrainOptions = Readonly<z.output<typeof trainTableOptions>>;
