import { constant, matmul, reshape, transpose } from '../functions.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { takeRows } from './take-rows.ts';

// Two neighbouring outputs of d = 4 numbers and w = 3 weights are Aᵀ [(G w) ∘ (Bᵀ d)]; below are Aᵀ, G and Bᵀ.
const A = [
  [1, 1, 1, 0],
  [0, 1, -1, -1],
];
const G = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
];
const B = [
  [1, 0, -1, 0],
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, 1, 0, -1],
];

/**
 * A convolution of 3 × 3 with stride 1 with 4/9 of the multiplications: Winograd's F(2 × 2, 3 × 3) (A. Lavin and S. Gray, arXiv:1509.09308).
 * In two dimensions each transform is the Kronecker product with itself, so that all are products of matrices.
 * @param x [places, n, channels] of pictures of the size.
 * @param weights [filters, channels, 3, 3].
 * @returns [4 tiles, n, filters]: the upper left places of the tiles of 2 × 2, the upper right ones, the lower left ones, the lower right ones.
 */
export function winograd(
  x: Tensor,
  weights: Tensor,
  {
    size,
    counts,
    before,
  }: { readonly size: Shape; readonly counts: Shape; readonly before: readonly number[] },
): Tensor {
  const [places, n, channels] = x.shape as [number, number, number];
  const [height, width] = size as [number, number];
  const [filters] = weights.shape as [number];
  const [down, across] = [Math.ceil(counts[0]! / 2), Math.ceil(counts[1]! / 2)];
  const tiles = down * across;
  const seen = Array.from({ length: 16 * tiles }, (_, i) => {
    const [tap, tile] = [Math.floor(i / tiles), i % tiles];
    const h = 2 * Math.floor(tile / across) + (tap >> 2) - before[0]!;
    const w = 2 * (tile % across) + (tap & 3) - before[1]!;
    return h >= 0 && h < height && w >= 0 && w < width ? h * width + w : -1;
  });
  const patches = reshape(takeRows(reshape(x, [places, n * channels]), seen), [16, tiles * n * channels]);
  const inputs = reshape(matmul(squared(x, B), patches), [16, tiles * n, channels]);
  const taps = reshape(transpose(weights, [2, 3, 1, 0]), [9, channels * filters]);
  const filter = reshape(matmul(squared(x, G), taps), [16, channels, filters]);
  const products = reshape(matmul(inputs, filter), [16, tiles * n * filters]);
  return reshape(matmul(squared(x, A), products), [4 * tiles, n, filters]);
}

/** Which row of what {@link winograd} gives each place of the result is. */
export function tileRows(counts: Shape): number[] {
  const [height, width] = counts as [number, number];
  const across = Math.ceil(width / 2);
  const tiles = Math.ceil(height / 2) * across;
  return Array.from({ length: height * width }, (_, place) => {
    const [h, w] = [Math.floor(place / width), place % width];
    return ((h % 2) * 2 + (w % 2)) * tiles + (h >> 1) * across + (w >> 1);
  });
}

/** M ⊗ M. */
function squared(like: Tensor, matrix: readonly (readonly number[])[]): Tensor {
  const values = matrix.flatMap((row) =>
    matrix.flatMap((other) => row.flatMap((a) => other.map((b) => a * b))),
  );
  return constant(like, values, [matrix.length ** 2, matrix[0]!.length ** 2]);
}
