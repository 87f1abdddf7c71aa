import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { readParquet } from '../data/read/read-parquet.ts';
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
