import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
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

/** A graph ready to run over fixed memory. */
export interface BoundSession {
  /** Computes the outputs from what the inputs hold now. @throws JobError with the reason of the runtime. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a session of ONNX Runtime on one thread, whose inputs are read from, and outputs written to, the given memory without a copy.
 * @throws DependencyError when `onnxruntime-node` is not installed.
 */
export async function bindSession(
  graph: OnnxGraph,
  inputs: Readonly<Record<string, Buffer>>,
  outputs: Readonly<Record<string, Buffer>>,
): Promise<BoundSession> {
  const runtime = await loadOnnxRuntime();
  const bytes = await writeOnnx(graph);
  const session = await runtime.InferenceSession.create(bytes, {
    ...{
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
    },
    logSeverityLevel: 4,
  });
  const bind = (buffers: Readonly<Record<string, Buffer>>, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => {
        const { data, shape } = buffers[name]!;
        return [name, new runtime.Tensor(data as never, shape) as RuntimeTensor];
      }),
    );
  const feeds = bind(inputs, session.inputNames) as InferenceSession.FeedsType;
  const fetches = bind(outputs, session.outputNames) as InferenceSession.FetchesType;
  return {
    async run() {
      try {
        await session.run(feeds, fetches);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new JobError('tensor/run-failed', `ONNX Runtime cannot run the network: ${reason}`, {}, error);
      }
    },
    close: () => session.release(),
  };
}
