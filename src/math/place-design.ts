/**
 * Copies a table into a team's memory in the layout of the kernels that sweep over its rows again and again: columns centred
 * and scaled, a column of ones appended for the intercept, both dimensions padded with zeros (see kernels/assembly/logistic.ts).
 *
 * Centring and scaling change only the coordinates: Σ w_j x_j + b = Σ w′_j (x_j − μ_j) / σ_j + b′ with w′_j = σ_j w_j and
 * b′ = b + Σ w_j μ_j. A penalty on w_j² becomes one on w′_j² / σ_j². What is gained is conditioning.
 */
import { DataError } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';
import { type FloatArray, sharedArray } from '../core/shared.ts';
import type { Team } from '../kernels/host/team.ts';
import type { TeamThread } from '../kernels/host/thread.ts';
import { refuseOverflow } from './refuse-overflow.ts';

/** Rows of a kernel's block; the padded number of rows is a multiple. */
const BLOCK_ROWS = 64;
const SHARDS = 64;
/** Below this many values a single thread is done before others have woken up. */
const SOLO_VALUES = 200_000;
const BYTES = { single: 4, double: 8 } as const;

export interface DesignOptions {
  readonly sampleWeight: Float64Array | undefined;
  /** Appends ones and centres the columns (without an intercept centring would change the model). */
  readonly intercept: boolean;
  /** Divide columns by their standard deviation (root mean square without an intercept), or leave their units. */
  readonly scale: 'deviation' | 'none';
  /** Of the placed values. Default 'double'. */
  readonly precision?: 'single' | 'double';
}

/** A table in a team's arena. */
export interface Design {
  /** Address of the values, `paddedRows × stride` numbers. */
  readonly x: number;
  /** Whether they are float32 or float64 numbers. */
  readonly precision: 'single' | 'double';
  readonly rows: number;
  readonly paddedRows: number;
  /** Columns of the table. */
  readonly columns: number;
  /** Parameters: the columns and, last, the intercept. */
  readonly width: number;
  readonly stride: number;
  /** μ, zeros without an intercept. */
  readonly center: Float64Array;
  /** σ, ones where a column is constant. */
  readonly scale: Float64Array;
  /** Address of `paddedRows` sample weights, zero in the padding. */
  readonly weights: number;
  readonly totalWeight: number;
}

interface Payload {
  readonly data: FloatArray;
  readonly precision: 'single' | 'double';
  readonly rows: number;
  readonly columns: number;
  readonly sampleWeight: Float64Array | undefined;
  /** Sums of s (x − x₀) and s (x − x₀)² of each shard, `2 × columns` numbers a shard. */
  readonly moments: Float64Array;
  readonly center: Float64Array;
  /** 1 / σ */
  readonly factor: Float64Array;
  readonly intercept: boolean;
  readonly x: number;
  readonly stride: number;
}

/**
 * Places `matrix`; the blocks stay in the arena until the caller's scope ends.
 * @throws DataError when no row has weight or a column's squares overflow; JobError when the memory does not suffice.
 */
export async function placeDesign(
  team: Team,
  matrix: Matrix | Matrix<Float32Array>,
  options: DesignOptions,
): Promise<Design> {
  const { rows, columns } = matrix;
  const { sampleWeight, intercept, precision = 'double' } = options;
  const paddedRows = Math.ceil(rows / BLOCK_ROWS) * BLOCK_ROWS;
  const width = columns + (intercept ? 1 : 0);
  const stride = Math.max(4, Math.ceil(width / 4) * 4);
  const { weights, totalWeight } = placeWeights(team, rows, paddedRows, sampleWeight);
  const payload: Payload = {
    data: matrix.data,
    precision,
    rows,
    columns,
    sampleWeight,
    intercept,
    stride,
    moments: sharedArray(Float64Array, SHARDS * 2 * columns),
    center: sharedArray(Float64Array, columns),
    factor: sharedArray(Float64Array, columns).fill(1),
    x: team.arena.allocate(paddedRows * stride * BYTES[precision]),
  };
  const run = async (name: 'sumMoments' | 'writeRows', work: typeof sumMoments) => {
    if (rows * columns >= SOLO_VALUES) await team.gang(import.meta.url, name, payload);
    else work(team.alone(), payload);
  };
  const scale = new Float64Array(columns).fill(1);
  if (intercept || options.scale === 'deviation') {
    await run('sumMoments', sumMoments);
    refuseOverflow(matrix, finishMoments(payload, totalWeight, scale));
    if (options.scale === 'none') scale.fill(1);
  }
  payload.factor.set(scale.map((s) => 1 / s));
  await run('writeRows', writeRows);
  const end = payload.x + rows * stride * BYTES[precision];
  team.arena.viewU8(end, (paddedRows - rows) * stride * BYTES[precision]).fill(0);
  const center = Float64Array.from(payload.center);
  return {
    x: payload.x,
    precision,
    rows,
    paddedRows,
    columns,
    width,
    stride,
    center,
    scale,
    weights,
    totalWeight,
  };
}

