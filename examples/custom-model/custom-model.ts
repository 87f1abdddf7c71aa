/**
 * Uses a model of one's own like any other: fit, evaluate, save, load; and runs it through the checks that every
 * model of heddle passes.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accuracyScore, loadModel, readCsv, saveModel, trainTestSplit } from '../../src/index.ts';
import { checkModel } from '../../testing/index.ts';
import { nearestCentroid } from './nearest-centroid.ts';

// 150 irises (Fisher 1936, UCI Machine Learning Repository); the species are numbered in the file.
const species = ['setosa', 'versicolor', 'virginica'] as const;
const data = await readCsv(fileURLToPath(new URL('iris.csv', import.meta.url)));
const x = data.drop(['target']);
const y = Array.from({ length: data.rows }, (_, i) => species[data.cell('target', i) as number]!);
const { xTrain, xTest, yTrain, yTest } = trainTestSplit(x, y, {
  testSize: 0.2,
  stratify: y,
  randomState: 42,
});

// Fit and evaluate.
const model = await nearestCentroid({ shrinkThreshold: 0.5 }).fit(xTrain, yTrain);
const predicted = await model.predict(xTest);
const accuracy = accuracyScore(yTest, predicted);
console.log(`trained on  ${xTrain.rows} rows`);
console.log(`accuracy    ${accuracy.toFixed(4)} on ${xTest.rows} rows`);

// Save and load: the file names the model, so the one who loads it brings the definition.
const folder = await mkdtemp(join(tmpdir(), 'heddle-'));
await saveModel(model, join(folder, 'iris.heddle'));
const loaded = await loadModel(join(folder, 'iris.heddle'), { models: [nearestCentroid] });
await rm(folder, { recursive: true });
assert.ok(loaded.kind === 'classifier');
assert.deepEqual(await loaded.predict(xTest), predicted);
console.log(`one flower  ${loaded.predictRow([6.3, 2.7, 4.9, 1.8])}`);

// Check it as heddle checks its own models.
const results = await checkModel(nearestCentroid, {
  options: [{}, { shrinkThreshold: 0.5 }],
  exceptions: {
    'weights-in-any-unit': 'the deviations within the classes have (weights − classes) degrees of freedom',
  },
});
const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
console.log(`checks      ${count('passed')} passed, ${count('excepted')} excepted`);
