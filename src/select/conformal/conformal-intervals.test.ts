import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { kFold } from '../../data/split/k-fold.ts';
import { shuffleSplit } from '../../data/split/shuffle-split.ts';
import { trainTestIndices } from '../../data/split/train-test-indices.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { assertClose } from '../close.fixture.ts';
import { conformalIntervals } from './conformal-intervals.ts';

/** Skewed errors whose size depends on x: nothing that a normal interval would fit. */
function draw(seed: number, rows: number) {
  const random = new RandomState(seed);
  const x = Array.from({ length: rows }, () => [random.standardNormal(), random.standardNormal()]);
  const y = x.map(([a, b]) => a - b + Math.exp(random.standardNormal()) * (0.2 + Math.abs(a)));
  return { x, y };
}

test('cv+ intervals are those of the definition, row by row', async () => {
  const { x, y } = draw(1, 50);
  const fresh = draw(2, 7).x;
  const conformal = await conformalIntervals(ridge(), x, y, { cv: 4 });
  const { lower, upper, prediction } = await conformal.predict(fresh, { coverage: 0.8 });
  const low: number[][] = fresh.map(() => []);
  const high: number[][] = fresh.map(() => []);
  const means = new Float64Array(fresh.length);
  for (const { train, test: rows } of kFold({ nSplits: 4 }).split(50)) {
    const take = <T>(values: readonly T[], at: Int32Array) => Array.from(at, (row) => values[row]);
    const model = await ridge().fit(take(x, train), take(y, train));
    const seen = await model.predict(take(x, rows));
    const own = await model.predict(fresh);
    for (const [i, center] of own.entries()) {
      means[i] += center / 4;
      for (const [at, row] of rows.entries()) {
        const residual = Math.abs(y[row] - seen[at]);
        low[i].push(center - residual);
        high[i].push(center + residual);
      }
    }
  }
  // ⌈0.8 · 51⌉ = 41st from below; from above likewise.
  const nth = (values: number[], rank: number) => values.toSorted((a, b) => a - b)[rank - 1];
  assert.deepEqual(
    [...upper],
    high.map((values) => nth(values, 41)),
  );
  assert.deepEqual(
    [...lower],
    low.map((values) => nth(values, 51 - 41)),
  );
  // A sum of quarters instead of a quarter of the sum.
  assertClose(prediction, means, 1e-14);
});

test('split intervals are the prediction plus and minus one quantile of the errors set aside', async () => {
  const { x, y } = draw(3, 80);
  const conformal = await conformalIntervals(ridge(), x, y, { method: 'split', calibrationSize: 19 });
  const { train, test: aside } = trainTestIndices(80, { testSize: 19 });
  const model = await ridge().fit(
    Array.from(train, (row) => x[row]),
    Array.from(train, (row) => y[row]),
  );
  const predicted = await model.predict(x);
  const errors = Array.from(aside, (row) => Math.abs(y[row] - predicted[row])).sort((a, b) => a - b);
  const { prediction, lower, upper } = await conformal.predict(x, { coverage: 0.9 });
  assert.deepEqual(prediction, predicted);
  // ⌈0.9 · 20⌉ = 18 of 19, although 0.9 · 20 is a little above 18 in binary.
  assert.deepEqual(
    upper,
    predicted.map((value) => value + errors[17]),
  );
  assert.deepEqual(
    lower,
    predicted.map((value) => value - errors[17]),
  );
});

test('intervals hold the truth about as often as they promise, whatever the errors look like', async () => {
  for (const method of ['cv+', 'split'] as const) {
    for (const coverage of [0.5, 0.9]) {
      let hits = 0;
      let count = 0;
      for (let seed = 0; seed < 12; seed++) {
        const { x, y } = draw(100 + seed, 120);
        const fresh = draw(200 + seed, 250);
        const conformal = await conformalIntervals(ridge(), x, y, { method });
        const { lower, upper } = await conformal.predict(fresh.x, { coverage });
        hits += fresh.y.filter((value, i) => value >= lower[i] && value <= upper[i]).length;
        count += fresh.y.length;
      }
      // 12 calibrations of at least 30 rows vary by about √(c(1 − c)/30/12) ≤ 0.026: three of those.
      assert.ok(Math.abs(hits / count - coverage) < 0.08, `${method} ${coverage}: ${hits / count}`);
    }
  }
});

test('unfit options, folds and coverages are refused', async () => {
  const { x, y } = draw(1, 20);
  await assert.rejects(
    conformalIntervals(ridge(), x, y, { method: 'jackknife' as never }),
    /'cv\+' or 'split'/,
  );
  await assert.rejects(conformalIntervals(ridge(), x, y, { cv: shuffleSplit() }), /exactly one test part/);
  await assert.rejects(conformalIntervals(ridge(), x, x as never), { code: 'data/several-targets' });
  const conformal = await conformalIntervals(ridge(), x, y);
  await assert.rejects(
    conformal.predict(x, { coverage: 0.99 }),
    /20 calibration rows allow a coverage of at most 0.9524/,
  );
  await assert.rejects(conformal.predict(x, { coverage: 1 }), /below 1/);
});
