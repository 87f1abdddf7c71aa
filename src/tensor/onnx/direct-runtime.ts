import type { InferenceSession, OnnxValue } from 'onnxruntime-node';

export type TensorsByName = Readonly<Record<string, OnnxValue>>;

/** A session that computes when it is called. */
export interface DirectSession {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** @throws the runtime's error */
  run(feeds: TensorsByName, fetches: TensorsByName): TensorsByName;
  close(): void;
}

/** Opens sessions of the runtime. */
export type DirectRuntime = (bytes: Uint8Array, options: InferenceSession.SessionOptions) => DirectSession;

/** What lies under the runtime's promises. It is no part of its documented interface, so all that is used of it is looked for. */
interface Inner {
  readonly initOrt: () => void;
  readonly binding: {
    readonly InferenceSession: new () => {
      loadModel(
        buffer: ArrayBufferLike,
        from: number,
        length: number,
        options: InferenceSession.SessionOptions,
      ): void;
      readonly inputMetadata: readonly { readonly name: string }[];
      readonly outputMetadata: readonly { readonly name: string }[];
      run(feeds: TensorsByName, fetches: TensorsByName, options: object): TensorsByName;
      dispose(): void;
    };
  };
}

/**
 * The runtime without the promises of its public interface, each of which costs a turn of the event loop and objects for every tensor: a third of
 * a small step. Undefined where this version of the runtime has no such inside; its public interface then does the same.
 */
export async function loadDirectRuntime(): Promise<DirectRuntime | undefined> {
  const { initOrt, binding } = await import('onnxruntime-node/dist/binding.js').then(
    (found: { readonly default?: Partial<Inner> }) => found.default ?? {},
    (): Partial<Inner> => ({}),
  );
  if (initOrt === undefined || binding?.InferenceSession === undefined) return undefined;
  initOrt();
  return (bytes, options) => {
    const session = new binding.InferenceSession();
    session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, options);
    const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
    return {
      inputs: names(session.inputMetadata),
      outputs: names(session.outputMetadata),
      run: (feeds, fetches) => session.run(feeds, fetches, {}),
      close: () => session.dispose(),
    };
  };
}
