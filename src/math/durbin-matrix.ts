/**
 * P(D ≤ x) of the two-sided Kolmogorov–Smirnov statistic of n draws, exactly: n!/nⁿ · (Hⁿ)ₖₖ for a matrix H of 2k − 1 rows,
 * k = ⌊nx⌋ + 1. O(k³ log n), so for small nx.
 * Source: J. Durbin (1973); G. Marsaglia, W. W. Tsang, J. Wang, "Evaluating Kolmogorov's distribution", JSS 8 (2003).
 */
export function kolmogorovByMatrix(n: number, x: number): number {
  const k = Math.floor(n * x) + 1;
  const h = k - n * x;
  const size = 2 * k - 1;
  const power = matrixPower(durbinMatrix(size, h), size, n);
  let value = power.values[(k - 1) * size + k - 1];
  let exponent = power.exponent;
  for (let i = 1; i <= n; i++) {
    value *= i / n;
    if (value < 2 ** -500) {
      value *= 2 ** 500;
      exponent -= 500;
    }
  }
  return value * 2 ** exponent;
}

/** Hᵢⱼ = 1/(i − j + 1)! on and below the superdiagonal, less powers of h in the first column and the last row. */
function durbinMatrix(size: number, h: number): Float64Array {
  const inverseFactorial = [1];
  for (let i = 1; i <= size; i++) inverseFactorial.push(inverseFactorial[i - 1] / i);
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= Math.min(size - 1, i + 1); j++) {
      let entry = 1;
      if (j === 0) entry -= h ** (i + 1);
      if (i === size - 1) entry -= h ** (size - j);
      if (j === 0 && i === size - 1 && h > 0.5) entry += (2 * h - 1) ** size;
      values[i * size + j] = entry * inverseFactorial[i - j + 1];
    }
  }
  return values;
}

interface Scaled {
  readonly values: Float64Array;
  /** The matrix is values · 2^exponent. */
  readonly exponent: number;
}

function matrixPower(values: Float64Array, size: number, power: number): Scaled {
  let result: Scaled | undefined;
  let square: Scaled = { values, exponent: 0 };
  for (let rest = power; ; square = multiply(square, square, size)) {
    if (rest % 2 === 1) result = result === undefined ? square : multiply(result, square, size);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
  }
}

function multiply(a: Scaled, b: Scaled, size: number): Scaled {
  const values = new Float64Array(size * size);
  let largest = 0;
  for (let i = 0; i < size; i++) {
    const row = values.subarray(i * size, (i + 1) * size);
    for (let l = 0; l < size; l++) {
      const factor = a.values[i * size + l];
      if (factor === 0) continue;
      const from = l * size;
      for (let j = 0; j < size; j++) row[j] += factor * b.values[from + j];
    }
    for (let j = 0; j < size; j++) largest = Math.max(largest, row[j]);
  }
  let exponent = a.exponent + b.exponent;
  if (largest > 2 ** 200) {
    for (let i = 0; i < values.length; i++) values[i] *= 2 ** -200;
    exponent += 200;
  }
  return { values, exponent };
}
