import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { chiSquaredUpperQuantile } from '../../math/gamma-quantile.ts';
import { chiSquared } from './chi-squared.ts';
import { viewColumn } from './column-view.ts';
import { drawnPValue, nullDraws } from './null-draws.ts';
import { poolRareCells } from './pool-rare-cells.ts';
import { quantileBinCounts } from './quantile-bins.ts';
import { summariseReference } from './summarise-reference.ts';
import { tailQuantile } from './tail-quantile.ts';
import { wassersteinDistance } from './wasserstein.ts';
import { wassersteinNullDraws } from './wasserstein-null.ts';

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value / values.length, 0);

test('within the draws the null quantile is an order statistic, beyond them a fitted tail', () => {
  const draws = Float64Array.from({ length: 999 }, (_, i) => i + 1);
  assert.equal(tailQuantile(draws, 0.05), 950);
  assert.equal(tailQuantile(draws, 0.001), 999);
  assert.ok(tailQuantile(draws, 1e-9) > 999);
  // Sums of df squared normals follow χ², whose quantile at 1e-5 is known. 1,000 draws leave the moments uncertain by
  // some percent, skewness most (its standard error at
  // df 1 is some 10%).
  const random = new RandomState(1);
  for (const df of [1, 9, 99]) {
    const squares = Float64Array.from({ length: 1000 }, () =>
      random.fillNormal(new Float64Array(df)).reduce((sum, z) => sum + z * z, 0),
    );
    const ratio = tailQuantile(squares, 1e-5) / chiSquaredUpperQuantile(df, 1e-5);
    assert.ok(Math.abs(ratio - 1) < 0.2, `df ${df}: ${ratio}`);
  }
  assert.equal(tailQuantile(new Float64Array(10), 1e-4), 0);
});

test('simulated χ² statistics follow the distribution that theory gives', () => {
  const counts = Float64Array.from({ length: 20 }, (_, i) => 50 + 10 * i);
  const draws = nullDraws(counts, counts, (a, b) => chiSquared(a, b).statistic, 0);
  assert.equal(draws.length, 1000);
  // Mean df = 19, five standard errors √(2 · 19 / 1000).
  assert.ok(Math.abs(mean(draws) - 19) < 5 * Math.sqrt(38 / 1000), String(mean(draws)));
  // 5% of 1,000 draws, five standard errors of 0.7%.
  const beyond = drawnPValue(draws, chiSquaredUpperQuantile(19, 0.05));
  assert.ok(Math.abs(beyond - 0.05) < 0.035, String(beyond));
});

test('the simulated Wasserstein distance agrees with permutations of the rows', () => {
  const random = new RandomState(2);
  const shapes = [(z: number) => z, (z: number) => Math.exp(1.5 * z), (z: number) => Math.round(z)];
  for (const shape of shapes) {
    const pooled = random.fillNormal(new Float64Array(900)).map(shape);
    const column = (values: Float64Array) => viewColumn({ kind: 'number', values });
    const [a, b] = [column(pooled.slice(0, 600)), column(pooled.slice(600))];
    assert.ok('means' in a && 'means' in b);
    const drawn = mean(wassersteinNullDraws(a, b, 0));
    const permuted = mean(
      Float64Array.from({ length: 400 }, () => {
        const rows = random.permutation(pooled);
        return wassersteinDistance(rows.subarray(0, 600), rows.subarray(600)).normalized;
      }),
    );
    // The mean of 400 permutations is known to 2%; drawing with replacement and cells of 1/64 cost some percent more.
    assert.ok(Math.abs(drawn / permuted - 1) < 0.1, `${drawn} ${permuted}`);
  }
});

test('rare cells are pooled by their rows in both windows, and no row is lost', () => {
  const counts = { reference: Float64Array.of(100, 6, 50, 0, 2), current: Float64Array.of(90, 1, 60, 30, 4) };
  assert.deepEqual(poolRareCells(counts), {
    reference: Float64Array.of(100, 50, 0, 8),
    current: Float64Array.of(90, 60, 30, 5),
  });
  const few = { reference: Float64Array.of(100, 1), current: Float64Array.of(100, 2) };
  assert.deepEqual(poolRareCells(few), { reference: Float64Array.of(101), current: Float64Array.of(102) });
  const many = new Float64Array(5000).fill(100);
  const pooled = poolRareCells({ reference: many, current: many });
  assert.equal(pooled.reference.length, 1001);
  assert.equal(pooled.reference.at(-1), 400_000);
});

test('a value that many rows share has a cell of its own in a summary', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 0 : (i - 500) / 100));
  const [summary] = summariseReference(new Frame([['x', { kind: 'number', values }]])).columns;
  assert.ok('means' in summary);
  const cell = summary.lower.findIndex((lower, i) => lower === 0 && summary.upper[i] === 0);
  assert.equal(summary.counts[cell], 500);
  assert.equal(
    summary.counts.reduce((sum, count) => sum + count, 0),
    1000,
  );
  for (const [i, count] of summary.counts.entries()) {
    assert.ok(i === cell || count <= (2 * 1000) / 128);
    assert.ok(summary.lower[i] <= summary.means[i] && summary.means[i] <= summary.upper[i]);
    assert.ok(i === 0 || summary.lower[i] > summary.upper[i - 1]);
  }
});

test('bins hold equal shares of the reference, equal values stay together', () => {
  const thousand = Float64Array.from({ length: 1000 }, (_, i) => i);
  const { edges, reference, current } = quantileBinCounts(thousand, [-1, 0, 99, 100, 999, 2000], {
    bins: 10,
  });
  assert.deepEqual([...edges], [99, 199, 299, 399, 499, 599, 699, 799, 899, 999]);
  assert.deepEqual([...reference], [0, ...Array(10).fill(100), 0]);
  assert.deepEqual([...current], [1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  const tied = quantileBinCounts([1, 1, 1, 1, 1, 1, 2, 3], [1], { bins: 4 });
  assert.deepEqual([...tied.reference], [0, 6, 2, 0]);
});
