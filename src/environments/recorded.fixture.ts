import { readFileSync } from 'node:fs';

/** What `parity/environments.py` recorded. */
export const recorded = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/environments.json', import.meta.url), 'utf8'),
);

type Kind<A> = new (buffer: ArrayBuffer) => A;

export function unpack<A>(text: string, Kind: Kind<A>): A {
  const bytes = Buffer.from(text, 'base64');
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}

/** Bit `i`, the highest of a byte first. */
export function bitAt(bytes: Uint8Array, i: number): boolean {
  return ((bytes[i >> 3]! >> (7 - (i & 7))) & 1) === 1;
}

/** Number `k` of the sequence that both sides compute. */
export function unit(k: number): number {
  return ((k * 2654435761) % 2 ** 32) / 2 ** 32;
}

export function stateOf(low: readonly number[], high: readonly number[], i: number): number[] {
  return low.map((a, j) => a + (high[j]! - a) * unit(i * low.length + j));
}

/** Distance in units of the last place of a float32. */
export function float32Units(a: number, b: number): number {
  const ordered = (value: number) => {
    const bits = new Int32Array(Float32Array.of(value).buffer)[0]!;
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
  };
  return Math.abs(ordered(a) - ordered(b));
}
