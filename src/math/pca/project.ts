import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import { PRODUCT_SCRATCH } from '../product.ts';

/** (x − mean) · directionsᵀ: `directions` is row-major, outputs × columns. */
export interface Projection {
  readonly mean: Float64Array;
  readonly directions: Float64Array;
}

const BLOCK_ROWS = 192;
/** Multiplications up to which plain TypeScript is done before the threads have woken up. */
const PLAIN_WORK = 1_000_000;

interface SharedProjection extends Projection {
  readonly data: Float64Array;
  readonly rows: number;
  readonly out: Float64Array;
  /** Addresses: of the directions; of each thread's scratch. */
  readonly directionsAt: number;
  readonly scratch: number;
  readonly queue: Queue;
}

/** The coordinates of the rows of `x` along the directions, rows × outputs. */
export function project(
  workers: Workers,
  x: Matrix,
  projection: Projection,
): Float64Array | Promise<Float64Array> {
  if (x.rows * projection.directions.length <= PLAIN_WORK) return plainProject(x, projection);
  return projectByKernel(workers, x, projection);
}

function plainProject({ rows, columns, data }: Matrix, { mean, directions }: Projection): Float64Array {
  const outputs = directions.length / columns;
  const scores = sharedArray(Float64Array, rows * outputs);
  const row = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) row[j] = data[i * columns + j]! - mean[j]!;
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let j = 0, at = k * columns; j < columns; j++, at++) sum += row[j]! * directions[at]!;
      scores[i * outputs + k] = sum;
    }
  }
  return scores;
}

async function projectByKernel(workers: Workers, x: Matrix, projection: Projection): Promise<Float64Array> {
  const { team } = workers;
  const { rows, columns, data } = x;
  const outputs = projection.directions.length / columns;
  const out = sharedArray(Float64Array, rows * outputs);
  await team.arena.scopeAsync(async () => {
    const size = PRODUCT_SCRATCH + BLOCK_ROWS * (columns + outputs);
    const shared: SharedProjection = {
      ...{ ...projection, data, rows, out, queue: queueOf() },
      directionsAt: team.arena.place(projection.directions),
      scratch: team.arena.f64(team.threads * size),
    };
    await team.gang(import.meta.url, 'projectBlocks', shared, () => workers.checkpoint());
  });
  return out;
}

/** What every thread runs: it takes blocks of rows in turn. */
export function projectBlocks(self: TeamThread, shared: SharedProjection): void {
  const { thread, kernels, memory } = self;
  const { data, rows, out, mean, directions, directionsAt, queue } = shared;
  const columns = mean.length;
  const outputs = directions.length / columns;
  const scratch = shared.scratch + 8 * thread * (PRODUCT_SCRATCH + BLOCK_ROWS * (columns + outputs));
  const x = scratch + 8 * PRODUCT_SCRATCH;
  const c = x + 8 * BLOCK_ROWS * columns;
  for (;;) {
    const block = takeItem(self, queue, Math.ceil(rows / BLOCK_ROWS));
    if (block < 0) return;
    const from = block * BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS, rows - from);
    const centred = new Float64Array(memory.buffer, x, count * columns);
    for (let i = 0, at = 0; i < count; i++) {
      const row = (from + i) * columns;
      for (let j = 0; j < columns; j++, at++) centred[at] = data[row + j]! - mean[j]!;
    }
    const scores = new Float64Array(memory.buffer, c, count * outputs).fill(0);
    kernels.addProduct(
      ...([0, 1, count, columns, 1, x, 8 * columns, 8, directionsAt, 8, 8 * columns] as const),
      ...([c, 8 * outputs, 0, outputs, scratch] as const),
    );
    out.set(scores, from * outputs);
  }
}

/** scores · directions + mean, rows × columns. */
export function unproject(scores: Matrix, { mean, directions }: Projection, checkpoint: () => void): Matrix {
  const columns = mean.length;
  const back = Matrix.zeros(scores.rows, columns);
  const slice = Math.max(1, Math.floor(4_000_000 / directions.length));
  for (let i = 0; i < scores.rows; i++) {
    if (i % slice === 0) checkpoint();
    const row = back.row(i);
    row.set(mean);
    for (let k = 0; k < scores.columns; k++) {
      const score = scores.data[i * scores.columns + k]!;
      for (let j = 0, at = k * columns; j < columns; j++, at++) row[j]! += score * directions[at]!;
    }
  }
  return back;
}
