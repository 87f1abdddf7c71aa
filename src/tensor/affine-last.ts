import { affine, asRows, reshape } from './functions.ts';
import type { Tensor } from './tensor.ts';

/** x · weights + bias along the last axis of a tensor of at least two dimensions. */
export function affineLast(x: Tensor, weights: Tensor, bias: Tensor): Tensor {
  const y = affine(asRows(x), weights, bias);
  return reshape(y, [...x.shape.slice(0, -1), y.shape[1]!]);
}
