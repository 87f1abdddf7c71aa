import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import {
  calinskiHarabaszScore,
  daviesBouldinScore,
  silhouetteScore,
} from '../../metrics/cluster-separation.ts';
import { agglomerative } from '../../models/agglomerative/agglomerative.ts';
import { kMeans } from '../../models/k-means/k-means.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { chooseClusters } from './choose-clusters.ts';
import { clusterScores } from './cluster-scores.ts';

/** `groups` round groups in a row, far apart. */
function groupsOf(groups: number, rows: number, spread = 0.5): Matrix {
  const random = new RandomState(groups);
  const x = Matrix.zeros(rows, 2);
  for (let i = 0; i < rows; i++) {
    x.setRow(i, [
      8 * (i % groups) + spread * random.standardNormal(),
      5 * ((i % groups) % 2) + spread * random.standardNormal(),
    ]);
  }
  return x;
}

for (const model of [kMeans({ nInit: 3 }), agglomerative(), agglomerative({ linkage: 'average' })]) {
  test(`as many clusters are recommended as there are, by ${model.name} ${JSON.stringify(model.options)}`, async () => {
    for (const groups of [2, 4, 5]) {
      const choice = await chooseClusters(groupsOf(groups, 120), { model, range: [2, 8] });
      assert.equal(choice.recommended, groups);
      assert.deepEqual(
        choice.candidates.map(({ k }) => k),
        [2, 3, 4, 5, 6, 7, 8],
      );
      assert.equal(new Set(choice.labels).size, groups);
      assert.equal(choice.linkageMatrix === undefined, model.name === 'k-means');
    }
  });
}

test('a tree is cut where a fit of that number would cut it', async () => {
  const x = groupsOf(3, 60, 3);
  const choice = await chooseClusters(x, { model: agglomerative(), values: [6, 3] });
  for (const { k, silhouette } of choice.candidates) {
    const { labels } = await agglomerative({ nClusters: k }).fit(x);
    assert.equal(silhouette, silhouetteScore(x, labels));
  }
});

test('the reason names the scores that agree and those that do not', async () => {
  const choice = await chooseClusters(groupsOf(4, 120), { range: [2, 8] });
  assert.deepEqual(choice.best, { silhouette: 4, daviesBouldin: 4, calinskiHarabasz: 4, elbow: 4 });
  assert.match(
    choice.reason,
    /^4 clusters have the highest mean silhouette, 0\.\d+ \(next: 0\.\d+ with \d\)/,
  );
  assert.match(choice.reason, /Davies–Bouldin, Caliński–Harabasz, the elbow agree\.$/);
  assert.match(choice.table, /\* 4 {2}/);
});

test('rows without groups are said to have none', async () => {
  const random = new RandomState(0);
  const x = Matrix.zeros(300, 8);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.standardNormal();
  const { reason } = await chooseClusters(x, { range: [2, 4] });
  assert.match(reason, /no substantial structure/);
});

test('the scores over the numbers of clusters are drawn', async () => {
  const choice = await chooseClusters(groupsOf(3, 60), { range: [2, 5] });
  assert.match(
    await choice.draw(),
    /<svg[^>]*aria-label="mean silhouette by number of clusters; 3 recommended"/,
  );
  assert.match(await choice.draw('inertia'), /aria-label="inertia/);
});

test('numbers that cannot be tried are left out, or refused when none is left', async () => {
  const x = groupsOf(2, 5);
  const { candidates } = await chooseClusters(x, { range: [2, 10] });
  assert.deepEqual(
    candidates.map(({ k }) => k),
    [2, 3, 4],
  );
  await assert.rejects(chooseClusters(x, { range: [7, 9] }), { code: 'option/invalid', message: /5 rows/ });
  await assert.rejects(chooseClusters(x, { range: [1, 3] }), { code: 'option/invalid', message: /holds 1/ });
  await assert.rejects(chooseClusters(x, { values: [] }), { code: 'option/invalid' });
  await assert.rejects(chooseClusters([[1], [2]]), { code: 'data/too-few-rows' });
  await assert.rejects(chooseClusters(x, { model: ridge() as never }), {
    code: 'option/invalid',
    message: /ridge/,
  });
});

test('rows that are all equal have no scores, and the smallest number is taken', async () => {
  const choice = await chooseClusters(
    Array.from({ length: 9 }, () => [1, 2]),
    { range: [2, 4], onWarning() {} },
  );
  assert.equal(choice.recommended, 2);
  assert.match(choice.reason, /No score/);
});

test('scores are those of the metrics, the silhouette from as many rows as asked for', async () => {
  const x = groupsOf(3, 90, 2);
  const { labels } = await kMeans({ nClusters: 3 }).fit(x);
  const scores = await clusterScores(x, labels);
  assert.equal(scores.silhouette, silhouetteScore(x, labels));
  assert.equal(scores.daviesBouldin, daviesBouldinScore(x, labels));
  assert.equal(scores.calinskiHarabasz, calinskiHarabaszScore(x, labels));
  assert.equal(scores.silhouetteRows, 90);
  const sampled = await clusterScores(x, labels, { sampleSize: 30, randomState: 5 });
  assert.equal(sampled.silhouette, silhouetteScore(x, labels, { sampleSize: 30, randomState: 5 }));
  assert.equal(sampled.silhouetteRows, 30);
  const whole = await clusterScores(x, new Int32Array(90));
  assert.deepEqual([whole.silhouette, whole.daviesBouldin, whole.calinskiHarabasz], [null, null, null]);
  await assert.rejects(clusterScores(x, new Int32Array(3)), { code: 'data/length-mismatch' });
});

test('a signal stops the comparison', async () => {
  const stop = new AbortController();
  const running = chooseClusters(groupsOf(3, 400), {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await assert.rejects(running, { code: 'job/aborted' });
});
