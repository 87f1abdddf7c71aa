import { createHash } from 'node:crypto';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { DependencyError, FileError, JobError } from '../../core/errors.ts';
import type { TypedArray } from '../../core/shared.ts';
import type { OnnxElement } from '../../define/onnx.ts';
import { markNative } from '../../jobs/native-work.ts';

/** A tensor that goes into a session or comes out; a boolean is 0 or 1, text an array of strings. */
export interface OnnxTensor {
  readonly element: OnnxElement;
  readonly dims: readonly number[];
  readonly data: TypedArray | BigUint64Array | readonly string[];
}

/** A model ready to run in this thread. */
export interface OnnxSession {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** @throws JobError with the reason of the runtime. */
  run(
    feeds: Readonly<Record<string, OnnxTensor>>,
    outputs?: readonly string[],
  ): Promise<Record<string, OnnxTensor>>;
}

export interface OnnxSessionOptions {
  /** Threads that an operator may use; part of what the model computes, since sums may be taken in another order. Default 1. */
  readonly threads?: number | undefined;
  /** {@link onnxDigest} of the bytes, where it is known: sessions of the same bytes are then opened once. */
  readonly digest?: string | undefined;
  /** Named in messages. */
  readonly file?: string | undefined;
}

/** Sessions that a thread keeps. */
const KEPT_SESSIONS = 8;
const kept = new Map<string, Promise<OnnxSession>>();

/** SHA-256 of the bytes of a model. */
export function onnxDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * A session of ONNX Runtime for a model, kept for the next call in this thread.
 * @throws DependencyError when `onnxruntime-node` is not installed; FileError when the runtime refuses the model or the digest is wrong.
 */
export function openOnnxSession(bytes: Uint8Array, options: OnnxSessionOptions = {}): Promise<OnnxSession> {
  const { threads = 1, digest = onnxDigest(bytes), file = 'the model' } = options;
  markNative();
  const key = `${digest} ${threads}`;
  let session = kept.get(key);
  if (session === undefined) {
    session = createSession(bytes, digest, threads, file);
    session.catch(() => kept.delete(key));
  }
  // The one used last is dropped last.
  kept.delete(key);
  kept.set(key, session);
  if (kept.size > KEPT_SESSIONS) kept.delete(kept.keys().next().value!);
  return session;
}

async function createSession(
  bytes: Uint8Array,
  digest: string,
  threads: number,
  file: string,
): Promise<OnnxSession> {
  // Whoever finds a session by its digest finds that of these bytes.
  if (onnxDigest(bytes) !== digest)
    throw new FileError(
      'file/checksum',
      `'${file}' is damaged: its ONNX model does not match its checksum.`,
      { file },
    );
  const runtime = await loadOnnxRuntime();
  let session: InferenceSession;
  try {
    // The runtime refuses shared memory here.
    session = await runtime.InferenceSession.create(Uint8Array.from(bytes), {
      ...{ intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential' },
      // Errors are thrown; the runtime need not print them as well.
      logSeverityLevel: 4,
    });
  } catch (error) {
    throw new FileError(
      'file/unfit-model',
      `ONNX Runtime cannot open '${file}': ${reasonOf(error)}`,
      { file },
      error,
    );
  }
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, outputs = session.outputNames) {
      const given = Object.entries(feeds).map(([name, { element, dims, data }]) => [
        name,
        new runtime.Tensor(element as 'float32', data as Float32Array, dims),
      ]);
      try {
        const results = await session.run(Object.fromEntries(given), outputs);
        return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, tensorOf(value)]));
      } catch (error) {
        throw new JobError(
          'onnx/run-failed',
          `ONNX Runtime cannot run '${file}': ${reasonOf(error)}`,
          { file },
          error,
        );
      }
    },
  };
}

function tensorOf({ type, dims, data }: Tensor): OnnxTensor {
  return { element: type as OnnxElement, dims, data: data as OnnxTensor['data'] };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replace(/\.?$/, '.');
}

/** @throws DependencyError saying how to install it. */
export async function loadOnnxRuntime(): Promise<typeof import('onnxruntime-node')> {
  markNative();
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    throw new DependencyError(
      'dependency/onnxruntime',
      'ONNX models are run by ONNX Runtime, which is not installed here. Run: npm install onnxruntime-node (where its install script ' +
        'cannot download, put onnxruntime-node-install=skip into .npmrc first)',
      { package: 'onnxruntime-node' },
      error,
    );
  }
}
