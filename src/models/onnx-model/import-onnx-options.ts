import type { Label } from '../../core/labels.ts';
import type { ImportedKind } from './kind-of-file.ts';

export interface ImportOnnxOptions {
  /** What the model is; default: what heddle wrote into the file, else what its outputs look like. */
  readonly kind?: ImportedKind | undefined;
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
