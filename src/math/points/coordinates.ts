import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { Coordinates } from './points.ts';

export interface MeasuredCoordinates extends Coordinates {
  /** Mean over the columns of their variances (divided by n), in the scaled units. */
  readonly variance: number;
}

interface Moments {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly origin: Float64Array;
  readonly scale: number;
  /** Of each shard: sums, sums of squares and largest sizes of (x − origin) · scale, `columns` numbers each. */
  readonly parts: Float64Array;
  readonly queue: Queue;
}

const SHARDS = 64;
const SAMPLE_ROWS = 256;
const SOLO_NUMBERS = 200_000;

/**
 * The coordinates that suit a table: its means, and the power of two that brings the largest difference from them to about 1.
 * @throws DataError naming a column whose values are so far apart that their squares overflow.
 */
export async function measureCoordinates(workers: Workers, x: Matrix): Promise<MeasuredCoordinates> {
  const { team } = workers;
  const { rows, columns, data } = x;
  const origin = sampleMeans(x);
  const payload: Moments = {
    ...{ data, rows, columns, origin, scale: sampleScale(x, origin), queue: queueOf() },
    parts: sharedArray(Float64Array, SHARDS * 3 * columns),
  };
  const checkpoint = () => workers.checkpoint();
  if (rows * columns <= SOLO_NUMBERS) sumShards(team.alone(checkpoint), payload);
  else await team.gang(import.meta.url, 'sumShards', payload, checkpoint);
  return finish(x, payload);
}

/** Close to the means, so that sums about it lose no digits. */
function sampleMeans({ rows, columns, data }: Matrix): Float64Array {
  const count = Math.min(rows, SAMPLE_ROWS);
  const means = data.slice(0, columns);
  for (let k = 1; k < count; k++) {
    const at = Math.floor((k * rows) / count) * columns;
    // A running mean stays within the range of the values, where a sum might overflow.
    for (let j = 0; j < columns; j++) means[j]! += data[at + j]! / (k + 1) - means[j]! / (k + 1);
  }
  return means;
}

function sampleScale({ rows, columns, data }: Matrix, origin: Float64Array): number {
  const count = Math.min(rows, SAMPLE_ROWS);
  let most = 0;
  for (let k = 0; k < count; k++) {
    const at = Math.floor((k * rows) / count) * columns;
    for (let j = 0; j < columns; j++) most = Math.max(most, Math.abs(data[at + j]! - origin[j]!));
  }
  return powerBelow(most);
}

/** The power of two that brings `size` below 1; 1 where that is not possible. */
function powerBelow(size: number): number {
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) return 1;
  return 2 ** Math.max(-1000, Math.min(1000, -Math.ceil(Math.log2(size))));
}

/** What every thread runs: it takes shards of rows in turn. */
export function sumShards(self: TeamThread, moments: Moments): void {
  const { data, rows, columns, scale, parts, queue } = moments;
  const origin = Float64Array.from(moments.origin);
  for (;;) {
    const shard = takeItem(self, queue, SHARDS);
    if (shard < 0) return;
    const sums = new Float64Array(columns);
    const squares = new Float64Array(columns);
    const sizes = new Float64Array(columns);
    const end = Math.floor((rows * (shard + 1)) / SHARDS);
    for (let i = Math.floor((rows * shard) / SHARDS); i < end; i++) {
      const at = i * columns;
      for (let j = 0; j < columns; j++) {
        const value = (data[at + j]! - origin[j]!) * scale;
        sums[j]! += value;
        squares[j]! += value * value;
        const size = Math.abs(value);
        if (size > sizes[j]!) sizes[j] = size;
      }
    }
    parts.set(sums, shard * 3 * columns);
    parts.set(squares, (shard * 3 + 1) * columns);
    parts.set(sizes, (shard * 3 + 2) * columns);
  }
}

function finish(x: Matrix, payload: Moments): MeasuredCoordinates {
  const { rows, columns, names } = x;
  const { parts, origin, scale: by } = payload;
  const mean = new Float64Array(columns);
  let most = 0;
  let variances = 0;
  for (let j = 0; j < columns; j++) {
    let [sum, square, size] = [0, 0, 0];
    for (let at = j; at < parts.length; at += 3 * columns) {
      sum += parts[at]!;
      square += parts[at + columns]!;
      size = Math.max(size, parts[at + 2 * columns]!);
    }
    const shift = sum / rows;
    if (!Number.isFinite(square)) throw tooLarge(names?.[j] ?? j);
    mean[j] = origin[j]! + shift / by;
    variances += Math.max(0, square / rows - shift * shift);
    most = Math.max(most, size + Math.abs(shift));
  }
  const scale = powerBelow(most) * by;
  // Products of scales leave the range only where all values are next to nothing.
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY))
    return { mean, scale: by, variance: variances / columns };
  return { mean, scale, variance: (variances / columns) * (scale / by) ** 2 };
}

function tooLarge(column: string | number): DataError {
  return new DataError(
    'data/too-large',
    `Column ${typeof column === 'string' ? `'${column}'` : column} holds values so far apart that their squares overflow. Divide it by a constant first.`,
    { column },
  );
}