function placeWeights(team: Team, rows: number, paddedRows: number, sampleWeight: Float64Array | undefined) {
  const weights = team.arena.zeros(paddedRows);
  const view = team.arena.viewF64(weights, rows);
  if (sampleWeight === undefined) view.fill(1);
  else view.set(sampleWeight);
  let totalWeight = 0;
  for (let i = 0; i < rows; i++) totalWeight += view[i]!;
  if (!(totalWeight > 0)) {
    throw new DataError('data/no-weight', 'No row has a positive weight, so there is nothing to fit.', {
      rows,
    });
  }
  return { weights, totalWeight };
}

/** Rows of shard `shard`: the split depends on the table only. */
function shardOf(shard: number, rows: number): readonly [from: number, to: number] {
  return [Math.floor((rows * shard) / SHARDS), Math.floor((rows * (shard + 1)) / SHARDS)];
}

/** Gang function: the shifted moments of each shard. The shift by the first row keeps a large mean from cancelling. */
export function sumMoments({ thread, threads }: TeamThread, payload: Payload): void {
  const { data, rows, columns, sampleWeight, moments } = payload;
  const origin = Float64Array.from(data.subarray(0, columns));
  for (let shard = thread; shard < SHARDS; shard += threads) {
    const sums = new Float64Array(columns);
    const squares = new Float64Array(columns);
    const [from, to] = shardOf(shard, rows);
    for (let i = from, at = from * columns; i < to; i++, at += columns) {
      const weight = sampleWeight === undefined ? 1 : sampleWeight[i]!;
      for (let j = 0; j < columns; j++) {
        const difference = data[at + j]! - origin[j]!;
        sums[j]! += weight * difference;
        squares[j]! += weight * difference * difference;
      }
    }
    moments.set(sums, shard * 2 * columns);
    moments.set(squares, (shard * 2 + 1) * columns);
  }
}

/** Means and deviations from the shards' sums: any approximate value would do, since they only choose coordinates. Returns mean squares. */
function finishMoments(payload: Payload, totalWeight: number, scale: Float64Array): Float64Array {
  const { data, columns, moments, center, intercept } = payload;
  const meanSquares = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    let square = 0;
    for (let shard = 0; shard < SHARDS; shard++) {
      sum += moments[shard * 2 * columns + j]!;
      square += moments[(shard * 2 + 1) * columns + j]!;
    }
    const shift = sum / totalWeight;
    const meanSquare = square / totalWeight;
    meanSquares[j] = meanSquare;
    const mean = data[j]! + shift;
    // A variance below 1e-12 of the mean square is rounding noise of the shift: take a scale that is not.
    const variance = Math.max(meanSquare - shift * shift, 1e-12 * meanSquare);
    const spread = Math.sqrt(intercept ? variance : variance + mean * mean);
    if (intercept) center[j] = mean;
    // 1 / σ² must be finite too.
    scale[j] = spread > 1e-150 && spread < 1e150 ? spread : 1;
  }
  return meanSquares;
}

/** Gang function: writes (x − μ) / σ, the ones and the zeros that pad each row. */
export function writeRows({ thread, threads, memory }: TeamThread, payload: Payload): void {
  const { data, precision, rows, columns, center, factor, intercept, x, stride } = payload;
  const mu = Float64Array.from(center);
  const by = Float64Array.from(factor);
  for (let shard = thread; shard < SHARDS; shard += threads) {
    const [from, to] = shardOf(shard, rows);
    const [start, count] = [x + from * stride * BYTES[precision], (to - from) * stride];
    const out =
      precision === 'single'
        ? new Float32Array(memory.buffer, start, count)
        : new Float64Array(memory.buffer, start, count);
    for (let i = from, at = from * columns, to0 = 0; i < to; i++, at += columns, to0 += stride) {
      for (let j = 0; j < columns; j++) out[to0 + j] = (data[at + j]! - mu[j]!) * by[j]!;
      for (let j = columns; j < stride; j++) out[to0 + j] = 0;
      if (intercept) out[to0 + columns] = 1;
    }
  }
}
