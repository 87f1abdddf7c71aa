import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { regressionRun } from '../select/report/run.fixture.ts';
import { saveRun } from '../select/run/run-folder.ts';
import { folderOf, heddle } from './run.fixture.ts';

async function savedRun(folder: string): Promise<string> {
  await saveRun(folder, await regressionRun(), async (path) => writeFileSync(path, 'a model'));
  return folder;
}

test('a run becomes a page in its folder, or where --out says', async (t) => {
  const { path } = folderOf(t);
  const run = await savedRun(path('run'));
  const { code, stdout, stderr } = await heddle('report', run);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.equal(stdout, `${run}/report.html\n`);
  const page = readFileSync(`${run}/report.html`, 'utf8');
  assert.match(page, /^<!doctype html>/);
  assert.match(page, /Predicting <bdi>price<\/bdi>/);
  const { json } = await heddle('report', run, '--out', path('own.html'), '--json');
  assert.equal(json.report, path('own.html'));
  assert.ok(
    json.sections.some(
      ({ id, state }: { id: string; state: string }) => id === 'residuals' && state === 'shown',
    ),
  );
  assert.equal(readFileSync(path('own.html'), 'utf8'), page);
});

test('a page can be made again: it is what a run may hold', async (t) => {
  const { path } = folderOf(t);
  const run = await savedRun(path('run'));
  await heddle('report', run);
  await savedRun(run);
  assert.equal((await heddle('report', run)).code, 0);
});

test('what is no run, a damaged one and a place that cannot be written are told by name', async (t) => {
  const { path, file } = folderOf(t);
  const none = await heddle('report', path('none'));
  assert.equal(none.code, 1);
  assert.match(none.stderr, /'[^']+none' is no run.*heddle train DATA --target COL --run/);
  const run = await savedRun(path('run'));
  const closed = await heddle('report', run, '--out', `${file('folder.txt', '')}/x.html`);
  assert.equal(closed.code, 1);
  assert.match(closed.stderr, /folder\.txt\/x\.html/);
  writeFileSync(`${run}/run.json`, '{"format":1}');
  const damaged = await heddle('report', run);
  assert.equal(damaged.code, 1);
  assert.match(damaged.stderr, /run\.json/);
});
