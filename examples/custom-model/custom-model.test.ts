import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readCsv, trainTestSplit } from '../../src/index.ts';
import { registerChecks } from '../../testing/index.ts';
import { nearestCentroid } from './nearest-centroid.ts';

registerChecks(nearestCentroid, {
  options: [{}, { shrinkThreshold: 0.5 }],
  exceptions: {
    'weights-in-any-unit': 'the deviations within the classes have (weights − classes) degrees of freedom',
  },
});

test('a large threshold draws every class mean to the mean of all rows', async () => {
  const x = [
    [0, 5],
    [1, 5],
    [4, 5],
    [5, 6],
  ];
  const model = await nearestCentroid({ shrinkThreshold: 100 }).fit(x, ['a', 'a', 'b', 'b']);
  assert.deepEqual(model.centroids.toRows(), [
    [2.5, 5.25],
    [2.5, 5.25],
  ]);
  const plain = await nearestCentroid().fit(x, ['a', 'a', 'b', 'b']);
  assert.deepEqual(plain.centroids.toRows(), [
    [0.5, 5],
    [4.5, 5.5],
  ]);
});

test("the means of the training rows are drawn together as by scikit-learn's NearestCentroid", async () => {
  const data = await readCsv(fileURLToPath(new URL('iris.csv', import.meta.url)));
  const species = Array.from({ length: data.rows }, (_, i) => data.cell('target', i) as number);
  const split = { testSize: 0.2, stratify: species, randomState: 42 };
  const { xTrain, yTrain } = trainTestSplit(data.drop(['target']), species, split);
  const { centroids } = await nearestCentroid({ shrinkThreshold: 0.5 }).fit(xTrain, yTrain);
  // NearestCentroid(shrink_threshold=0.5) of scikit-learn 1.9.1 on the same rows, to the eight decimals it prints.
  const expected = [5.04351373, 3.36667385, 1.53060028, 0.29329273];
  for (const [j, value] of expected.entries()) assert.ok(Math.abs(centroids.at(0, j) - value) < 1e-8);
});

test('the script fits, saves, loads and checks the model', () => {
  const script = fileURLToPath(new URL('custom-model.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /accuracy {4}0\.9667 on 30 rows/);
  assert.match(stdout, /one flower {2}virginica/);
  assert.match(stdout, /checks {6}\d\d passed, 1 excepted/);
});
