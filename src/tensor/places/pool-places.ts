import { add, max, multiply, reshape, sumRows, transpose } from '../functions.ts';
import { sizeOf, type Tensor, type Windows } from '../tensor.ts';
import { fromPlaces, toPlaces } from './layout.ts';
import { addRows, takenBefore, takeRows } from './take-rows.ts';
import { placesSeen, windowCounts } from './windows.ts';

/** What is outside of a picture is never the largest: the lowest float32 number, since differences of infinities are no numbers. */
const OUTSIDE = -3.4028234663852886e38;
/** Places of a window up to which comparing planes is faster than searching along an axis. */
const MOST_PLANES = 16;

/** The same as `maxPool`, for training; the gradient goes to the first of the largest. */
export function maxPoolPlaces(x: Tensor, windows: Windows): Tensor {
  const size = x.shape.slice(2);
  return fromPlaces(largest(toPlaces(x), placesSeen(size, windows)), windowCounts(size, windows));
}

/** max f(x) = f(max x) where f does not fall, and where it shifts whole channels: fewer numbers are left when it comes after. */
function largest(x: Tensor, seen: readonly (readonly number[])[]): Tensor {
  const taken = takenBefore(x);
  if (taken !== undefined && !taken.rows.includes(-1)) {
    const { rows, source } = taken;
    return largest(
      source,
      seen.map((own) => own.map((row) => (row === -1 ? -1 : rows[row]!))),
    );
  }
  const [, n, channels] = x.shape as [number, number, number];
  const { op, inputs } = x.graph.nodes[x.id]!;
  const [inner, shift] = inputs.map((id) => x.graph.tensor(id));
  if (op === 'relu') return x.graph.apply('relu', [largest(inner!, seen)], {});
  if (op === 'add' && inner!.shape.length === 3 && shift!.shape.length === 1 && shift!.shape[0] === channels)
    return add(largest(inner!, seen), shift!);
  const [taps, count] = [seen.length, seen[0]!.length];
  const planes = reshape(takeRows(x, seen.flat(), OUTSIDE), [taps, count * n * channels]);
  const most =
    taps <= MOST_PLANES
      ? planes.graph.apply('maxPlanes', [planes], {})
      : max(transpose(planes), { axes: [1] });
  return reshape(most, [count, n, channels]);
}

/** The gradient of `maxPool` by its input. */
export function maxPoolGradient(x: Tensor, dy: Tensor, windows: Windows): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const seen = placesSeen(size, windows);
  const width = n * channels;
  const count = seen[0]!.length * width;
  const places = reshape(toPlaces(x), [sizeOf(size), width]);
  const planes = reshape(takeRows(places, seen.flat(), OUTSIDE), [seen.length, count]);
  const share = reshape(toPlaces(dy), [count]);
  const routed = planes.graph.apply('maxPlanesInput', [planes, share], {});
  const back = addRows(reshape(routed, [seen.flat().length, width]), seen.flat(), sizeOf(size));
  return fromPlaces(reshape(back, [sizeOf(size), n, channels]), size);
}

/** The same as `averagePool`, for training. */
export function averagePoolPlaces(x: Tensor, windows: Windows, countsOutside: boolean): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const seen = placesSeen(size, windows);
  const count = seen[0]!.length;
  const taken = takeRows(reshape(toPlaces(x), [sizeOf(size), n * channels]), seen.flat());
  const sums = reshape(sumRows(reshape(taken, [seen.length, count * n * channels])), [count, n, channels]);
  return fromPlaces(multiply(sums, shares(x, seen, countsOutside)), windowCounts(size, windows));
}

/** The gradient of `averagePool` by its input, given its shape. */
export function averagePoolGradient(x: Tensor, dy: Tensor, windows: Windows, countsOutside: boolean): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const seen = placesSeen(size, windows);
  const shared = multiply(toPlaces(dy), shares(dy, seen, countsOutside));
  const rows = reshape(shared, [seen[0]!.length, n * channels]);
  const each = takeRows(
    rows,
    seen.flatMap((own) => [...own.keys()]),
  );
  const back = addRows(each, seen.flat(), sizeOf(size));
  return fromPlaces(reshape(back, [sizeOf(size), n, channels]), size);
}

/** One over the places that each window counts, [windows, 1, 1]. */
function shares(like: Tensor, seen: readonly (readonly number[])[], countsOutside: boolean): Tensor {
  const values = seen[0]!.map((_, window) => {
    const inside = seen.reduce((sum, own) => sum + Number(own[window]! >= 0), 0);
    return 1 / (countsOutside ? seen.length : inside);
  });
  return like.graph.apply('constant', [], { shape: [values.length, 1, 1], values });
}

/** The mean over all places, [n, channels]. */
export function meanOfPlaces(x: Tensor): Tensor {
  const [n, channels, ...size] = x.shape as [number, number, ...number[]];
  const places = sizeOf(size);
  const sums = sumRows(reshape(toPlaces(x), [places, n * channels]));
  return reshape(multiply(sums, 1 / places), [n, channels]);
}
