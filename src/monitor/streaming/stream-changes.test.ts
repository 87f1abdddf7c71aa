import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { streamChanges } from './stream-changes.ts';

const normals = (seed: number, rows: number) =>
  new RandomState(seed).fillNormal(new Float64Array(rows), 20, 3);

test('a stream that keeps its level has no change, however long it is', async () => {
  assert.deepEqual(await streamChanges(normals(1, 30_000)), []);
  const rare = new RandomState(2).randomSample(20_000).map((u) => (u < 0.1 ? 1 : 0));
  assert.deepEqual(await streamChanges(rare), []);
});

test('a change of level is found soon after it comes, with both means', async () => {
  const values = normals(3, 3000).map((value, i) => (i < 2000 ? value : value + 3));
  const changes = await streamChanges(values);
  assert.deepEqual([...new Set(changes.map(({ detector }) => detector))].sort(), ['adwin', 'page-hinkley']);
  assert.equal(changes.length, 2);
  for (const { index, since, before, after, effect } of changes) {
    assert.ok(index >= 2000 && index < 2200, String(index));
    // One standard deviation is seen to within a few dozen values.
    assert.ok(Math.abs(since - 2000) < 30, String(since));
    // Means of 2,000 and of at least 50 values of deviation 3: standard errors 0.07 and 0.42.
    assert.ok(Math.abs(before - 20) < 0.4 && Math.abs(after - 23) < 1.7, `${before} ${after}`);
    assert.ok(effect > 0.5);
  }
});

test('a change that is too small to matter is not told of, in however many values', async () => {
  const values = normals(4, 60_000).map((value, i) => (i < 30_000 ? value : value + 0.3));
  assert.deepEqual(await streamChanges(values), []);
});

test('short streams and constant ones give no answer', async () => {
  assert.deepEqual(await streamChanges([1, 5, 9]), []);
  assert.deepEqual(await streamChanges(new Float64Array(500)), []);
});
