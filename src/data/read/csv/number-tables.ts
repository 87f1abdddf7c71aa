/**
 * Tables of the number kernel: 10^0 … 10^22 and a NaN (24 doubles), then for each q in −342 … 308 the 128 leading bits of
 * 5^q, upper half first: truncated for q ≥ 0, rounded up for the reciprocals (D. Lemire, "Number parsing at a gigabyte per
 * second", 2021, section 5).
 */
export function numberTables(): Uint8Array {
  const bytes = new ArrayBuffer(24 * 8 + (308 + 342 + 1) * 16);
  const powers = new Float64Array(bytes, 0, 24);
  for (let e = 0; e <= 22; e++) powers[e] = Number(`1e${e}`);
  powers[23] = Number.NaN;
  const halves = new BigUint64Array(bytes, 24 * 8);
  for (let q = -342; q <= 308; q++) {
    const bits = leadingBits(q);
    halves[2 * (q + 342)] = bits >> 64n;
    halves[2 * (q + 342) + 1] = bits & 0xffffffffffffffffn;
  }
  return new Uint8Array(bytes);
}

function leadingBits(q: number): bigint {
  if (q >= 0) return toWidth(5n ** BigInt(q));
  const power = 5n ** BigInt(-q);
  // 2^b / 5^−q with enough bits, rounded up, then cut to 128.
  const bits = BigInt(power.toString(2).length);
  const b = q >= -27 ? bits + 127n : 2n * bits + 128n;
  return toWidth((1n << b) / power + 1n);
}

function toWidth(value: bigint): bigint {
  const excess = value.toString(2).length - 128;
  return excess >= 0 ? value >> BigInt(excess) : value << BigInt(-excess);
}
