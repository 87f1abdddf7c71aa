import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeStrings, Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { featureDrift } from '../drift/feature-drift.ts';
import { domainDrift } from './domain-drift.ts';

/** Two columns that go together by `correlation`, one of levels, one of dates. */
function rows(random: RandomState, n: number, correlation: number, day = 0): Frame {
  const a = random.fillNormal(new Float64Array(n));
  const noise = random.fillNormal(new Float64Array(n));
  const level = random.randint(0, 3, n);
  return new Frame([
    ['a', { kind: 'number', values: a }],
    [
      'b',
      {
        kind: 'number',
        values: noise.map((z, i) => correlation * a[i]! + Math.sqrt(1 - correlation ** 2) * z),
      },
    ],
    ['level', codeStrings(n, (i) => `l${level[i]}`)],
    ['when', { kind: 'date', values: Float64Array.from({ length: n }, (_, i) => (day + i) * 864e5) }],
  ]);
}

test('columns that no longer go together are found and named, though each by itself is the same', async () => {
  const random = new RandomState(1);
  const [before, after] = [rows(random, 600, 0), rows(random, 600, 0.8, 600)];
  assert.deepEqual(featureDrift(before, after).drifted, []);
  const result = await domainDrift(before, after);
  assert.equal(result.drifted, true);
  assert.ok(result.effect > 0.65, String(result.effect));
  assert.deepEqual(
    result.columns
      .slice(0, 2)
      .map(({ column }) => column)
      .sort(),
    ['a', 'b'],
  );
  assert.deepEqual(result.skipped, ['when']);
});

test('windows of one table are not told apart, and the same call gives the same answer', async () => {
  const random = new RandomState(2);
  const [before, after] = [rows(random, 300, 0.5), rows(random, 200, 0.5, 300)];
  const result = await domainDrift(before, after, { alpha: 0.01 });
  assert.equal(result.drifted, false);
  assert.deepEqual(result.columns, []);
  assert.deepEqual(result.rows, { reference: 300, current: 200 });
  assert.deepEqual(await domainDrift(before, after, { alpha: 0.01 }), result);
});

test('samples bound the work, and too few rows are refused', async () => {
  const random = new RandomState(3);
  const many = rows(random, 500, 0);
  const { rows: looked } = await domainDrift(many, rows(random, 500, 0), { maxRows: 60 });
  assert.deepEqual(looked, { reference: 60, current: 60 });
  await assert.rejects(domainDrift(many, rows(random, 10, 0)), {
    code: 'data/too-few-rows',
    message: /current has 10 rows/,
  });
});
