import { createHash } from 'node:crypto';
import type { Tensor } from '../core/safetensors.ts';

/**
 * SHA-256 over the JSON and every tensor's name, dtype, shape and bytes, in the order of the names, so that a file
 * rewritten by another tool keeps its sum. It finds damage and careless edits; it is no signature, since whoever forges a
 * file can compute it too.
 */
export function modelChecksum(json: string, tensors: Readonly<Record<string, Tensor>>): string {
  const hash = createHash('sha256');
  // Lengths first, so that no byte can move from one part to the next unnoticed.
  const addText = (text: string) => hash.update(`${Buffer.byteLength(text)}:`).update(text);
  addText(json);
  for (const name of Object.keys(tensors).sort()) {
    const { dtype, shape, data } = tensors[name];
    addText(JSON.stringify([name, dtype, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return `sha256:${hash.digest('hex')}`;
}
