import { mean, sum } from '../../tensor/functions.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** All that is known of a kind of loss. */
export interface LossRule<Options> {
  readonly target: 'values' | 'labels';
  /** The loss of each row, [rows], from outputs [rows, …, k]. */
  readonly rows: (loss: Options, output: Tensor, target: Tensor) => Tensor;
  /** By how much a row counts besides its own weight, from its target; undefined when that is 1 for all. */
  readonly weight?: (loss: Options) => ((target: ArrayLike<number>) => number) | undefined;
}

/** A rule for each of some kinds; one that is missing does not compile. */
export type LossRules<Kinds> = { readonly [K in keyof Kinds]: LossRule<Kinds[K]> };

const within = (x: Tensor) => x.shape.slice(1).map((_, axis) => axis + 1);

/** Over all numbers of a row, [rows]. */
export const rowSums = (x: Tensor): Tensor => sum(x, { axes: within(x) });
export const rowMeans = (x: Tensor): Tensor => mean(x, { axes: within(x) });

export const sumLast = (x: Tensor): Tensor => sum(x, { axes: [x.shape.length - 1] });
/** Over the places of a row that have a loss each, if there are several. */
export const meanOfPlaces = (x: Tensor): Tensor => (x.shape.length === 1 ? x : rowMeans(x));
export const sumOfPlaces = (x: Tensor): Tensor => (x.shape.length === 1 ? x : rowSums(x));
