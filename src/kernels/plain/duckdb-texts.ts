/** Slow oracle of the kernel `indexTexts`: the texts of a vector of DuckDB's VARCHAR, those of more than 12 bytes given apart. */
export function plainTexts(
  data: Uint8Array,
  validity: Uint8Array | null,
  rows: number,
  far: (row: number) => Uint8Array,
): (string | undefined)[] {
  const words = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: rows }, (_, i) => {
    if (validity !== null && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) return undefined;
    const length = words.getUint32(16 * i, true);
    const bytes = length > 12 ? far(i) : data.subarray(16 * i + 4, 16 * i + 4 + length);
    return new TextDecoder().decode(bytes);
  });
}
