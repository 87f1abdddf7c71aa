/**
 * Passes over the rows of a least-squares problem, which may be larger than kernel memory: each thread copies blocks of
 * rows into its scratch block and folds them into the sum of their shard. Shards depend on the data alone and are summed in
 * order, so the result has the same bits for any number of threads.
 */
import { isStopped, itemsTaken, type Queue, queueOf, takeItem } from '../kernels/host/queue.ts';
import type { TeamThread } from '../kernels/host/thread.ts';
import type { Design } from './design.ts';
import type { Workers } from './least-squares-problem.ts';

type Pass = 'gram' | 'triangle' | 'gradient';

interface PassPlan {
  readonly pass: Pass;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sampleWeight: Float64Array | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly targets: number;
  readonly one: number;
  readonly width: number;
  readonly stride: number;
  /** Rows of a block. */
  readonly depth: number;
  readonly shardRows: number;
  /** Pointers. */
  readonly shift: number;
  readonly scale: number;
  readonly weights: number;
  readonly scratch: number;
  readonly parts: number;
  /** Numbers of scratch a thread, of result a shard. */
  readonly scratchSize: number;
  readonly partSize: number;
}

interface SharedPass extends PassPlan {
  readonly queue: Queue;
  readonly shards: number;
}

/** Multiplications up to which a pass stays on the calling thread: waking another costs as much. */
const SOLO_WORK = 1e6;
/** Numbers all shards' results together may take, if there are more than four shards. */
const PARTS_SIZE = 1 << 22;

/** The upper triangle of ZᵀZ, row-major, stride × stride. */
export async function gramOfRows(workers: Workers, design: Design): Promise<Float64Array> {
  return passOverRows(workers, design, 'gram', design.stride ** 2, sumOfParts);
}

/** Zᵀ(Y − [1, X] W) for each target, targets × stride; `weights` as the kernel `addResidualGradient` takes them. */
export async function residualGradient(
  workers: Workers,
  design: Design,
  weights: Float64Array,
): Promise<Float64Array> {
  return passOverRows(workers, design, 'gradient', weights.length, sumOfParts, weights);
}

/** The first 1 + columns rows of the R of Z = QR, row-major with `stride` numbers a row; Qᵀ is applied to the targets. */
export async function triangleOfRows(workers: Workers, design: Design): Promise<Float64Array> {
  const { team } = workers;
  const { stride, width } = design;
  const eliminated = 1 + design.problem.x.columns;
  const size = eliminated * stride;
  return passOverRows(workers, design, 'triangle', size, (_, triangle, shards) => {
    const scratch = team.arena.f64(width * (eliminated + 3));
    for (let shard = 1; shard < shards; shard++) {
      const rows = triangle + 8 * shard * size;
      team.solo('foldRows', rows, eliminated, stride, eliminated, width, triangle, scratch);
      workers.checkpoint();
    }
    return team.arena.copyF64(triangle, size);
  });
}

/** Brings the results of the shards, one after another at the address `parts`, together. */
type Join = (workers: Workers, parts: number, shards: number, partSize: number) => Float64Array;

function sumOfParts({ team }: Workers, parts: number, shards: number, partSize: number): Float64Array {
  const sum = team.arena.f64(partSize);
  team.callIfLarge(shards * partSize, 'sumShards', parts, partSize, shards, sum);
  return team.arena.copyF64(sum, partSize);
}

/** What `join` makes of the results of the shards. */
async function passOverRows(
  workers: Workers,
  { problem, width, stride, shift, scale }: Design,
  pass: Pass,
  partSize: number,
  join: Join,
  weights?: Float64Array,
): Promise<Float64Array> {
  const { team } = workers;
  const { arena } = team;
  const { x, y, targets, sampleWeight, fitIntercept } = problem;
  const depth = Math.max(128, Math.min(512, Math.floor(32768 / stride / 8) * 8));
  const most = Math.max(4, Math.min(64, Math.floor(PARTS_SIZE / partSize)));
  const shardRows = Math.ceil(x.rows / most / depth) * depth;
  const shards = Math.ceil(x.rows / shardRows);
  const multiplications = pass === 'gradient' ? 2 * targets * width : width ** 2;
  return arena.scopeAsync(async () => {
    const scratchSize = depth * (x.columns + targets + 1 + 2 * stride) + 64;
    const parts = arena.zeros(shards * partSize);
    const plan: PassPlan = {
      ...{ pass, x: x.data, y, sampleWeight, rows: x.rows, columns: x.columns, targets, width, stride },
      ...{ one: fitIntercept ? 1 : 0, depth, shardRows, scratchSize, partSize, parts },
      shift: arena.place(shift),
      scale: arena.place(scale),
      weights: weights === undefined ? 0 : arena.place(weights),
      scratch: arena.f64(team.threads * scratchSize),
    };
    const pool: SharedPass = { ...plan, queue: queueOf(), shards };
    if (x.rows * multiplications <= SOLO_WORK) {
      foldShards(team.alone(), pool);
    } else {
      await team.gang(import.meta.url, 'foldShards', pool, () => {
        if (pass !== 'gradient') workers.progress?.(Math.min(1, itemsTaken(pool.queue) / shards));
        workers.checkpoint();
      });
    }
    return join(workers, parts, shards, partSize);
  });
}

/** What every thread of a pass runs. */
export function foldShards(self: TeamThread, plan: SharedPass): void {
  const { thread, kernels, memory } = self;
  const { columns, targets, depth, stride, shardRows } = plan;
  const heap = new Float64Array(memory.buffer);
  const x = plan.scratch / 8 + thread * plan.scratchSize;
  const y = x + depth * columns;
  const w = y + depth * targets;
  // Vectors of Z start on 32 bytes.
  const z = Math.ceil((w + depth) / 4) * 4;
  const spare = z + depth * stride;
  for (;;) {
    const shard = takeItem(self, plan.queue, plan.shards);
    if (shard < 0) return;
    const part = plan.parts + 8 * shard * plan.partSize;
    const end = Math.min(plan.rows, (shard + 1) * shardRows);
    for (let row = shard * shardRows; row < end && !isStopped(self, plan.queue); row += depth) {
      const rows = Math.min(depth, end - row);
      heap.set(plan.x.subarray(row * columns, (row + rows) * columns), x);
      heap.set(plan.y.subarray(row * targets, (row + rows) * targets), y);
      if (plan.sampleWeight !== undefined) heap.set(plan.sampleWeight.subarray(row, row + rows), w);
      const weight = plan.sampleWeight === undefined ? 0 : 8 * w;
      kernels.fillDesignRows(
        ...([0, 1, 8 * x, columns, 8 * y, targets, weight] as const),
        ...([plan.one, plan.shift, plan.scale, rows, stride, 8 * z] as const),
      );
      if (plan.pass === 'gram') kernels.addGram(0, 1, 8 * z, rows, plan.width, stride, part);
      else if (plan.pass === 'gradient') {
        kernels.addResidualGradient(0, 1, 8 * z, rows, stride, targets, plan.weights, part);
      } else {
        kernels.foldRows(0, 1, 8 * z, rows, stride, 1 + columns, plan.width, part, 8 * spare);
      }
    }
  }
}
