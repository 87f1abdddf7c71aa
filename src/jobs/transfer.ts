/**
 * The buffers of typed arrays in `value` that can move to another thread instead of being copied: each belongs to one
 * array as a whole and is not shared.
 */
export function transferable(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  collect(value, buffers);
  return [...buffers];
}

function collect(value: unknown, buffers: Set<ArrayBuffer>): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffers.add(buffer);
    return;
  }
  if (Array.isArray(value) && (value.length === 0 || typeof value[0] !== 'object')) return;
  for (const part of Object.values(value)) collect(part, buffers);
}
