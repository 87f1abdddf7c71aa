import { readFile } from 'node:fs/promises';
import { fileErrorFrom } from '../../core/file-error.ts';
import { isShared, sharedArray } from '../../core/shared.ts';
import type { OnnxElement } from '../../define/onnx.ts';
import { onnxDigest } from '../../tensor/onnx/onnx-session.ts';
import { type OnnxFile, readOnnx } from '../../tensor/onnx/read-onnx.ts';
import { canFeed } from '../../tensor/onnx/table-feeds.ts';
import { portText, refuseOnnx } from './refuse-onnx.ts';

/** An input or output, as plain data. */
export interface PortState {
  readonly name: string;
  readonly element: OnnxElement;
  /** A text is a size that varies; null when the file does not say. */
  readonly shape: readonly (number | string)[] | null;
}

/** What every model that is an ONNX file holds. */
export interface OnnxState {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes. */
  readonly digest: string;
  readonly inputs: readonly PortState[];
  readonly threads: number;
}

export interface OpenedOnnx {
  readonly file: OnnxFile;
  readonly state: OnnxState;
}

/** @throws FileError naming the path. */
export async function readOnnxBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileErrorFrom(error, path, 'read');
  }
}

/**
 * A file's content with what must be known to run it.
 * @param name Of the file, for messages.
 * @throws FileError for what is no ONNX model, or has inputs that no columns can be.
 */
export async function openOnnx(bytes: Uint8Array, name: string, threads: number): Promise<OpenedOnnx> {
  const file = await readOnnx(bytes, name);
  if (file.inputs.length === 0) throw refuseOnnx(name, 'its graph has no inputs');
  const inputs = file.inputs.map((port): PortState => {
    const { element, shape } = port;
    if (element === undefined || !canFeed(element))
      throw refuseOnnx(name, `its input ${portText(port)} is nothing that columns can be`);
    if (shape?.length === 0)
      throw refuseOnnx(name, `its input ${portText(port)} is one number, not a number a row`);
    return { name: port.name, element, shape: shape === undefined ? null : [...shape] };
  });
  const sizeOf = ({ shape }: PortState) =>
    (shape ?? [])
      .slice(1)
      .reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
  const wide = inputs.length > 1 ? inputs.find((port) => sizeOf(port) !== 1) : undefined;
  if (wide !== undefined) {
    throw refuseOnnx(
      name,
      `it has ${inputs.length} inputs, of which '${wide.name}' takes rows of ${sizeOf(wide)} numbers; of several inputs each must take one column`,
    );
  }
  return { file, state: { bytes: toShared(bytes), digest: onnxDigest(bytes), inputs, threads } };
}

/** The bytes where worker threads see them without a copy. */
export function toShared(bytes: Uint8Array): Uint8Array {
  if (isShared(bytes)) return bytes;
  const copy = sharedArray(Uint8Array, bytes.length);
  copy.set(bytes);
  return copy;
}
