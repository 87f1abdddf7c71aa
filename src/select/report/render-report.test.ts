import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parseHTML } from 'linkedom';
import { rocAucScore } from '../../metrics/areas.ts';
import { precisionScore, recallScore } from '../../metrics/precision-recall.ts';
import type { RunRecord } from '../run/run-record.ts';
import { buildReport, renderReport } from './render-report.ts';
import { asRead, binaryRun, classesRun, hostileRun, regressionRun, wideRun } from './run.fixture.ts';

let regression: RunRecord;
let binary: RunRecord;
let classes: RunRecord;

before(async () => {
  [regression, binary, classes] = await Promise.all([regressionRun(), binaryRun(), classesRun()]);
});

async function documentOf(run: RunRecord) {
  return parseHTML(await renderReport(run)).document;
}

function rowsOf(document: Awaited<ReturnType<typeof documentOf>>, caption: string): string[][] {
  const table = [...document.querySelectorAll('table')].find(
    (one) => one.querySelector('caption')!.textContent === caption,
  );
  assert.ok(table, `no table '${caption}'`);
  return [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('th, td')].map((cell) => cell.textContent!),
  );
}

test('a record in memory and one read from its file give the same page, byte for byte, every time', async () => {
  for (const run of [regression, binary, classes]) {
    const page = await renderReport(run);
    assert.equal(await renderReport(run), page);
    assert.equal(await renderReport(asRead(run)), page);
  }
});

test('the page begins with the verdict: metric, interval, test rows, model, baseline', async () => {
  const document = await documentOf(regression);
  const verdict = document.querySelector('.verdict')!.textContent!;
  assert.match(
    verdict,
    /^R² 0\.9\d\d \(0\.\d{3}–0\.\d{3}\) on 72 test rows that \S+ never saw; the naive baseline has −0\.0\d+ in cross-validation\.$/,
  );
  assert.equal(document.querySelector('.pill')!.textContent, 'Better than the naive baseline');
  assert.equal(document.querySelector('h1')!.textContent, 'Predicting price');
});

test('a regression shows residuals, a classification confusion and curves, and both all else', async () => {
  const common = ['importances', 'leaderboard', 'learning-curve', 'data', 'repeat'];
  const ids = async (run: RunRecord) =>
    (await buildReport(run)).sections.filter(({ state }) => state === 'shown').map(({ id }) => id);
  assert.deepEqual(await ids(regression), ['metrics', 'residuals', ...common]);
  assert.deepEqual(await ids(binary), ['metrics', 'confusion', 'probabilities', ...common]);
  assert.deepEqual(await ids(classes), ['metrics', 'confusion', 'probabilities', ...common]);
});

test('the largest residuals come first, with the row of the table', async () => {
  const { truth, predictions, tableRows } = regression.test;
  const sizes = truth.map((value, i) => Math.abs(Number(value) - Number(predictions[i])));
  const worst = sizes.indexOf(Math.max(...sizes));
  const [first] = rowsOf(await documentOf(regression), 'Largest residuals');
  assert.equal(first![0], String(tableRows![worst]! + 1));
  assert.equal(first![1]!.replace(',', ''), String(truth[worst]));
});

test('the figures of classes and thresholds are those of the metrics', async () => {
  const document = await documentOf(binary);
  const { truth, predictions, probabilities } = binary.test;
  const options = { positiveClass: 'left' };
  const [left] = rowsOf(document, 'By class');
  assert.equal(left![0], 'left');
  assert.equal(left![1], precisionScore(truth as string[], predictions as string[], options).toFixed(3));
  assert.equal(left![2], recallScore(truth as string[], predictions as string[], options).toFixed(3));
  const at = probabilities!.map(([share]) => (share! >= 0.3 ? 'left' : 'stayed'));
  const third = rowsOf(document, 'Thresholds for left')[2]!;
  assert.equal(third[0], '0.3');
  assert.equal(third[2], precisionScore(truth as string[], at, options).toFixed(3));
  assert.equal(third[3], recallScore(truth as string[], at, options).toFixed(3));
  const area = rocAucScore(
    truth.map((label) => Number(label === 'left')),
    probabilities!.map(([share]) => share!),
  );
  assert.match(
    document.querySelector('#probabilities figure')!.textContent!,
    new RegExp(`left \\(${area.toFixed(3)}\\)`),
  );
});

test('columns are listed with their use and the reason, the target first', async () => {
  const rows = rowsOf(await documentOf(regression), 'Columns');
  assert.deepEqual(
    rows.map(([name]) => name),
    ['price', 'id', '面积', 'rooms', 'place', 'year', 'sold', 'country'],
  );
  assert.equal(rows[0]![2], 'target');
  assert.equal(rows[1]![2], 'left out: counts the rows (1, 2, …)');
  assert.equal(rows[5]![3], '15%');
  assert.match(rows[6]![6]!, /^2023-01-0\d · 202\d-\d\d-\d\d · 2024-1\d-\d\d$/);
});

