const SMALLEST = -342;
const LARGEST = 308;
/** Byte offsets of the parts; src/kernels/assembly/csv-cells.ts has the same. */
const POWERS = 192;
const VECTORS = 352;
const FIVES = 464;

/**
 * Tables of the number kernel: 10^0 … 10^22 and a NaN (f64), 10^0 … 10^19 (u64), vectors ("0" × 16, 9 × 16, weights of digits,
 * of pairs and of fours, a window of zeros and ones), then for each q in −342 … 308 the 128 leading bits of 5^q, upper half first:
 * truncated for q ≥ 0, rounded up for the reciprocals (D. Lemire, "Number parsing at a gigabyte per second", 2021, section 5).
 */
export function numberTables(): Uint8Array {
  const bytes = new ArrayBuffer(FIVES + (LARGEST - SMALLEST + 1) * 16);
  const powers = new Float64Array(bytes, 0, 24);
  for (let e = 0; e <= 22; e++) powers[e] = Number(`1e${e}`);
  powers[23] = Number.NaN;
  new BigUint64Array(bytes, POWERS, 20).set(Array.from({ length: 20 }, (_, e) => 10n ** BigInt(e)));
  const vectors = new Uint8Array(bytes, VECTORS, FIVES - VECTORS);
  vectors.fill(48, 0, 16);
  vectors.fill(9, 16, 32);
  for (let i = 32; i < 48; i += 2) vectors.set([10, 1], i);
  for (let i = 48; i < 64; i += 4) vectors.set([100, 0, 1, 0], i);
  for (let i = 64; i < 80; i += 4) vectors.set([10_000 & 255, 10_000 >> 8, 1, 0], i);
  vectors.fill(255, 96, 112);
  const halves = new BigUint64Array(bytes, FIVES);
  for (let q = SMALLEST; q <= LARGEST; q++) {
    const bits = leadingBits(q);
    halves[2 * (q - SMALLEST)] = bits >> 64n;
    halves[2 * (q - SMALLEST) + 1] = bits & 0xffffffffffffffffn;
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
