import type { Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Job } from '../../jobs/job.ts';
import { type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import { loadOnnxRuntime } from '../../tensor/onnx/onnx-session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { denseRow, denseRows } from '../dense/dense-layers.ts';
import { outputShape } from '../network.ts';
import { requireIndices } from '../require-indices.ts';
import { denseNetwork, type FittedNetwork } from './fitted-network.ts';
import { networkOperations } from './network-operations.ts';
import { openPredictor } from './predictor.ts';

/** Rows of a table, row-major. */
export interface NetworkInput {
  readonly data: Float64Array;
  readonly rows: number;
}

/**
 * What a trained network gives for rows, row-major [rows, outputs]. Dense layers are computed in float64 by kernels; all others in
 * float32 by ONNX Runtime, in blocks of a size that depends on the network only, so that a row gets the same bits by itself and among
 * many, on any number of threads.
 * @throws DependencyError when `onnxruntime-node` is not installed and there are other than dense layers.
 */
export function networkRows(
  job: Job,
  { data, rows }: NetworkInput,
  network: FittedNetwork,
): Eventually<Float64Array> {
  const dense = denseNetwork(network);
  if (dense !== undefined) return denseRows(job, { data, rows, columns: sizeOf(network.inputShape) }, dense);
  requireIndices(network, data);
  return blockRows(job, { data, rows }, network);
}

/** One row at once, where the network has dense layers only. */
export function networkRow(row: Float64Array, network: FittedNetwork): Float64Array | undefined {
  const dense = denseNetwork(network);
  return dense && denseRow(row, dense);
}

/** Operations of a block, about: some rows of small networks share the cost of a call. */
const BLOCK_OPERATIONS = 4e6;
const MOST_ROWS = 64;
/** Operations from which the other threads are worth opening sessions of their own. */
const SHARED_OPERATIONS = 200e6;

interface PredictionPlan {
  readonly network: FittedNetwork;
  readonly data: Float64Array;
  readonly results: Float64Array;
  readonly blockRows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly queue: Queue;
}

async function blockRows(
  job: Job,
  { data, rows }: NetworkInput,
  network: FittedNetwork,
): Promise<Float64Array> {
  const operations = networkOperations(network);
  const outputs = sizeOf(outputShape(network));
  const results = sharedArray(Float64Array, rows * outputs);
  // Here rather than on a helper thread, whose errors are told as failures of the machinery.
  await loadOnnxRuntime();
  const plan: PredictionPlan = {
    queue: queueOf(),
    ...{ network, data, results, outputs, inputs: sizeOf(network.inputShape) },
    blockRows: Math.max(1, Math.min(MOST_ROWS, Math.floor(BLOCK_OPERATIONS / operations))),
  };
  const checkpoint = () => job.checkpoint();
  const isShared = job.threads > 1 && rows * operations > SHARED_OPERATIONS;
  if (!isShared) await predictBlocks(job.team.alone(checkpoint), plan);
  else {
    const name = 'predictBlocks' satisfies keyof typeof import('./network-rows.ts');
    await job.team.gang(import.meta.url, name, plan, checkpoint);
  }
  return results;
}

/** What every thread runs. */
export async function predictBlocks(self: TeamThread, plan: PredictionPlan): Promise<void> {
  const { data, results, blockRows, inputs, outputs, network, queue } = plan;
  const rows = results.length / outputs;
  const predictor = await openPredictor(network, blockRows);
  for (;;) {
    const block = takeItem(self, queue, Math.ceil(rows / blockRows));
    if (block < 0) return;
    const from = block * blockRows;
    const count = Math.min(blockRows, rows - from);
    await predictor.run(
      (x) => {
        x.set(data.subarray(from * inputs, (from + count) * inputs));
        // What is left of an earlier block could be no numbers.
        x.fill(0, count * inputs);
      },
      (output) => results.set(output.subarray(0, count * outputs), from * outputs),
    );
  }
}
