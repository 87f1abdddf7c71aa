import { globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FileError } from '../../core/errors.ts';
import { joinShared } from './encoding.ts';

/**
 * What a reader reads: a path, a pattern (`data/*.csv`, files in alphabetical order), a URL (http, https, file), bytes, text,
 * or a stream of bytes or text. Streams and downloads are held in memory.
 */
export type Source =
  | string
  | URL
  | Uint8Array
  | { readonly text: string }
  | AsyncIterable<Uint8Array | string>
  | ReadableStreamLike;

/** A web stream, by the part that is used. */
export interface ReadableStreamLike {
  getReader(): { read(): Promise<{ done: boolean; value?: unknown }>; releaseLock(): void };
}

/** A source on this machine: a path, or bytes on shared memory. */
export interface LocalSource {
  readonly name: string;
  readonly path?: string;
  readonly bytes?: Uint8Array;
}

/** Brings a source to this machine. @throws FileError when there is nothing to read. */
export async function localSources(source: Source, signal?: AbortSignal): Promise<LocalSource[]> {
  if (typeof source === 'string') {
    if (/^https?:\/\//i.test(source)) return [await download(new URL(source), signal)];
    if (/^file:\/\//i.test(source)) return paths(fileURLToPath(source));
    return paths(source);
  }
  if (source instanceof URL) {
    return source.protocol === 'file:' ? paths(fileURLToPath(source)) : [await download(source, signal)];
  }
  if (source instanceof Uint8Array) {
    const bytes = source.buffer instanceof SharedArrayBuffer ? source : joinShared([source], source.length);
    return [{ name: 'the data', bytes }];
  }
  if ('text' in source && typeof source.text === 'string') {
    const bytes = new TextEncoder().encode(source.text);
    return [{ name: 'the text', bytes: joinShared([bytes], bytes.length) }];
  }
  return [{ name: 'the stream', bytes: await collect(piecesOf(source as never), signal) }];
}

/** Bytes to read when that is known without reading. */
export function sizeOf(sources: readonly LocalSource[]): number {
  let size = 0;
  for (const { path, bytes } of sources) {
    if (bytes !== undefined) size += bytes.length;
    else size += statSync(path!, { throwIfNoEntry: false })?.size ?? 0;
  }
  return size;
}

function paths(path: string): LocalSource[] {
  if (!/[*?[{]/.test(path) || statSync(path, { throwIfNoEntry: false }) !== undefined)
    return [{ name: path, path }];
  const found = globSync(path).sort();
  if (found.length === 0) {
    throw new FileError(
      'file/not-found',
      `No file matches '${path}'. Relative patterns start at ${process.cwd()}.`,
      {
        file: path,
      },
    );
  }
  return found.map((file) => ({ name: file, path: file }));
}

async function download(url: URL, signal: AbortSignal | undefined): Promise<LocalSource> {
  let response: Response;
  try {
    response = await fetch(url, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    const reason =
      error instanceof Error ? String((error.cause as Error | undefined)?.message ?? error.message) : error;
    throw new FileError(
      'file/download-failed',
      `Cannot read '${url.href}': ${reason}.`,
      { file: url.href },
      error,
    );
  }
  if (!response.ok || response.body === null) {
    throw new FileError(
      'file/download-failed',
      `Cannot read '${url.href}': the server answered ${response.status} ${response.statusText}.`,
      { file: url.href, status: response.status },
    );
  }
  return { name: url.href, bytes: await collect(piecesOf(response.body as never), signal) };
}

async function* piecesOf(source: AsyncIterable<unknown> | ReadableStreamLike): AsyncGenerator<unknown> {
  if (Symbol.asyncIterator in source) {
    yield* source;
    return;
  }
  const reader = source.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

async function collect(pieces: AsyncIterable<unknown>, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    if (typeof piece !== 'string' && !(piece instanceof Uint8Array)) {
      throw new FileError(
        'file/not-bytes',
        `The stream gave a ${typeof piece} where bytes or text are needed.`,
      );
    }
    const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    parts.push(bytes);
    length += bytes.length;
  }
  return joinShared(parts, length);
}
