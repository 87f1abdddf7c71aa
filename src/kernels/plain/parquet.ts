/** Slow oracles of the kernels for Parquet. */

/** What a text in snappy's raw format holds; nothing when it is damaged. */
export function plainSnappy(bytes: Uint8Array): Uint8Array | undefined {
  let at = 0;
  const byte = () => bytes[at++] ?? Number.NaN;
  const little = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value += byte() * 256 ** i;
    return value;
  };
  let size = 0;
  for (let weight = 1; ; weight *= 128) {
    const next = byte();
    size += (next & 127) * weight;
    if (Number.isNaN(next)) return undefined;
    if (next < 128) break;
  }
  const out: number[] = [];
  while (at < bytes.length) {
    const tag = byte();
    const upper = tag >> 2;
    if ((tag & 3) === 0) {
      const length = 1 + (upper < 60 ? upper : little(upper - 59));
      if (!(at + length <= bytes.length)) return undefined;
      out.push(...bytes.subarray(at, at + length));
      at += length;
      continue;
    }
    const length = (tag & 3) === 1 ? 4 + (upper & 7) : 1 + upper;
    const offset = (tag & 3) === 1 ? ((tag >> 5) << 8) + byte() : little((tag & 3) === 2 ? 2 : 4);
    if (!(offset > 0 && offset <= out.length)) return undefined;
    for (let i = 0; i < length; i++) out.push(out[out.length - offset]!);
  }
  return out.length === size ? Uint8Array.from(out) : undefined;
}

/** `count` numbers of `width` bits in Parquet's hybrid of run lengths and bit packing; nothing when there are fewer. */
export function plainHybrid(bytes: Uint8Array, width: number, count: number): number[] | undefined {
  const values: number[] = [];
  let at = 0;
  while (values.length < count) {
    let header = 0;
    for (let weight = 1; ; weight *= 128) {
      const next = bytes[at++];
      if (next === undefined) return undefined;
      header += (next & 127) * weight;
      if (next < 128) break;
    }
    const length = Math.floor(header / 2);
    if (header % 2 === 0) {
      const size = Math.ceil(width / 8);
      if (at + size > bytes.length || length === 0) return undefined;
      let value = 0;
      for (let i = 0; i < size; i++) value += bytes[at + i]! * 256 ** i;
      at += size;
      for (let i = 0; i < length && values.length < count; i++) values.push(value % 2 ** width);
      continue;
    }
    const wanted = Math.min(length * 8, count - values.length);
    if (at + Math.ceil((wanted * width) / 8) > bytes.length || wanted === 0) return undefined;
    for (let i = 0; i < wanted; i++) {
      let value = 0;
      for (let b = 0; b < width; b++) {
        const bit = i * width + b;
        value += ((bytes[at + (bit >> 3)]! >> (bit & 7)) & 1) * 2 ** b;
      }
      values.push(value);
    }
    at += length * width;
  }
  return values;
}

/** The present values in the rows that have one, `absent` in the others. */
export function plainSpread(values: readonly number[], marks: readonly number[], absent: number): number[] {
  let at = 0;
  return marks.map((mark) => (mark === 1 ? values[at++]! : absent));
}
