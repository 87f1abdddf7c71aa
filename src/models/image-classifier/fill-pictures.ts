import { augmentPicture, mixRows } from '../../data/pictures/augment/augment-picture.ts';
import type { Augmentation } from '../../data/pictures/augment/augmentation.ts';
import { drawsOf } from '../../data/pictures/augment/draws.ts';
import { type PictureShape, pictureLength } from '../../data/pictures/picture-format.ts';
import { type Queue, takeItem } from '../../kernels/host/queue.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Moments } from './picture-data.ts';

/** Pictures that become rows of a training; arrays are shared by the threads. */
export interface FillPlan {
  readonly shape: PictureShape;
  readonly pixels: Uint8Array | Float32Array;
  readonly codes: Int32Array;
  readonly moments: Moments;
  readonly augmentation: Augmentation;
  readonly classes: number;
  /** Share of the target that is spread over all classes. */
  readonly labelSmoothing: number;
  /** Numbers of the pictures. */
  readonly order: Int32Array;
  /** The first of them, and how many. */
  readonly from: number;
  readonly count: number;
  /** What is drawn depends on this and the place in the order. */
  readonly key: number;
  /** [rows, …shape], and [rows, classes]. */
  readonly x: Float32Array;
  readonly target: Float32Array;
  readonly queue: Queue;
}

/** Where teams find {@link fillPictures}. */
export const fillModule = import.meta.url;

/**
 * Distorts, standardises and mixes pictures: every thread of a team runs this, two pictures at a time, since they are mixed two by two.
 */
export function fillPictures(self: TeamThread, plan: FillPlan): void {
  const { count, shape, classes, augmentation, x, target, key, from } = plan;
  const size = pictureLength(shape);
  const row = (i: number) => x.subarray(i * size, (i + 1) * size);
  const targetOf = (i: number) => target.subarray(i * classes, (i + 1) * classes);
  const pairs = Math.ceil(count / 2);
  for (let pair = takeItem(self, plan.queue, pairs); pair >= 0; pair = takeItem(self, plan.queue, pairs)) {
    const [a, b] = [2 * pair, 2 * pair + 1];
    fillOne(plan, a, row(a), targetOf(a));
    if (b >= count) continue;
    fillOne(plan, b, row(b), targetOf(b));
    if (augmentation.mixup > 0)
      mixRows([row(a), row(b)], [targetOf(a), targetOf(b)], augmentation.mixup, keyOf(key, from + a, 1));
  }
}

function fillOne(plan: FillPlan, i: number, out: Float32Array, target: Float32Array): void {
  const { shape, pixels, codes, moments, augmentation, classes, labelSmoothing, order, from, key } = plan;
  const { mean, scale } = moments;
  const picture = order[from + i]!;
  const source = pixels.subarray(picture * out.length, (picture + 1) * out.length);
  augmentPicture(source, { shape, augmentation, key: keyOf(key, from + i, 0), blank: mean }, out);
  const plane = shape[1] * shape[2];
  for (let c = 0, at = 0; c < shape[0]; c++) {
    const [m, s] = [mean[c]!, 1 / scale[c]!];
    for (const end = at + plane; at < end; at++) out[at] = (out[at]! - m) * s;
  }
  target.fill(labelSmoothing / classes);
  target[codes[picture]!]! += 1 - labelSmoothing;
}

function keyOf(...keys: readonly number[]): number {
  return drawsOf(...keys)() * 2 ** 32;
}
