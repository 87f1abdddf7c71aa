/** Strings as two arrays: all their UTF-8 bytes in a row, and where each starts (one more offset ends the last). */
export interface PackedStrings {
  readonly bytes: Uint8Array;
  /** `strings.length + 1` of them, from 0; 64 bits wide only when there are 2^31 bytes or more. */
  readonly offsets: Int32Array | BigInt64Array;
}

/** The strings must be well formed: a lone surrogate has no UTF-8. */
export function packStrings(strings: readonly string[]): PackedStrings {
  const starts = new Float64Array(strings.length + 1);
  for (let i = 0; i < strings.length; i++) starts[i + 1] = starts[i] + Buffer.byteLength(strings[i], 'utf8');
  const total = starts[strings.length];
  const bytes = new Uint8Array(total);
  const encoder = new TextEncoder();
  for (let i = 0; i < strings.length; i++)
    encoder.encodeInto(strings[i], bytes.subarray(starts[i], starts[i + 1]));
  const offsets = total < 2 ** 31 ? Int32Array.from(starts) : BigInt64Array.from(starts, BigInt);
  return { bytes, offsets };
}

/** The inverse; `undefined` when the arrays do not fit each other or are no UTF-8. */
export function unpackStrings(bytes: Uint8Array, offsets: ArrayBufferView): string[] | undefined {
  if (!(offsets instanceof Int32Array || offsets instanceof BigInt64Array)) return undefined;
  const count = offsets.length - 1;
  if (count < 0 || Number(offsets[0]) !== 0 || Number(offsets[count]) !== bytes.length) return undefined;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const strings: string[] = [];
  for (let i = 0; i < count; i++) {
    const [start, end] = [Number(offsets[i]), Number(offsets[i + 1])];
    if (start > end || end > bytes.length) return undefined;
    try {
      strings.push(decoder.decode(bytes.subarray(start, end)));
    } catch {
      return undefined;
    }
  }
  return strings;
}
