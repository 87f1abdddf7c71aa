import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { JobError } from '../core/errors.ts';
import type { Eventually } from '../core/eventually.ts';
import { type DirectSession, loadDirectRuntime, type TensorsByName } from './onnx/direct-runtime.ts';
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
  /**
   * As {@link bind}, but it computes before it returns, unless the runtime can only promise: for threads that nobody waits for, and for
   * callers that let others have their turn by themselves.
   */
  bindDirectly(inputs: Buffers, outputs: Buffers): () => Eventually<void>;
  close(): Promise<void>;
}

/** On one thread, so that sums are taken in the same order wherever it runs. */
const sessionOptions: InferenceSession.SessionOptions = {
  ...{ intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' },
  ...{ graphOptimizationLevel: 'all', logSeverityLevel: 4 },
};

/**
 * How a session gets the memory of what lies between inputs and outputs: all of a run at once, as it found in the first, or piece by piece, which
 * takes a fifth less and, with hundreds of small nodes, a little longer.
 */
export type SessionMemory = 'whole' | 'pieces';

/**
 * Opens a session of ONNX Runtime on one thread.
 * @param graph Or what {@link writeOnnx} made of it, for threads that cannot be sent a graph.
 * @throws DependencyError when `onnxruntime-node` is not installed.
 */
export async function openTensorSession(
  graph: OnnxGraph | Uint8Array,
  memory: SessionMemory = 'whole',
): Promise<TensorSession> {
  const options = { ...sessionOptions, enableMemPattern: memory === 'whole' };
  const runtime = await loadOnnxRuntime();
  const bytes = graph instanceof Uint8Array ? graph : await writeOnnx(graph);
  const direct = await loadDirectRuntime();
  const session: Pick<DirectSession, 'inputs' | 'outputs'> & {
    run(feeds: TensorsByName, fetches: TensorsByName): Eventually<TensorsByName>;
    close(): Eventually<void>;
  } = direct === undefined ? await promised() : direct(bytes, options);

  async function promised() {
    const session = await runtime.InferenceSession.create(bytes, options);
    return {
      ...{ inputs: session.inputNames, outputs: session.outputNames },
      run: (feeds: TensorsByName, fetches: TensorsByName) => session.run(feeds, fetches),
      close: () => session.release(),
    };
  }
  const tensors = (buffers: Buffers, names: readonly string[]): TensorsByName =>
    Object.fromEntries(
      names.map((name) => {
        const { data, shape } = buffers[name]!;
        return [name, new runtime.Tensor(data as never, shape)];
      }),
    );
  function bindDirectly(inputs: Buffers, outputs: Buffers): () => Eventually<void> {
    const feeds = tensors(inputs, session.inputs);
    const fetches = tensors(outputs, session.outputs);
    return () => {
      try {
        const running = session.run(feeds, fetches);
        if (running instanceof Promise) return running.then((copies) => dropCopies(copies, fetches), fail);
        dropCopies(running, fetches);
      } catch (error) {
        fail(error);
      }
    };
  }
  return {
    bindDirectly,
    bind(inputs, outputs) {
      const compute = bindDirectly(inputs, outputs);
      return async () => {
        await nextTurn();
        await compute();
      };
    },
    close: async () => session.close(),
  };
}

/**
 * The runtime copies each output once more, for its caller, who has it already. Left to the collector of garbage these copies call it every hundred
 * small steps, on every thread, and are in memory that is touched for the first time.
 */
function dropCopies(copies: TensorsByName, fetches: TensorsByName): void {
  for (const name in copies) {
    const { buffer } = copies[name]!.data as Float32Array;
    if (buffer instanceof ArrayBuffer && buffer !== (fetches[name]!.data as Float32Array).buffer)
      buffer.transfer(0);
  }
}

function fail(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new JobError('tensor/run-failed', `ONNX Runtime cannot run the network: ${reason}`, {}, error);
}