test('a candidate far below the baseline is in the table only, where it would squeeze all others', async () => {
  const run = asRead(regression);
  const [best] = run.choice!.leaderboard;
  const far = { ...best!, family: 'far-off', rank: 9, mean: -3, foldScores: [-3, -3, -3] };
  const leaderboard = [...run.choice!.leaderboard, far];
  const document = await documentOf({ ...run, choice: { ...run.choice!, leaderboard } });
  const section = document.querySelector('#leaderboard')!;
  assert.match(section.querySelector('.note')!.textContent!, /only in the table: far-off\./);
  assert.doesNotMatch(section.querySelector('svg')!.textContent!, /far-off/);
  const rows = rowsOf(document, 'Candidates, best first');
  assert.match(rows.at(-1)![0]!, /^far-off/);
  assert.match(rows.find(([name]) => name!.startsWith('baseline'))![1]!, /^−0\.0\d\d$/);
});

test('what a run has nothing for says why in a line', async () => {
  const bare: RunRecord = {
    ...asRead(binary),
    ...{ choice: null, importances: [], learningCurve: null, metrics: [] },
    test: { ...binary.test, probabilities: null, confusion: null },
  };
  const { sections, html } = await buildReport(bare);
  assert.deepEqual(
    sections.filter(({ state }) => state === 'empty').map(({ id }) => id),
    ['metrics', 'confusion', 'probabilities', 'importances', 'leaderboard', 'learning-curve'],
  );
  const { document } = parseHTML(html);
  for (const line of document.querySelectorAll('section.empty'))
    assert.ok(line.querySelector('.none')!.textContent!.length > 20);
  assert.match(document.querySelector('.verdict')!.textContent!, /no figures on its 84 test rows/);
});

test('figures that are null, and empty test rows, do no harm', async () => {
  const empty: RunRecord['test'] = {
    rows: 0,
    sampled: 0,
    truth: [],
    predictions: [],
    probabilities: null,
    confusion: null,
  };
  const gaps = JSON.parse(JSON.stringify(regression), (key, value) =>
    /^(?:mean|std|value|interval|min|max|median|seconds|cost)$/.test(key) && typeof value === 'number'
      ? null
      : value,
  );
  for (const run of [
    gaps,
    { ...asRead(regression), test: empty },
    {
      ...asRead(binary),
      test: {
        ...empty,
        probabilities: [],
        confusion: [
          [0, 0],
          [0, 0],
        ],
      },
    },
  ]) {
    const page = await renderReport({
      ...run,
      seconds: 1,
      choice: {
        ...run.choice,
        leaderboard: run.choice.leaderboard.map((one: object) => ({ ...one, seconds: 0 })),
        spent: regression.choice!.spent,
      },
    });
    assert.doesNotMatch(page, /NaN|undefined|Infinity|\[object/);
  }
});

const allowed = new Set(
  'html head meta title style body header p h1 h2 h3 b bdi strong small span dl div dt dd nav ul li a main section figure figcaption svg desc path g line text tspan rect circle table caption thead tbody tr th td pre code details summary footer'.split(
    ' ',
  ),
);

test('whatever a hostile record holds stays text', async () => {
  for (const run of [regression, binary, classes]) {
    const { document } = parseHTML(await renderReport(hostileRun(run)));
    for (const element of document.querySelectorAll('*')) {
      assert.ok(allowed.has(element.tagName.toLowerCase()), `<${element.tagName}>`);
      for (const { name, value } of element.attributes) {
        assert.doesNotMatch(name, /^on|^style$|^src$|^action$/);
        if (name === 'href') assert.match(value, /^#/);
      }
    }
    assert.match(document.querySelector('h1')!.textContent!, /<script>/);
  }
});

test('a thousand columns and a thousand classes are cut to what can be read, the rest counted', async () => {
  const page = await renderReport(wideRun(1000));
  const { document } = parseHTML(page);
  assert.equal(rowsOf(document, 'Columns').length, 60);
  assert.match(document.querySelector('#data')!.textContent!, /941 more columns/);
  assert.equal(rowsOf(document, 'By class').length, 15);
  assert.match(document.querySelector('#confusion')!.textContent!, /990 others/);
  assert.match(document.querySelector('#importances')!.textContent!, /980 more with smaller importances/);
  assert.ok(page.length < 400_000, `${page.length} characters`);
});
