import { z } from 'zod';
import type { Label } from '../../core/labels.ts';
import { option } from '../../core/options.ts';

const label = z.union([z.string(), z.number(), z.boolean()]);

/** The options of `importOnnx`. */
export const importOnnxOptions = z.strictObject({
  kind: option(
    z.enum(['regressor', 'classifier', 'transformer']).optional(),
    'What the model is; default: what heddle wrote into the file, else what its outputs look like.',
  ),
  output: option(
    z.string().min(1).optional(),
    'The output with predictions, probabilities or features, where several could be.',
  ),
  classes: option(
    z.array(label).min(2).optional(),
    'The classes in the order of the probabilities; default: what the file says, else 0, 1, ….',
  ),
  positiveClass: option(
    label.optional(),
    'With two classes, the one that metrics are about; default the second.',
  ),
  columns: option(
    z.union([z.int().positive(), z.array(z.string()).min(1)]).optional(),
    'Names of the columns, or how many there are, where the file does not say.',
  ),
  threads: option(
    z.int().positive().max(256).default(1),
    'Threads of each operator; another number may round in another order.',
  ),
});

export type ParsedImportOnnxOptions = z.output<typeof importOnnxOptions>;

/** What `importOnnx` may be told. */
export interface ImportOnnxOptions {
  /** What the model is; default: what heddle wrote into the file, else what its outputs look like. */
  readonly kind?: 'regressor' | 'classifier' | 'transformer' | undefined;
  /** The output with predictions, probabilities or features, where several could be. */
  readonly output?: string | undefined;
  /** The classes in the order of the probabilities; default: what the file says, else 0, 1, …. */
  readonly classes?: readonly Label[] | undefined;
  readonly positiveClass?: Label | undefined;
  /** Names of the columns, or how many there are, where the file does not say. */
  readonly columns?: number | readonly string[] | undefined;
  /** Threads of each operator; another number may round in another order. Default 1. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
