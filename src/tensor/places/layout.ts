import { reshape, transpose } from '../functions.ts';
import { type Shape, sizeOf, type Tensor } from '../tensor.ts';

/** [n, channels, …size] → [places, n, channels]: what lies at one place of all pictures is together. */
export function toPlaces(x: Tensor): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const order = [...size.map((_, axis) => axis + 2), 0, 1];
  return reshape(transpose(x, order), [sizeOf(size), n, channels]);
}

/** The inverse of {@link toPlaces}. */
export function fromPlaces(x: Tensor, size: Shape): Tensor {
  const [, n, channels] = x.shape as [number, number, number];
  const order = [size.length, size.length + 1, ...size.keys()];
  return transpose(reshape(x, [...size, n, channels]), order);
}
