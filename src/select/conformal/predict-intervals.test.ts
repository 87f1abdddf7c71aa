import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import type { FittedRegressor } from '../../define/define-regressor.ts';
import { conformalRegressor } from '../../models/conformal/conformal-regressor.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { pipeline } from '../../prepare/pipeline/pipeline.ts';
import { standardScaler } from '../../prepare/standard-scaler/standard-scaler.ts';
import { loadModel, saveModel } from '../../store/model-file.ts';
import { conformalIntervals } from './conformal-intervals.ts';
import { predictIntervals } from './predict-intervals.ts';

/** Skewed errors whose size depends on x. */
function draw(seed: number, rows: number) {
  const random = new RandomState(seed);
  const x = Array.from({ length: rows }, () => [random.standardNormal(), random.standardNormal()]);
  const y = x.map(([a, b]) => a - b + Math.exp(random.standardNormal()) * (0.2 + Math.abs(a)));
  return { x, y };
}
const { x, y } = draw(1, 60);
const fresh = draw(2, 9).x;

for (const method of ['cv+', 'split'] as const) {
  test(`a conformal model has the intervals of the function, at any coverage: ${method}`, async () => {
    const model = await conformalRegressor({ estimator: ridge(), method, cv: 4, coverage: 0.8 }).fit(x, y);
    const conformal = await conformalIntervals(ridge(), x, y, { method, cv: 4 });
    for (const coverage of [undefined, 0.5]) {
      const found = await predictIntervals(model, fresh, { coverage });
      const expected = await conformal.predict(fresh, { coverage: coverage ?? 0.8 });
      assert.deepEqual([found.lower, found.upper], [expected.lower, expected.upper]);
    }
    const bounds = await model.predictInterval(fresh);
    assert.deepEqual([bounds.rows, bounds.columns, bounds.names], [9, 2, ['lower', 'upper']]);
  });
}

test('a conformal model predicts as its estimator, fitted on all rows or on those that calibrate nothing', async () => {
  const model = await conformalRegressor({ estimator: ridge() }).fit(x, y);
  assert.deepEqual(await model.predict(fresh), await (await ridge().fit(x, y)).predict(fresh));
  assert.equal(
    model.residuals.reduce((sum, list) => sum + list.length, 0),
    60,
  );
  const split = await conformalRegressor({ estimator: ridge(), method: 'split', calibrationSize: 20 }).fit(
    x,
    y,
  );
  const { prediction, lower, upper } = await predictIntervals(split, fresh, { coverage: 0.6 });
  // ⌈0.6 · 21⌉ = 13th of 20 errors.
  const error = split.residuals[0][12];
  assert.deepEqual(
    [lower, upper],
    [prediction.map((value) => value - error), prediction.map((value) => value + error)],
  );
});

test('a saved pipeline that ends with a conformal model keeps its intervals', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'intervals-'));
  try {
    const model = await pipeline(standardScaler(), conformalRegressor({ estimator: ridge() })).fit(x, y);
    await saveModel(model, join(folder, 'm.heddle'));
    const loaded = (await loadModel(join(folder, 'm.heddle'))) as unknown as FittedRegressor;
    assert.deepEqual(await loaded.predictInterval(fresh), await model.predictInterval(fresh));
    const [narrow, wide] = [
      await predictIntervals(loaded, fresh, { coverage: 0.5 }),
      await predictIntervals(loaded, fresh),
    ];
    assert.ok(wide.upper.every((value, i) => value > narrow.upper[i] && wide.lower[i] < narrow.lower[i]));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('models without intervals, unfit coverages and folds are refused', async () => {
  const plain = await ridge().fit(x, y);
  await assert.rejects(predictIntervals(plain, fresh), /ridge has no predictInterval/);
  await assert.rejects(plain.predictInterval(fresh), { code: 'model/no-method' });
  const model = await conformalRegressor({ estimator: ridge() }).fit(x, y);
  await assert.rejects(predictIntervals(model, fresh, { coverage: 0.99 }), {
    code: 'data/too-few-rows',
    message: /60 calibration rows allow a coverage of at most 0.9836/,
  });
  await assert.rejects(predictIntervals(model, fresh, { coverage: 1 }), { code: 'option/invalid' });
  await assert.rejects(conformalRegressor({ estimator: ridge(), coverage: 0.99 }).fit(x, y), {
    code: 'data/too-few-rows',
  });
  const cv = { name: 'shuffleSplit' };
  await assert.rejects(conformalRegressor({ estimator: ridge(), cv }).fit(x, y), /exactly one test part/);
});
