/**
 * Natural logarithm of a positive normal double with an error below 0.51 units in the last place. `Math.log` may be
 * off by a whole unit and differs between engines, which would show in random normals.
 *
 * x = 2^k · m with m in [1, 2). A table gives c ≈ 1/m with few bits, so that r = m·c − 1 is exact in two doubles, and
 * ln x = k·ln 2 − ln c + ln(1 + r), |r| < 2^-7, is summed with compensation. Source of the method: P. T. P. Tang,
 * "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic", ACM TOMS 16 (1990).
 */
export function preciseLog(x: number): number {
  float[0] = x;
  const top = words[1]!;
  const exponent = top >>> 20;
  const k = exponent - bias;
  const m = x * powers[exponent]!;
  const cell = (top >>> 13) & 127;
  const c = reciprocal[cell]!;
  // m in two parts of 26 bits (Veltkamp): their products with the 10 bits of c are exact, and so is mHigh·c − 1 (cancellation).
  const spread = m * 134217729;
  const mHigh = spread - (spread - m);
  const rHigh = mHigh * c - 1;
  const rLow = (m - mHigh) * c;
  const r = rHigh + rLow;
  const rest = rHigh - r + rLow;
  // ln(1 + r) − r = −r²/2 + r³/3 − … ; the first term left out is below 2^-73.
  const r2 = r * r;
  const r4 = r2 * r2;
  const tail =
    r2 *
    (-1 / 2 +
      r * (1 / 3) +
      r2 * (-1 / 4 + r * (1 / 5)) +
      r4 * (-1 / 6 + r * (1 / 7) + r2 * (-1 / 8 + r * (1 / 9))));
  // Exact: multiples of 2^-42 below 2^10.
  const base = k * ln2High + high[cell]!;
  // base + r = sum + sumError exactly, as |base| ≥ |r| or base = 0.
  const sum = base + r;
  const sumError = base - sum + r;
  return sum + (sumError + (k * ln2Low + low[cell]! + (rest - r * rest) + tail));
}

const float = new Float64Array(1);
/** The same 8 bytes, least significant word first (every platform of Node is little-endian). */
const words = new Uint32Array(float.buffer);

const bias = 1023;
/** 2^(1023 − e) for the biased exponents e = 1 … 2046 of normal doubles. */
const powers = Float64Array.from({ length: 2047 }, (_, exponent) => 2 ** (bias - exponent));

const cells = 128;
/** c is a multiple of 1/512. */
const reciprocalUnit = 512;
/** Bits after the point in the fixed-point arithmetic that makes the table. */
const precision = 128n;
/** The upper part of a table entry is a multiple of 2^-42, so that sums with k·ln 2 are exact. */
const highBits = 42n;

/** c ≈ 1/m per cell, and −ln c = high + low. */
const reciprocal = new Float64Array(cells);
const high = new Float64Array(cells);
const low = new Float64Array(cells);
const [ln2High, ln2Low] = splitFixed(lnFixed(2n, 1n));
fillTable();

/**
 * Cell i holds m in [1 + i/128, 1 + (i+1)/128). The first and the last have c = 1 and ½, hence −ln c = 0 and ln 2 to
 * the bit, and ln x near x = 1 has no cancellation.
 */
function fillTable(): void {
  for (let i = 0; i < cells; i++) {
    const numerator =
      i === 0
        ? reciprocalUnit
        : i === cells - 1
          ? reciprocalUnit / 2
          : Math.round(reciprocalUnit / (1 + (i + 0.5) / cells));
    reciprocal[i] = numerator / reciprocalUnit;
    [high[i], low[i]] = splitFixed(lnFixed(BigInt(reciprocalUnit), BigInt(numerator)));
  }
}

/** ln(a / b) · 2^128 for 1 ≤ a/b ≤ 2 by 2·artanh((a − b)/(a + b)) = 2·Σ t^(2j+1)/(2j+1), |t| ≤ 1/3. */
function lnFixed(a: bigint, b: bigint): bigint {
  const t = ((a - b) << precision) / (a + b);
  const t2 = (t * t) >> precision;
  let sum = 0n;
  for (let power = t, j = 1n; power !== 0n; power = (power * t2) >> precision, j += 2n) sum += power / j;
  return 2n * sum;
}

function splitFixed(value: bigint): [number, number] {
  const high = (value >> (precision - highBits)) << (precision - highBits);
  const unit = 2 ** Number(precision);
  return [Number(high) / unit, Number(value - high) / unit];
}
