import { add, convolution, matmul, multiply, reshape, sumRows, transpose } from '../functions.ts';
import { type Convolution, type Shape, sizeOf, type Tensor } from '../tensor.ts';
import { fromPlaces, toPlaces } from './layout.ts';
import { takeRows } from './take-rows.ts';
import { placesSeen, windowCounts } from './windows.ts';
import { tileRows, winograd } from './winograd.ts';

/** Channels below which Winograd's transforms cost more than they save, and rows of a few numbers more than other rows. */
const FEW_CHANNELS = 8;

/**
 * The same as `convolution`, for training: as products of matrices whose parts forward and backward passes share, chosen by shape and as
 * measured. Numbers of one place lie together from one such layer to the next.
 * @param weights [filters, channels / groups, …kernel].
 * @param bias [filters], if there is one.
 */
export function convolvePlaces(
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  attributes: Convolution,
): Tensor {
  const { groups, kernel, strides, dilations, before } = attributes;
  const [channels, ...size] = x.shape.slice(1) as [number, ...number[]];
  const counts = windowCounts(size, attributes);
  const is = (list: readonly number[], value: number) => list.every((one) => one === value);
  if (groups === 1 && channels < FEW_CHANNELS)
    return fromPlaces(byTaps(x, weights, bias, attributes, counts), counts);
  if (groups === 1 && size.length === 2 && is(kernel, 3) && is(strides, 1) && is(dilations, 1)) {
    const tiles = winograd(toPlaces(x), weights, { size, counts, before });
    return fromPlaces(takeRows(shifted(tiles, bias), tileRows(counts)), counts);
  }
  if (groups === 1) return fromPlaces(byWindows(x, weights, bias, attributes, counts), counts);
  if (groups === channels && weights.shape[0] === channels)
    return fromPlaces(byChannel(x, weights, bias, attributes, counts), counts);
  const y = convolution(x, weights, attributes);
  return bias === undefined ? y : add(y, reshape(bias, [bias.shape[0]!, ...size.map(() => 1)]));
}

function shifted(y: Tensor, bias: Tensor | undefined): Tensor {
  return bias === undefined ? y : add(y, bias);
}

/** Σ over channels and places of the kernel: each a row of the places of all pictures. */
function byTaps(
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  attributes: Convolution,
  counts: Shape,
): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const filters = weights.shape[0]!;
  const places = sizeOf(size);
  const { inOrder, back } = planeOrder(counts);
  const seen = placesSeen(size, attributes).map((own) => inOrder.map((window) => own[window]!));
  const taken = Array.from({ length: channels }, (_, channel) =>
    seen.map((own) => own.map((place) => (place < 0 ? -1 : channel * places + place))),
  );
  const axes = x.shape.map((_, axis) => (axis + 1) % x.shape.length);
  const rows = takeRows(reshape(transpose(x, axes), [channels * places, n]), taken.flat(2));
  const taps = channels * seen.length;
  // As stacks of one matrix, which the runtime does not turn: the product backwards is several times faster as it is.
  const matrix = reshape(transpose(reshape(weights, [filters, taps])), [1, taps, filters]);
  const y = matmul(reshape(rows, [1, taps, inOrder.length * n]), matrix, { transposeA: true });
  return takeRows(shifted(reshape(y, [inOrder.length, n, filters]), bias), back);
}

/** Each window as a row of places of the kernel × channels. */
function byWindows(
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  attributes: Convolution,
  counts: Shape,
): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const filters = weights.shape[0]!;
  const { inOrder, back } = planeOrder(counts);
  const seen = placesSeen(size, attributes).map((own) => inOrder.map((window) => own[window]!));
  const rows = windowRows(x, seen, 1);
  const taps = reshape(weights, [filters, channels, seen.length]);
  const matrix = reshape(transpose(taps, [2, 1, 0]), [seen.length * channels, filters]);
  const y = matmul(reshape(rows, [inOrder.length * n, seen.length * channels]), matrix);
  return takeRows(shifted(reshape(y, [inOrder.length, n, filters]), bias), back);
}

/** A filter for each channel: y = Σ over the places of the kernel of w ∘ x. */
function byChannel(
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  attributes: Convolution,
  counts: Shape,
): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const { inOrder, back } = planeOrder(counts);
  const seen = placesSeen(size, attributes).map((own) => inOrder.map((window) => own[window]!));
  const count = inOrder.length * n * channels;
  const taken = takeRows(reshape(toPlaces(x), [sizeOf(size), n * channels]), seen.flat());
  const factors = reshape(transpose(reshape(weights, [channels, seen.length])), [seen.length, 1, channels]);
  const terms = multiply(reshape(taken, [seen.length, inOrder.length * n, channels]), factors);
  const y = reshape(sumRows(reshape(terms, [seen.length, count])), [inOrder.length, n, channels]);
  return takeRows(shifted(y, bias), back);
}

/** [groups, windows · n, places of the kernel · channels of the group]. */
function windowRows(x: Tensor, seen: readonly (readonly number[])[], groups: number): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const [taps, count] = [seen.length, seen[0]!.length];
  const taken = takeRows(reshape(toPlaces(x), [sizeOf(size), n * channels]), seen.flat());
  const apart = reshape(taken, [taps, count * n, groups, channels / groups]);
  return reshape(transpose(apart, [2, 1, 0, 3]), [groups, count * n, (taps * channels) / groups]);
}

/** The gradient of a convolution by its weights. @param dy The gradient by its result. */
export function weightGradient(x: Tensor, dy: Tensor, attributes: Convolution): Tensor {
  const { groups, kernel } = attributes;
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const filters = dy.shape[1]!;
  const [own, taps] = [channels / groups, sizeOf(kernel)];
  const rows = windowRows(x, placesSeen(size, attributes), groups);
  const count = sizeOf(dy.shape.slice(2)) * n;
  const by = transpose(reshape(toPlaces(dy), [count, groups, filters / groups]), [1, 0, 2]);
  const product = matmul(rows, by, { transposeA: true });
  const apart = transpose(reshape(product, [groups, taps, own, filters / groups]), [0, 3, 2, 1]);
  return reshape(apart, [filters, own, ...kernel]);
}

/**
 * Windows by whether their coordinates are even or odd, then in order, as max pooling by two takes them, so that nothing is moved in
 * between; and the way back.
 */
function planeOrder(counts: Shape): { readonly inOrder: number[]; readonly back: number[] } {
  const planes = Array.from({ length: 2 ** counts.length }, (): number[] => []);
  for (let window = 0; window < sizeOf(counts); window++) {
    let [rest, plane] = [window, 0];
    for (let axis = counts.length - 1; axis >= 0; axis--) {
      plane += ((rest % counts[axis]!) % 2) * 2 ** (counts.length - 1 - axis);
      rest = Math.floor(rest / counts[axis]!);
    }
    planes[plane]!.push(window);
  }
  const inOrder = planes.flat();
  const back = new Array<number>(inOrder.length);
  for (const [i, window] of inOrder.entries()) back[window] = i;
  return { inOrder, back };
}
