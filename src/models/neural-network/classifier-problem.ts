import type { Loss } from '../../nets/losses/loss.ts';
import { type Network, outputShape } from '../../nets/network.ts';
import { architecture } from './architecture.ts';
import type { NeuralNetworkOptions } from './neural-network-options.ts';

/** What a network that tells classes apart is trained on. */
export interface ClassifierProblem {
  readonly network: Network;
  readonly loss: Loss;
  /** Targets of rows with these class numbers. */
  targets(codes: Int32Array): Float64Array | Int32Array;
}

/** @throws what {@link architecture} throws */
export function classifierProblem(
  { labelSmoothing, ...options }: NeuralNetworkOptions & { readonly labelSmoothing: number },
  columns: number,
  classes: number,
): ClassifierProblem {
  const widths = classes === 2 ? [1, 2] : [classes];
  const network = architecture('neural-network-classifier', options, columns, widths);
  const isSingle = outputShape(network)[0] === 1;
  return {
    network,
    loss: isSingle ? { kind: 'binaryCrossEntropy' } : { kind: 'crossEntropy', labelSmoothing },
    // With a single output they are probabilities of the second class: smoothed, ε / 2 and 1 − ε / 2.
    targets: (codes) =>
      isSingle ? Float64Array.from(codes, (code) => code * (1 - labelSmoothing) + labelSmoothing / 2) : codes,
  };
}
