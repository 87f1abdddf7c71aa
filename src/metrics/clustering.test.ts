import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as metrics from './index.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/k-means.json', import.meta.url), 'utf8'),
);

/** Sums in another order. */
const TOLERANCE = 1e-12;

for (const { data, labels, other, pairs, ...expected } of fixture.scores) {
  test(`clusterings score as in scikit-learn on ${data}`, () => {
    const x = fixture.data[data];
    const found: Record<string, number> = {
      silhouetteScore: metrics.silhouetteScore(x, labels),
      silhouetteManhattan: metrics.silhouetteScore(x, labels, { metric: 'manhattan' }),
      daviesBouldinScore: metrics.daviesBouldinScore(x, labels),
      calinskiHarabaszScore: metrics.calinskiHarabaszScore(x, labels),
      randScore: metrics.randScore(labels, other),
      adjustedRandScore: metrics.adjustedRandScore(labels, other),
      mutualInfoScore: metrics.mutualInfoScore(labels, other),
      normalizedMutualInfoScore: metrics.normalizedMutualInfoScore(labels, other),
      adjustedMutualInfoScore: metrics.adjustedMutualInfoScore(labels, other),
      homogeneityScore: metrics.homogeneityScore(labels, other),
      completenessScore: metrics.completenessScore(labels, other),
      vMeasureScore: metrics.vMeasureScore(labels, other),
      vMeasureBeta: metrics.vMeasureScore(labels, other, { beta: 0.5 }),
      fowlkesMallowsScore: metrics.fowlkesMallowsScore(labels, other),
    };
    assert.deepEqual(Object.keys(found), Object.keys(expected));
    for (const [name, value] of Object.entries<number>(expected)) {
      const scale = Math.max(1, Math.abs(value));
      assert.ok(Math.abs(found[name]! - value) <= TOLERANCE * scale, `${name}: ${found[name]} ≠ ${value}`);
    }
    assert.deepEqual(metrics.pairConfusionMatrix(labels, other), pairs);
  });
}

test('names of clusters do not matter, and they may be text', () => {
  const [a, b] = [
    [0, 0, 1, 1, 2, 2],
    ['x', 'x', '乙', '乙', 'z', 'z'],
  ];
  for (const score of [metrics.adjustedRandScore, metrics.adjustedMutualInfoScore, metrics.vMeasureScore]) {
    assert.equal(score(a, b), 1);
    assert.equal(score([7, 7, 7], [1, 1, 1]), 1);
  }
  // Independent clusterings.
  assert.equal(metrics.mutualInfoScore([0, 0, 1, 1], [0, 1, 0, 1]), 0);
  assert.equal(metrics.normalizedMutualInfoScore([0, 0, 1, 1], [0, 1, 0, 1]), 0);
});

test('a silhouette of distances equals that of the rows, and a sample of all rows changes nothing', () => {
  const x = fixture.data.iris.slice(0, 60);
  const labels = x.map((_: unknown, i: number) => i % 3);
  const distances = x.map((a: number[]) => x.map((b: number[]) => Math.hypot(...a.map((v, j) => v - b[j]!))));
  const score = metrics.silhouetteScore(x, labels);
  // hypot rounds in another way.
  assert.ok(
    Math.abs(metrics.silhouetteScore(distances, labels, { metric: 'precomputed' }) - score) < TOLERANCE,
  );
  assert.ok(Math.abs(metrics.silhouetteScore(x, labels, { sampleSize: 60 }) - score) < TOLERANCE);
  assert.equal(metrics.silhouetteSamples([[0], [0], [5]], [0, 0, 1])[2], 0);
});

test('one cluster, as many clusters as rows and columns of unequal length are refused', () => {
  for (const score of [metrics.silhouetteScore, metrics.daviesBouldinScore, metrics.calinskiHarabaszScore]) {
    assert.throws(() => score([[1], [2], [3]], [0, 0, 0]), { code: 'data/cluster-count' });
    assert.throws(() => score([[1], [2], [3]], [0, 1, 2]), { code: 'data/cluster-count' });
    assert.throws(() => score([[1], [2], [3]], [0, 1]), { code: 'data/length-mismatch' });
  }
  assert.throws(() => metrics.adjustedRandScore([0, 1], [0]), { code: 'data/length-mismatch' });
  assert.throws(() => metrics.silhouetteScore([[1], [Number.NaN], [3]], [0, 1, 1]), {
    code: 'data/not-finite',
  });
});
