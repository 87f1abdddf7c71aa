const SMALLEST = -342;
const LARGEST = 308;
// Byte offsets of the parts; src/kernels/assembly/csv-classes.ts has the same.
const POWERS = 192;
const VECTORS = 352;
const FIVES = 432;
const SHUFFLES = FIVES + (LARGEST - SMALLEST + 1) * 16;
const LANES = 16;
/** Rows of the shuffles per length of a number. */
const ROWS_OF_LENGTH = 32;
const BY_POINT = SHUFFLES + (LANES + 1) * ROWS_OF_LENGTH * LANES;

/**
 * Tables of the number kernel: 10^0 … 10^22 and a NaN (f64), 10^0 … 10^19 (u64), vectors ("0" × 16, 9 × 16, weights of digits,
 * of pairs and of fours), then for each q in −342 … 308 the 128 leading bits of 5^q, upper half first: truncated for q ≥ 0, rounded
 * up for the reciprocals (D. Lemire, "Number parsing at a gigabyte per second", 2021, section 5); then the {@link shuffles}, and the
 * power of ten (f64) to divide 16 characters by whose decimal mark is in lane 0 … 15, 1 for no mark.
 */
export function numberTables(): Uint8Array {
  tables ??= makeTables();
  return tables;
}

let tables: Uint8Array | undefined;

function makeTables(): Uint8Array {
  const bytes = new ArrayBuffer(BY_POINT + (LANES + 1) * 8);
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
  const halves = new BigUint64Array(bytes, FIVES);
  for (let q = SMALLEST; q <= LARGEST; q++) {
    const bits = leadingBits(q);
    halves[2 * (q - SMALLEST)] = bits >> 64n;
    halves[2 * (q - SMALLEST) + 1] = bits & 0xffffffffffffffffn;
  }
  new Uint8Array(bytes, SHUFFLES).set(shuffles());
  const byPoint = new Float64Array(bytes, BY_POINT, LANES + 1);
  for (let q = 0; q <= LANES; q++) byPoint[q] = powers[Math.max(0, LANES - 1 - q)]!;
  return new Uint8Array(bytes);
}

/**
 * Given 16 characters of which the last n (0 … 16) are a number with its decimal mark in lane q (16: none), row 32 n + q names the lane
 * that each lane takes so that the digits close up at the end, the mark gone and zeros (128) before them.
 */
function shuffles(): Uint8Array {
  const rows = new Uint8Array((LANES + 1) * ROWS_OF_LENGTH * LANES).fill(128);
  for (let n = 0; n <= LANES; n++) {
    for (let q = LANES - n; q <= LANES; q++) {
      const row = (ROWS_OF_LENGTH * n + q) * LANES;
      const first = LANES - n;
      for (let lane = q === LANES ? first : first + 1; lane < LANES; lane++) {
        rows[row + lane] = lane > q || q === LANES ? lane : lane - 1;
      }
    }
  }
  // A mark alone is no number: it stays, which is no digit.
  rows[(ROWS_OF_LENGTH + LANES - 1) * LANES + LANES - 1] = LANES - 1;
  return rows;
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
