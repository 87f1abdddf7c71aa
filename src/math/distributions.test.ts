import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { chiSquaredUpperQuantile } from './gamma-quantile.ts';
import { chiSquaredSurvival, regularizedGammaP, regularizedGammaQ } from './incomplete-gamma.ts';
import { kolmogorovLimitQuantile, kolmogorovLimitSurvival, kolmogorovSurvival } from './kolmogorov.ts';
import { logGamma } from './log-gamma.ts';
import { drawBinomial, drawMultinomial } from './multinomial-draw.ts';
import { smirnovSurvival } from './smirnov.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/drift.json', import.meta.url), 'utf8'),
) as Record<string, number[][]>;

function near(actual: number, expected: number, relative: number, what: string): void {
  const bound = relative * Math.abs(expected) + 1e-300;
  assert.ok(Math.abs(actual - expected) <= bound, `${what}: ${actual}, expected ${expected}`);
}

test("ln Γ and the incomplete gamma functions agree with SciPy's", () => {
  for (const [x, expected] of fixture.logGamma) {
    // Units in the last place of the terms, which are of size 1 at the zeros x = 1 and 2.
    assert.ok(Math.abs(logGamma(x) - expected) <= 1e-14 * Math.max(2, Math.abs(expected)), `ln Γ(${x})`);
  }
  for (const [a, x, p, q] of fixture.gamma) {
    // Tails down to 1e-69: the exponent there is about 160, so its rounding costs three digits.
    near(regularizedGammaP(a, x), p, 1e-12, `P(${a}, ${x})`);
    near(regularizedGammaQ(a, x), q, 1e-12, `Q(${a}, ${x})`);
  }
  assert.equal(regularizedGammaP(3, 0), 0);
  assert.equal(regularizedGammaQ(3, Infinity), 0);
});

test("quantiles of χ² agree with SciPy's and lead back to their tails", () => {
  for (const [df, tail, expected] of fixture.chiSquaredQuantile) {
    // The bisection stops at 1e-13 of the logarithm.
    near(chiSquaredUpperQuantile(df, tail), expected, 1e-12, `χ²(${df}, ${tail})`);
    near(chiSquaredSurvival(chiSquaredUpperQuantile(df, tail), df), tail, 1e-10, `tail ${tail} of χ²(${df})`);
  }
});

test("Kolmogorov's and Smirnov's distributions agree with SciPy's", () => {
  for (const [n, x, expected] of fixture.kolmogorov) {
    assert.ok(Math.abs(kolmogorovSurvival(n, x) - expected) < 1e-11, `n = ${n}, x = ${x}`);
  }
  for (const [n, x, expected] of fixture.smirnov) near(smirnovSurvival(n, x), expected, 1e-12, `${n}, ${x}`);
  for (const [z, expected] of fixture.kolmogorovLimit) {
    assert.ok(Math.abs(kolmogorovLimitSurvival(z) - expected) < 1e-14, `z = ${z}`);
  }
  for (const [tail, expected] of fixture.kolmogorovLimitQuantile) {
    near(kolmogorovLimitQuantile(tail), expected, 1e-12, `tail ${tail}`);
  }
});

test('binomial draws have the mean, variance and skewness of their distribution', () => {
  const random = new RandomState(1);
  const size = 20_000;
  const cases: [number, number][] = [
    [3, 0.4],
    [50, 0.1],
    [50, 0.97],
    [40, 0.5],
    [1000, 0.02],
    [1_000_000, 0.3],
    [1_000_000, 1e-6],
  ];
  for (const [n, p] of cases) {
    const variance = n * p * (1 - p);
    let first = 0;
    let second = 0;
    let third = 0;
    for (let i = 0; i < size; i++) {
      const k = drawBinomial(random, n, p);
      assert.ok(Number.isInteger(k) && k >= 0 && k <= n);
      const z = (k - n * p) / Math.sqrt(variance);
      first += z / size;
      second += (z * z) / size;
      third += z ** 3 / size;
    }
    const kurtosis = 3 + (1 - 6 * p * (1 - p)) / variance;
    const skewness = (1 - 2 * p) / Math.sqrt(variance);
    // Five standard errors (that of z³ is about √15, more with heavy tails).
    assert.ok(Math.abs(first) < 5 / Math.sqrt(size), `mean of ${n}, ${p}: ${first}`);
    assert.ok(Math.abs(second - 1) < 5 * Math.sqrt(kurtosis / size), `variance of ${n}, ${p}: ${second}`);
    assert.ok(
      Math.abs(third - skewness) < 5 * Math.sqrt((20 * kurtosis) / size),
      `skewness of ${n}, ${p}: ${third}`,
    );
  }
});

test('multinomial draws add up and leave cells without a share empty', () => {
  const random = new RandomState(2);
  const shares = Float64Array.of(0.2, 0, 0.5, 0.3, 0);
  const sums = new Float64Array(5);
  for (let i = 0; i < 2000; i++) {
    const counts = drawMultinomial(random, 137, shares);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      137,
    );
    for (const [cell, count] of counts.entries()) sums[cell] += count / (2000 * 137);
  }
  for (const [cell, share] of shares.entries()) {
    // Five standard errors of a share of 274,000 draws.
    assert.ok(Math.abs(sums[cell] - share) <= 5 * Math.sqrt((share * (1 - share)) / 274_000), `cell ${cell}`);
  }
});
