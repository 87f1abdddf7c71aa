import type { InferenceSession } from 'onnxruntime-node';
import { JobError } from '../core/errors.ts';
import type { OnnxGraph } from './onnx/onnx-graph.ts';
import { loadOnnxRuntime } from './onnx/onnx-session.ts';
import { writeOnnx } from './onnx/write-onnx.ts';
import type { Shape } from './tensor.ts';

/** A place in memory that a session reads or writes. */
export interface Buffer {
  readonly data: Float32Array | Float64Array | Int32Array;
  readonly shape: Shape;
}

export type Buffers = Readonly<Record<string, Buffer>>;

/** A graph ready to run. */
export interface TensorSession {
  /**
   * A function that computes the outputs from what the inputs hold when it is called. Memory is read and written in place, without a copy.
   * It throws JobError with the reason of the runtime.
   */
  bind(inputs: Buffers, outputs: Buffers): () => Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a session of ONNX Runtime on one thread, so that sums are taken in the same order wherever it runs.
 * @throws DependencyError when `onnxruntime-node` is not installed.
 */
export async function openTensorSession(graph: OnnxGraph): Promise<TensorSession> {
  const runtime = await loadOnnxRuntime();
  const session = await runtime.InferenceSession.create(await writeOnnx(graph), {
    ...{
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
    },
    logSeverityLevel: 4,
  });
  const tensors = (buffers: Buffers, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => {
        const { data, shape } = buffers[name]!;
        return [name, new runtime.Tensor(data as never, shape)];
      }),
    );
  return {
    bind(inputs, outputs) {
      const feeds = tensors(inputs, session.inputNames) as InferenceSession.FeedsType;
      const fetches = tensors(outputs, session.outputNames) as InferenceSession.FetchesType;
      return async () => {
        try {
          await session.run(feeds, fetches);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          throw new JobError(
            'tensor/run-failed',
            `ONNX Runtime cannot run the network: ${reason}`,
            {},
            error,
          );
        }
      };
    },
    close: () => session.release(),
  };
}
