import type { Shape, Windows } from '../tensor.ts';

/** Windows along each dimension. */
export function windowCounts(size: Shape, { kernel, strides, dilations, before, after }: Windows): number[] {
  return size.map((length, axis) => {
    const reach = dilations[axis]! * (kernel[axis]! - 1) + 1;
    return Math.floor((length + before[axis]! + after[axis]! - reach) / strides[axis]!) + 1;
  });
}

/** For each place of the kernel which place each window sees there, −1 for one outside; all in row-major order. */
export function placesSeen(size: Shape, windows: Windows): number[][] {
  const counts = windowCounts(size, windows);
  let seen: number[][] = [[0]];
  for (const [axis, length] of size.entries()) {
    const [kernel, stride, dilation, before] = [
      ...[windows.kernel[axis]!, windows.strides[axis]!, windows.dilations[axis]!, windows.before[axis]!],
    ] as [number, number, number, number];
    const along = Array.from({ length: kernel }, (_, tap) =>
      Array.from({ length: counts[axis]! }, (_, window) => {
        const place = window * stride + tap * dilation - before;
        return place >= 0 && place < length ? place : -1;
      }),
    );
    seen = seen.flatMap((outer) =>
      along.map((inner) =>
        outer.flatMap((from) => inner.map((place) => (from < 0 || place < 0 ? -1 : from * length + place))),
      ),
    );
  }
  return seen;
}
