import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { csv, folderOf, heddle, houses } from './run.fixture.ts';

const table = {
  id: [1, 2, 3, 4, 5, 5],
  size: [1.5, '', 3, 8, 4, 4],
  city: ['Bern', 'Basel', 'Bern', '', 'Bern', 'Bern'],
  day: ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01', '2024-05-01', '2024-05-01'],
  price: [10, 20, 30, 80, 40, 40],
};

test('columns are shown with type, missing share, distinct values, range and distribution', async (t) => {
  const { file } = folderOf(t);
  const { stdout, code } = await heddle('profile', file('t.csv', csv(table)));
  assert.equal(code, 0);
  assert.match(stdout, /t\.csv: 6 rows, 5 columns, 2 missing cells, 1 duplicate row\n/);
  assert.match(stdout, /^size +number +16\.7% +4 +1\.5 +4 +8 +[▁-█ ]+$/m);
  assert.match(stdout, /^city +text +16\.7% +2 +Bern 80%, Basel 20%$/m);
  assert.match(stdout, /^day +date +5 +2024-01-01 +2024-03-01 +2024-05-01/m);
});

test('wide characters are aligned', async (t) => {
  const { file } = folderOf(t);
  const { stdout } = await heddle('profile', file('h.csv', houses));
  assert.match(
    stdout,
    /^column {4}type .*\n面积 {6}integer .*\n卧室数量 {2}integer .*\n地理位置 {2}integer /m,
  );
});

test('with a target the other columns are ordered by how closely they go with it', async (t) => {
  const { file } = folderOf(t);
  const data = file('t.csv', csv(table));
  const { json } = await heddle('profile', data, '--target', 'price', '--json');
  assert.equal(json.problem, 'regression');
  assert.equal(json.associations[0].name, 'size');
  assert.ok(json.associations.every(({ measure }: { measure: string }) => measure !== 'cramersV'));
  assert.deepEqual(json.columns.find(({ name }: { name: string }) => name === 'size').missing, 1);
  const { stdout } = await heddle('profile', data, '--target', 'price');
  assert.match(stdout, /^regression: 'price' holds many distinct whole numbers/m);
  assert.match(stdout, /^ {2}size +0\.\d{3} +correlation$/m);
});

test('what train would leave out or refuse is told', async (t) => {
  const { file } = folderOf(t);
  const cells = {
    code: [1, 2, 3, 4],
    flat: ['x', 'x', 'x', 'x'],
    mixed: [1, 2, 'three', 4],
    y: [1, 2, 1, 2],
  };
  const { stdout } = await heddle('profile', file('t.csv', csv(cells)));
  assert.match(
    stdout,
    /train would leave out or refuse:\n {2}flat +has the same value in every row\n {2}mixed +Column 'mixed' holds numbers, but data row 3/,
  );
});

test('--report writes the same as a page', async (t) => {
  const { file, path } = folderOf(t);
  const cells = { ...table, 'a <b>': [1, 2, 'three', 4, 5, 5], kind: [0, 1, 1, 0, 1, 1] };
  const data = file('t.csv', csv(cells));
  const { stdout, code } = await heddle('profile', data, '--target', 'kind', '--report', path('t.html'));
  assert.equal(code, 0);
  assert.match(stdout, /\nReport: .+t\.html\n$/);
  const page = readFileSync(path('t.html'), 'utf8');
  assert.match(page, /<h1><bdi>t\.csv<\/bdi><\/h1>/);
  assert.match(page, /Predicting <bdi>kind<\/bdi> is a <strong>classification<\/strong>/);
  assert.match(page, /Target: kind<\/figcaption>.*1: 4 \(67%\)/);
  assert.match(page, /Column &#39;a &lt;b&gt;&#39; holds numbers, but data row 3/);
  const { json } = await heddle('profile', data, '--report', path('u.html'), '--json');
  assert.equal(json.report, path('u.html'));
});
