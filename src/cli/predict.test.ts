import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { readParquet } from '../data/read/read-parquet.ts';
import { conformalRegressor } from '../models/conformal/conformal-regressor.ts';
import { linearRegression } from '../models/linear-regression/linear-regression.ts';
import { saveModel } from '../store/model-file.ts';
import { csv, folderOf, heddle, heddleWith } from './run.fixture.ts';

const flowers = {
  length: [1.4, 1.3, 4.7, 4.5, 1.5, 4.9, 1.2, 4.4, 1.6, 5.1],
  colour: ['white', 'white', 'red', 'red', 'white', 'red', 'white', 'red', 'white', 'red'],
  kind: ['setosa', 'setosa', 'other', 'other', 'setosa', 'other', 'setosa', 'other', 'setosa', 'other'],
};

async function trained(t: TestContext) {
  const folder = folderOf(t);
  const model = folder.path('flowers.heddle');
  const { code, stderr } = await heddle(
    'train',
    folder.file('flowers.csv', csv(flowers)),
    '--target',
    'kind',
    '--out',
    model,
  );
  assert.equal(code, 0, stderr);
  return { ...folder, model };
}

test('every prediction and probability is in the object for programs', async (t) => {
  const { model, file } = await trained(t);
  const data = file(
    'new.csv',
    csv({ colour: ['red', 'white', 'blue'], length: [4.6, 1.4, 3], other: [1, 2, 3] }),
  );
  const { json, code } = await heddle('predict', model, data, '--json');
  assert.equal(code, 0);
  assert.deepEqual(json.predictions.slice(0, 2), ['other', 'setosa']);
  assert.deepEqual(json.classes, ['other', 'setosa']);
  assert.deepEqual([json.model, json.target, json.rows], ['logistic-regression', 'kind', 3]);
  // Two rounded numbers whose exact sum is 1.
  for (const [p, q] of json.probabilities) assert.ok(Math.abs(p + q - 1) < 1e-15);
});

test('the table with its predictions is written in the format of the name, and reads back the same', async (t) => {
  const { model, path, file } = await trained(t);
  const data = file('new.csv', csv(flowers));
  const { json } = await heddle('predict', model, data, '--json');
  const probabilities = json.probabilities.map(([p]: number[]) => p);
  for (const name of ['p.csv', 'p.json', 'p.ndjson', 'p.parquet']) {
    const { code, stdout } = await heddle('predict', model, data, '--out', path(name));
    assert.deepEqual([code, stdout], [0, `10 rows with predictions in ${path(name)}\n`]);
  }
  const fromCsv = readFileSync(path('p.csv'), 'utf8').trim().split('\n');
  assert.equal(fromCsv[0], 'length,colour,kind,prediction,probability_other,probability_setosa');
  assert.deepEqual(
    fromCsv.slice(1).map((line) => Number(line.split(',')[4])),
    probabilities,
  );
  const fromJson = JSON.parse(readFileSync(path('p.json'), 'utf8'));
  const lines = readFileSync(path('p.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(fromJson, lines);
  assert.deepEqual(
    fromJson.map((row: { probability_other: number }) => row.probability_other),
    probabilities,
  );
  const fromParquet = await readParquet(path('p.parquet'));
  assert.deepEqual(fromParquet.names, fromCsv[0]!.split(','));
  const column = fromParquet.column('probability_other');
  assert.deepEqual(column.kind === 'number' && [...column.values], probabilities);
});

test('without a file a pipe receives everything as CSV and a terminal the first rows', async (t) => {
  const { model, file } = await trained(t);
  const data = file('new.csv', csv(flowers));
  const piped = await heddle('predict', model, data);
  assert.equal(piped.stdout.trim().split('\n').length, 11);
  assert.match(piped.stdout, /^length,colour,kind,prediction,/);
  const shown = await heddleWith({ isTerminal: true }, 'predict', model, data);
  assert.match(shown.stdout, /^row +predicted +p\(other\) +p\(setosa\)\n/);
});

test('a column called prediction keeps its name, the new one steps aside', async (t) => {
  const { model, file } = await trained(t);
  const { stdout } = await heddle(
    'predict',
    model,
    file('new.csv', csv({ ...flowers, prediction: flowers.length })),
  );
  assert.match(stdout, /^length,colour,kind,prediction,prediction\.1,/);
});

test('columns keep the kinds of training: digits of a text column stay text, an empty column may come', async (t) => {
  const { file, path } = folderOf(t);
  const code = ['007', 'x8', '007', 'x8', '007', 'x8', '007', 'x8', '007', 'x8'];
  const data = file(
    'codes.csv',
    csv({ code, size: flowers.length, y: code.map((c, i) => (c === '007' ? 1 : 5) + i / 100) }),
  );
  const model = path('codes.heddle');
  await heddle('train', data, '--target', 'y', '--out', model);
  const whole = (await heddle('predict', model, data, '--json')).json.predictions;
  const some = await heddle(
    'predict',
    model,
    file('digits.csv', csv({ code: ['007', '007'], size: [1.4, 4.7] })),
    '--json',
  );
  assert.deepEqual(some.json.predictions, [whole[0], whole[2]]);
  const empty = await heddle(
    'predict',
    model,
    file('empty.csv', csv({ code: ['', ''], size: [1.4, ''] })),
    '--json',
  );
  assert.equal(empty.code, 0, empty.stderr);
});

test('a saved clusterer writes the cluster of each row, by the order of columns that it does not depend on', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('flowers.csv', csv(flowers));
  const model = path('groups.heddle');
  const made = await heddle('cluster', data, '--clusters', '2', '--drop', 'kind', '--save', model, '--json');
  const { json, code, stderr } = await heddle('predict', model, data, '--json');
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    [json.problem, json.target, json.rows, json.predictions],
    ['clustering', null, 10, made.json.labels],
  );
  const out = path('grouped.csv');
  const written = await heddle('predict', model, file('turned.csv', csv(turned(flowers))), '--out', out);
  assert.equal(written.stdout, `10 rows with clusters in ${out}\n`);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  assert.equal(lines[0], 'kind,colour,length,cluster');
  assert.deepEqual(
    lines.slice(1).map((line) => Number(line.split(',').at(-1))),
    made.json.labels,
  );
  const shown = await heddleWith({ isTerminal: true }, 'predict', model, data);
  assert.match(shown.stdout, /^row {2}cluster\n {2}1 {8}[01]\n/);
});

