import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { writeParquet } from '../../data/write/write-parquet.ts';
import { ridge } from '../ridge/ridge.ts';
import { fitStream } from './fit-stream.ts';
import { neuralNetworkClassifier } from './neural-network-classifier.ts';
import { neuralNetworkRegressor } from './neural-network-regressor.ts';

const folder = await mkdtemp(join(tmpdir(), 'heddle-stream-'));
after(() => rm(folder, { recursive: true }));
const quiet = { onWarning: () => {} };

const random = new RandomState(2);
const records = Array.from({ length: 300 }, () => {
  const [a, b] = [random.standardNormal() as number, random.standardNormal() as number];
  return { a, b, sum: 100 + 20 * (a + b), side: a + b > 0 ? 'over' : 'under' };
});
const inputs = records.map(({ a, b }) => ({ a, b }));
const sides = records.map(({ side }) => side);

async function* partsOf(size: number) {
  for (let from = 0; from < records.length; from += size) {
    const part = records.slice(from, from + size);
    yield { x: part.map(({ a, b }) => ({ a, b })), y: part.map(({ side }) => side) };
  }
}

test('parts, CSV and Parquet train as the same rows in a table do', async () => {
  const options = { layers: [{ kind: 'dense', units: 4 }], epochs: 4, patience: null } as const;
  const table = await neuralNetworkClassifier({ ...options, shuffle: false }).fit(inputs, sides, quiet);
  const csv = join(folder, 'rows.csv');
  const lines = records.map(({ a, b, sum, side }) => [a, b, sum, side].join(','));
  await writeFile(csv, `a,b,sum,side\n${lines.join('\n')}\n`);
  const parquet = join(folder, 'rows.parquet');
  await writeParquet(Frame.fromRecords(records), parquet);
  const features = ['a', 'b'];
  for (const stream of [
    { parts: () => partsOf(70) },
    { files: csv, target: 'side', features },
    { files: [parquet], target: 'side', features },
  ]) {
    const model = await fitStream(neuralNetworkClassifier(options), stream, { ...quiet, shuffleRows: 0 });
    assert.deepEqual(model.classes, ['over', 'under']);
    assert.equal(model.positiveClass, 'under');
    assert.deepEqual(model.schema.names, features);
    assert.equal(model.summary.rows, 300);
    assert.deepEqual(await model.predictProba(inputs), await table.predictProba(inputs));
    assert.deepEqual(model.predictRow(inputs[3]!), table.predictRow(inputs[3]!));
  }
});

test('numbers are learned from a file in random order, standardised as in a table', async () => {
  const csv = join(folder, 'numbers.csv');
  await writeFile(csv, `a,b,sum\n${records.map(({ a, b, sum }) => [a, b, sum].join(',')).join('\n')}\n`);
  const specification = neuralNetworkRegressor({ epochs: 40, learningRate: 0.01, layers: [] });
  const model = await fitStream(specification, { files: csv, target: 'sum' }, quiet);
  const found = await model.predict(inputs);
  // A linear network meets a linear target; the spread of the target is 28.
  for (const [i, { sum }] of records.entries())
    assert.ok(Math.abs(found[i]! - sum) < 1, `${found[i]} for ${sum}`);
});

test('weights of classes and held-out rows do what they do for tables', async () => {
  const weighted = (options: object) =>
    neuralNetworkClassifier({ epochs: 2, patience: null, classWeight: 'balanced', ...options });
  const model = await fitStream(weighted({}), { parts: () => partsOf(100) }, { ...quiet, shuffleRows: 0 });
  const table = await weighted({ shuffle: false }).fit(inputs, sides, quiet);
  assert.deepEqual(await model.predictProba(inputs), await table.predictProba(inputs));
  const validation = { x: inputs.slice(0, 50), y: sides.slice(0, 50) };
  const specification = neuralNetworkClassifier({ epochs: 3, patience: null });
  const watched = await fitStream(specification, { parts: () => partsOf(100) }, { ...quiet, validation });
  assert.equal(watched.validationLossCurve.length, 3);
  assert.equal(watched.validationScores.length, 3);
});

test('streams that do not fit are refused, and what they throw is thrown', async () => {
  const fit = (parts: () => Iterable<{ x: object[]; y: string[] }>) =>
    fitStream(neuralNetworkClassifier({ epochs: 1 }), { parts: parts as never }, quiet);
  await assert.rejects(
    fit(() => []),
    { code: 'data/no-rows' },
  );
  await assert.rejects(
    fit(() => [{ x: [{ a: 1 }], y: ['one'] }]),
    { code: 'data/one-class' },
  );
  const other = [
    { x: [{ a: 1 }, { a: 2 }], y: ['one', 'two'] },
    { x: [{ a: 1, b: 2 }], y: ['one'] },
  ];
  await assert.rejects(
    fit(() => other),
    { code: 'data/column-count', message: /2 columns .* first has 1/ },
  );
  await assert.rejects(
    fit(() => [{ x: [{ a: 1 }], y: [] }]),
    { code: 'data/length-mismatch' },
  );
  await assert.rejects(
    fit(function* () {
      yield { x: [{ a: 1 }, { a: 2 }], y: ['one', 'two'] };
      throw new RangeError('the disk is gone');
    }),
    /the disk is gone/,
  );
  await assert.rejects(
    fitStream(neuralNetworkClassifier({ validationFraction: 0.2 }), { parts: () => partsOf(50) }),
    { code: 'option/conflict', message: /validationFraction/ },
  );
  await assert.rejects(fitStream(ridge() as never, { parts: () => partsOf(50) }), { code: 'option/invalid' });
  await assert.rejects(
    fitStream(neuralNetworkClassifier(), { files: join(folder, 'none.csv'), target: 'side' }),
    { code: 'data/query-failed', message: /none\.csv/ },
  );
});
