import type { Shape } from './tensor.ts';

/** The shape that two shapes broadcast to, by NumPy's rules; undefined when they do not. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) return undefined;
    shape.push(m === 1 ? n : m);
  }
  return shape;
}

/** Axes of `to` along which `from` was repeated to reach it: those that `from` lacks and those where its size is 1. */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const missing = to.length - from.length;
  return to.flatMap((size, axis) =>
    axis < missing || (from[axis - missing] === 1 && size !== 1) ? [axis] : [],
  );
}
