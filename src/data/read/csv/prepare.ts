import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { fileErrorFrom, folderInsteadOfFile } from '../../../core/file-error.ts';
import { byteOrderMark, joinShared, toUtf8 } from '../encoding.ts';
import type { CsvFile } from './bytes.ts';

const PIECE_BYTES = 4 * 2 ** 20;

/** A CSV source as the caller named it. */
export interface CsvInput {
  readonly name: string;
  readonly path?: string | undefined;
  /** On shared memory. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * A source as UTF-8 text: compressed files (`.gz`, `.zst`) and other encodings come into memory, the rest stays where it is.
 * A byte order mark decides the encoding.
 */
export function prepareFile(input: CsvInput, encoding: string): CsvFile {
  const opened = open(input);
  const mark = byteOrderMark(opened.bytes?.subarray(0, 3) ?? firstBytes(opened.path!));
  const actual = mark?.encoding ?? encoding;
  const textStart = mark?.length ?? 0;
  if (actual === 'utf-8') return { ...opened, textStart };
  const bytes = toUtf8(pieces(opened, textStart), actual, input.name);
  return { name: input.name, bytes, size: bytes.length, textStart: 0 };
}

function open({ name, path, bytes }: CsvInput): Omit<CsvFile, 'textStart'> {
  if (bytes !== undefined) return { name, bytes, size: bytes.length };
  try {
    const stats = statSync(path!);
    if (stats.isDirectory()) throw folderInsteadOfFile(path!, 'read');
    const inflate = /\.gz$/i.test(path!)
      ? gunzipSync
      : /\.zst$/i.test(path!)
        ? zstdDecompressSync
        : undefined;
    if (inflate !== undefined) {
      const whole = inflate(readFileSync(path!));
      return { name, bytes: joinShared([whole], whole.length), size: whole.length };
    }
    // A pipe has no size and is read once.
    if (!stats.isFile()) {
      const whole = readFileSync(path!);
      return { name, bytes: joinShared([whole], whole.length), size: whole.length };
    }
    return { name, path, size: stats.size };
  } catch (error) {
    throw (error as { code?: string }).code?.startsWith('file/')
      ? error
      : fileErrorFrom(error, path!, 'read');
  }
}

function firstBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(3);
  const descriptor = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, 3, 0));
  } finally {
    closeSync(descriptor);
  }
}

function* pieces({ path, bytes, size }: Omit<CsvFile, 'textStart'>, start: number): Generator<Uint8Array> {
  if (bytes !== undefined) {
    for (let at = start; at < size; at += PIECE_BYTES)
      yield bytes.slice(at, Math.min(size, at + PIECE_BYTES));
    return;
  }
  const descriptor = openSync(path!, 'r');
  try {
    const piece = new Uint8Array(PIECE_BYTES);
    for (let at = start; ; ) {
      const count = readSync(descriptor, piece, 0, PIECE_BYTES, at);
      if (count === 0) return;
      yield piece.subarray(0, count);
      at += count;
    }
  } finally {
    closeSync(descriptor);
  }
}
