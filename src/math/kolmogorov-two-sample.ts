/**
 * P(D ≥ distance / lcm(n, m)) of the two-sample Kolmogorov–Smirnov statistic without ties, exactly. A random order of the
 * pooled sample is a lattice path from (0, 0) to (n, m); |i/n − j/m| reaches D somewhere on it. With q(i, j) the probability that
 * the part before (i, j) has reached it,
 *   q(i, j) = 1 where |i/n − j/m| ≥ D, else (i · q(i−1, j) + j · q(i, j−1)) / (i + j).
 * All terms are positive, so small probabilities keep their digits. O(n·m·D) steps, O(m) memory.
 * Source: J. L. Hodges, "The significance probability of the Smirnov two-sample test", Arkiv för Matematik 3 (1958).
 * @param distance D · lcm(n, m), an integer.
 */
export function twoSampleKolmogorovSurvival(n: number, m: number, distance: number): number {
  if (distance <= 0) return 1;
  if (n === m) return equalSizes(n, distance);
  const divisor = greatestCommonDivisor(n, m);
  // |i/n − j/m| ≥ D  ⇔  |i · m/g − j · n/g| ≥ distance.
  const perRow = m / divisor;
  const perColumn = n / divisor;
  const reached = new Float64Array(m + 1).fill(1);
  for (let i = 0; i <= n; i++) {
    // The open band: i·perRow − distance < j·perColumn < i·perRow + distance.
    const from = Math.max(0, Math.floor((i * perRow - distance) / perColumn) + 1);
    const to = Math.min(m, Math.ceil((i * perRow + distance) / perColumn) - 1);
    if (from > 0) reached[from - 1] = 1;
    for (let j = from; j <= to; j++) {
      if (i === 0 && j === 0) reached[0] = 0;
      else {
        const above = i === 0 ? 0 : i * reached[j];
        const left = j === 0 ? 0 : j * reached[j - 1];
        reached[j] = (above + left) / (i + j);
      }
    }
  }
  return Math.min(1, reached[m]);
}

/**
 * n = m, D = h/n: 2 Σ (−1)^(k−1) C(2n, n − kh) / C(2n, n) over 1 ≤ k ≤ n/h, by reflecting the paths.
 * Source: B. V. Gnedenko, V. S. Korolyuk (1951).
 */
function equalSizes(n: number, h: number): number {
  // Horner's form: with rₖ the ratio of term k to term k − 1 (r₁ to C(2n, n)), the sum is r₁(1 − r₂(1 − r₃(…))).
  let sum = 0;
  for (let k = Math.floor(n / h); k >= 1; k--) {
    let ratio = 1;
    for (let i = 0; i < h; i++) ratio *= (n - (k - 1) * h - i) / (n + (k - 1) * h + i + 1);
    sum = ratio * (1 - sum);
  }
  return Math.min(1, 2 * sum);
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
