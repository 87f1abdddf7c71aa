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
const FIRST_OF_TWO = BY_POINT + (LANES + 2) * 8;
/** Characters of a number that is read together with another one, and rows of their shuffles per length. */
const HALF = 8;
const HALF_ROWS = 16;
const SECOND_OF_TWO = FIRST_OF_TWO + (HALF + 1) * HALF_ROWS * HALF;
const SIGNED_POWERS = SECOND_OF_TWO + (HALF + 1) * HALF_ROWS * HALF;
const SIZE = SIGNED_POWERS + 2 * HALF_ROWS * 8;

/**
 * Tables of the number kernel: 10^0 … 10^22 and a NaN (f64), 10^0 … 10^19 (u64), vectors ("0" × 16, 9 × 16, weights of digits,
 * of pairs and of fours), then for each q in −342 … 308 the 128 leading bits of 5^q, upper half first: truncated for q ≥ 0, rounded
 * up for the reciprocals (D. Lemire, "Number parsing at a gigabyte per second", 2021, section 5); then the {@link shuffles}, and the
 * power of ten (f64) to divide 16 characters by whose decimal mark is in lane 0 … 15, 1 for no mark. Behind that the same for 8 characters,
 * for two numbers in one vector; their powers come with both signs, the negative ones 16 rows on.
 */
export function numberTables(): Uint8Array {
  tables ??= makeTables();
  return tables;
}

let tables: Uint8Array | undefined;

function makeTables(): Uint8Array {
  const bytes = new ArrayBuffer(SIZE);
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
  new Uint8Array(bytes, SHUFFLES).set(shuffles(LANES, ROWS_OF_LENGTH));
  const halves8 = shuffles(HALF, HALF_ROWS);
  new Uint8Array(bytes, FIRST_OF_TWO).set(halves8);
  // The second number has the upper lanes.
  new Uint8Array(bytes, SECOND_OF_TWO).set(halves8.map((lane) => (lane < HALF ? lane + HALF : lane)));
  const signed = new Float64Array(bytes, SIGNED_POWERS, 2 * HALF_ROWS);
  for (let q = 0; q <= HALF; q++) {
    signed[q] = powers[Math.max(0, HALF - 1 - q)]!;
    signed[HALF_ROWS + q] = -signed[q]!;
  }
  const byPoint = new Float64Array(bytes, BY_POINT, LANES + 1);
  for (let q = 0; q <= LANES; q++) byPoint[q] = powers[Math.max(0, LANES - 1 - q)]!;
  return new Uint8Array(bytes);
}

/**
 * Given as many characters as there are lanes, of which the last n are a number with its decimal mark in lane q (`lanes`: none), row
 * `rowsOfLength` n + q names the lane that each lane takes so that the digits close up at the end, the mark gone and zeros (128) before them.
 */
function shuffles(lanes: number, rowsOfLength: number): Uint8Array {
  const rows = new Uint8Array((lanes + 1) * rowsOfLength * lanes).fill(128);
  for (let n = 0; n <= lanes; n++) {
    for (let q = lanes - n; q <= lanes; q++) {
      const row = (rowsOfLength * n + q) * lanes;
      const first = lanes - n;
      for (let lane = q === lanes ? first : first + 1; lane < lanes; lane++) {
        rows[row + lane] = lane > q || q === lanes ? lane : lane - 1;
      }
    }
  }
  // A mark alone is no number: it stays, which is no digit.
  rows[(rowsOfLength + lanes - 1) * lanes + lanes - 1] = lanes - 1;
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
