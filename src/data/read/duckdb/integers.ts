const WORD = 2 ** 32;
const BOUND = 2 ** 53;

/** Value i of an array of whole numbers of `words` 32-bit words each, lowest first. */
export function bigintAt(data: Uint32Array, i: number, words: number, signed: boolean): bigint {
  let value = 0n;
  for (let w = words - 1; w >= 0; w--) value = (value << 32n) | BigInt(data[i * words + w]!);
  return signed ? BigInt.asIntN(words * 32, value) : value;
}

/** Value i as a number, NaN when doubles do not hold all its neighbours (±2^53 and beyond). */
export function safeIntegerAt(data: Uint32Array, i: number, words: number, signed: boolean): number {
  const at = i * words;
  const high = signed ? data[at + 1]! | 0 : data[at + 1]!;
  if (words === 4) {
    const fill = signed && high < 0 ? 0xffffffff : 0;
    if (data[at + 2] !== fill || data[at + 3] !== fill) return Number.NaN;
  }
  const value = high * WORD + data[at]!;
  // 2^53 itself may be 2^53 + 1 rounded.
  return value < BOUND && value > -BOUND ? value : Number.NaN;
}