test('a clusterer that cannot place new rows says so', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('flowers.csv', csv(flowers));
  const model = path('tree.heddle');
  await heddle('cluster', data, '--model', 'agglomerative', '--clusters', '2', '--save', model);
  const { code, stderr } = await heddle('predict', model, data);
  assert.equal(code, 1);
  assert.match(stderr, /cannot place others\. k-means and mini-batch-k-means can/);
});

test('a saved transformer puts its columns in place of those it reads', async (t) => {
  const { file, path } = folderOf(t);
  const data = file(
    'flowers.csv',
    csv({ ...flowers, width: flowers.length.map((one, i) => one * 2 + (i % 3)) }),
  );
  const [model, out, reduced] = [path('flat.heddle'), path('flat.csv'), path('reduced.csv')];
  await heddle('reduce', data, '--components', '2', '--drop', 'kind', '--save', model, '--out', reduced);
  const { code, stdout, stderr } = await heddle('predict', model, data, '--out', out);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `10 rows transformed in ${out}\n`);
  const [header, first] = readFileSync(out, 'utf8').split('\n');
  const [expected, ...rows] = readFileSync(reduced, 'utf8').split('\n');
  assert.equal(header, expected);
  assert.match(header!, /^kind,/);
  // The same model on the same rows, but prepared within it and not before.
  const difference = (a: string, b: string) => Math.abs(Number(a) - Number(b));
  const [given, wanted] = [first!.split(','), rows[0]!.split(',')];
  for (let j = 1; j < given.length; j++) assert.ok(difference(given[j]!, wanted[j]!) < 1e-9, header);
  const { json } = await heddle('predict', model, data, '--json');
  assert.deepEqual([json.problem, json.columns.length, json.transformed.length], ['transformation', 2, 10]);
  assert.equal(json.transformed[0][0], Number(given[1]));
});

test('a regressor of several targets writes a column for each', async (t) => {
  const { file, path } = folderOf(t);
  const x = flowers.length.map((length) => ({ length }));
  const y = Frame.fromRecords(flowers.length.map((one) => ({ weight: 3 * one, age: 1 - one })));
  await saveModel(await linearRegression().fit(x, y), path('two.heddle'));
  const { stdout, stderr } = await heddle(
    'predict',
    path('two.heddle'),
    file('new.csv', csv({ length: [2] })),
  );
  assert.match(stdout, /^length,prediction_weight,prediction_age\n/, stderr);
  // Two coefficients by least squares, rounded.
  const [, weight, age] = stdout.split('\n')[1]!.split(',').map(Number);
  assert.ok(Math.abs(weight! - 6) < 1e-9 && Math.abs(age! + 1) < 1e-9);
});

test('a model with intervals writes and shows their bounds', async (t) => {
  const { file, path } = folderOf(t);
  const rows = flowers.length.map((length) => ({ length }));
  const estimator = linearRegression();
  const y = flowers.length.map((one, i) => 3 * one + (i % 3));
  const model = await conformalRegressor({ estimator, coverage: 0.8 }).fit(rows, y);
  await saveModel(model, path('bounds.heddle'));
  const data = file('new.csv', csv({ length: [2, 5] }));
  const bounds = await model.predictInterval([{ length: 2 }, { length: 5 }]);
  const { json } = await heddle('predict', path('bounds.heddle'), data, '--json');
  assert.deepEqual(
    json.intervals,
    bounds.toRows().map((row) => [...row]),
  );
  const { stdout } = await heddle('predict', path('bounds.heddle'), data);
  const [header, first] = stdout.split('\n');
  assert.equal(header, 'length,prediction,lower,upper');
  assert.deepEqual(first!.split(',').slice(1).map(Number), [json.predictions[0], ...bounds.row(0)]);
  const shown = await heddleWith({ isTerminal: true }, 'predict', path('bounds.heddle'), data);
  assert.match(shown.stdout, /^ *row +predicted +from +to\n/);
});

function turned<T>(columns: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(columns).reverse());
}
