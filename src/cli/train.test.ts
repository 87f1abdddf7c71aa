import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RandomState } from '../core/random.ts';
import { trainTestIndices } from '../data/split/train-test-indices.ts';
import { csv, folderOf, heddle, heddleWith, houses } from './run.fixture.ts';

const bin = fileURLToPath(new URL('../../bin/heddle.js', import.meta.url));

const logistic = ['--model', 'logistic-regression'];
/** A choice that takes no time. */
const few = ['--budget-trials', '4'];

/** 60 people: numbers with gaps, categories, a boolean, dates, an identifier, a constant, an empty column. */
function people(rows = 60) {
  const random = new RandomState(3);
  const noise = [...random.standardNormal(rows)];
  const city = Array.from({ length: rows }, (_, i) => ['Bern', 'Genf', 'Basel'][(i * 7) % 3]!);
  const age = Array.from({ length: rows }, (_, i) => 20 + ((i * 13) % 40));
  const member = age.map((_, i) => (i * 5) % 4 === 0);
  const salary = age.map(
    (years, i) => 100 * years + (city[i] === 'Genf' ? 500 : 0) + (member[i] ? 300 : 0) + 10 * noise[i]!,
  );
  return {
    id: age.map((_, i) => i + 1),
    age: age.map((years, i) => (i % 9 === 4 ? '' : years)),
    city,
    member,
    since: age.map((_, i) => new Date(Date.UTC(2020, 0, 1 + 17 * i)).toISOString().slice(0, 10)),
    country: age.map(() => 'CH'),
    nothing: age.map(() => ''),
    team: age.map((_, i) => `t${i % 10}`),
    weight: age.map((_, i) => 1 + (i % 3)),
    salary: salary.map((value) => value.toFixed(2)),
    rich: salary.map((value) => (value > 4100 ? 'yes' : 'no')),
  };
}

test('the house prices of the article give 462.45942572, also for the whole path of a process', (t) => {
  const { file } = folderOf(t);
  const data = file('housing_data.csv', houses);
  const flags = [
    '--target',
    '售价',
    '--model',
    'linear-regression',
    '--test-size',
    '0.2',
    '--seed',
    '42',
    '--json',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'train', data, ...flags], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  const result = JSON.parse(stdout);
  // The article prints eight decimals.
  assert.ok(Math.abs(result.predictions[0] - 462.45942572) < 1e-8, result.predictions[0]);
  assert.equal(result.model, 'linear-regression');
  assert.equal(result.problem, 'regression');
  assert.deepEqual(result.options.fitIntercept, true);
  assert.deepEqual(result.rows, { train: 3, test: 1, dropped: 0 });
  assert.deepEqual(result.features, ['面积', '卧室数量', '地理位置']);
  assert.deepEqual(result.preparation, []);
  // One test row has no variance to explain.
  assert.equal(result.metrics.r2, null);
  assert.ok(Math.abs(result.metrics.mae - 12.45942572) < 1e-8);
  assert.equal(result.metrics.rmse, result.metrics.mae);
  assert.ok(result.seconds > 0);
});

test('predict and evaluate agree bit for bit with what train said of the test rows', async (t) => {
  const { file, path } = folderOf(t);
  const table = people();
  const data = file('people.csv', csv(table));
  for (const [target, other, model] of [
    ['salary', 'rich', 'ridge'],
    ['salary', 'rich', 'linear-regression'],
    ['rich', 'salary', 'logistic-regression'],
  ] as const) {
    const out = path(`${model}.heddle`);
    const trained = await heddle(
      'train',
      data,
      '--target',
      target,
      '--drop',
      other,
      '--model',
      model,
      '--out',
      out,
      '--json',
    );
    assert.equal(trained.code, 0, trained.stderr);
    const { testRows, predictions, metrics, truth } = trained.json;
    assert.equal(testRows.length, 12);
    const all = (await heddle('predict', out, data, '--json')).json;
    assert.equal(all.predictions.length, 60);
    assert.deepEqual(
      testRows.map((row: number) => all.predictions[row]),
      predictions,
    );
    const rows = Object.fromEntries(
      Object.entries(table).map(([name, cells]) => [name, testRows.map((row: number) => cells[row])]),
    );
    const evaluated = (await heddle('evaluate', out, file('test.csv', csv(rows)), '--json')).json;
    assert.deepEqual(evaluated.metrics, metrics);
    assert.deepEqual(evaluated.predictions, predictions);
    assert.deepEqual(evaluated.rows, { evaluated: 12, dropped: 0 });
    assert.deepEqual(
      truth.map(String),
      testRows
        .map((row: number) => (target === 'salary' ? Number(table.salary[row]) : table.rich[row]))
        .map(String),
    );
  }
});

test('mixed columns are prepared, and what is left out is told with its reason', async (t) => {
  const { file } = folderOf(t);
  const data = file('people.csv', csv(people()));
  const { json, code, stderr } = await heddle(
    'train',
    data,
    '--target',
    'salary',
    '--drop',
    'rich,weight',
    '--model',
    'ridge',
    '--json',
  );
  assert.equal(code, 0, stderr);
  assert.equal(json.model, 'ridge');
  assert.deepEqual(json.features, ['age', 'city', 'member', 'since', 'team']);
  assert.deepEqual(
    json.leftOut.map(({ name, role }: Record<string, string>) => [name, role]),
    [
      ['id', 'identifier'],
      ['country', 'constant'],
      ['nothing', 'empty'],
    ],
  );
  assert.ok(json.metrics.r2 > 0.8, json.metrics.r2);
  assert.ok(json.preparation.some((step: string) => /standardise/.test(step)));
  const plain = await heddle(
    'train',
    data,
    '--target',
    'salary',
    '--drop',
    'rich',
    '--model',
    'linear-regression',
    '--json',
  );
  assert.ok(!plain.json.preparation.some((step: string) => /standardise/.test(step)));
});

test('named features are used although they look like identifiers', async (t) => {
  const { file } = folderOf(t);
  const data = file('people.csv', csv(people()));
  const { json } = await heddle(
    'train',
    data,
    '--target',
    'salary',
    '--features',
    'id,age',
    '--model',
    'ridge',
    '--json',
  );
  assert.deepEqual(json.features, ['id', 'age']);
});

test('a binary problem has figures of the positive class, which may be chosen', async (t) => {
  const { file } = folderOf(t);
  const data = file('people.csv', csv(people()));
  const train = (...flags: string[]) =>
    heddle(
      'train',
      data,
      '--target',
      'rich',
      '--drop',
      'salary',
      '--stratify',
      ...logistic,
      '--json',
      ...flags,
    );
  const yes = (await train()).json;
  assert.equal(yes.model, 'logistic-regression');
  assert.equal(yes.problem, 'classification');
  assert.match(yes.problemReason, /'rich' holds text \(2 classes\)/);
  assert.deepEqual([yes.classes, yes.positiveClass], [['no', 'yes'], 'yes']);
  for (const name of ['accuracy', 'f1', 'precision', 'recall', 'rocAuc', 'logLoss']) {
    assert.equal(typeof yes.metrics[name], 'number', name);
  }
  assert.equal(yes.metrics.positive.class, 'yes');
  const no = (await train('--positive', 'no')).json;
  assert.equal(no.metrics.positive.class, 'no');
  assert.notEqual(no.metrics.positive.recall, undefined);
  const wrong = await train('--positive', 'yess');
  assert.match(wrong.stderr, /no class 'yess'. Did you mean 'yes'\?/);
});

test('the split is that of trainTestSplit: by seed and size, stratified, by group, by time', async (t) => {
  const { file } = folderOf(t);
  const table = people();
  const data = file('people.csv', csv(table));
  const train = async (...flags: string[]) =>
    (await heddle('train', data, '--target', 'rich', '--drop', 'salary', ...logistic, '--json', ...flags))
      .json;
  const expect = (options: object) => [
    ...trainTestIndices(60, { testSize: 0.2, randomState: 42, ...options }).test,
  ];
  assert.deepEqual((await train()).testRows, expect({}));
  assert.deepEqual(
    (await train('--seed', '7', '--test-size', '0.1')).testRows,
    expect({ randomState: 7, testSize: 0.1 }),
  );
  assert.deepEqual((await train('--stratify')).testRows, expect({ stratify: table.rich }));
  const grouped = await train('--group', 'team');
  assert.deepEqual(grouped.testRows, expect({ groups: table.team }));
  assert.ok(!grouped.features.includes('team'));
  const timed = await train('--time', 'since');
  assert.deepEqual(
    timed.testRows,
    Array.from({ length: 12 }, (_, i) => 48 + i),
  );
  assert.ok(!timed.features.includes('since'));
});

test('text with the year first orders rows by time, any other text is refused by row', async (t) => {
  const { file } = folderOf(t);
  const table = people();
  const train = (since: string[]) =>
    heddle(
      'train',
      file('p.csv', csv({ ...table, since })),
      '--target',
      'rich',
      '--time',
      'since',
      ...logistic,
      '--json',
    );
  const slashes = await train(table.since.map((day) => day.replaceAll('-', '/')));
  assert.deepEqual(
    slashes.json.testRows,
    Array.from({ length: 12 }, (_, i) => 48 + i),
  );
  const names = await train(table.since.map((day, i) => (i === 2 ? 'later' : day)));
  assert.match(names.stderr, /Column 'since' holds "later" in data row 3/);
  const gap = await train(table.since.map((day, i) => (i === 2 ? '' : day)));
  assert.match(gap.stderr, /Column 'since' is missing in data row 3/);
});

test('rows without a target are dropped and counted, and the numbers of test rows are those of the file', async (t) => {
  const { file, path } = folderOf(t);
  const table = people();
  const salary = table.salary.map((value, i) => (i % 10 === 0 ? '' : value));
  const data = file('people.csv', csv({ ...table, salary }));
  const out = path('m.heddle');
  const { json } = await heddle(
    'train',
    data,
    '--target',
    'salary',
    '--drop',
    'rich',
    '--model',
    'ridge',
    '--out',
    out,
    '--json',
  );
  assert.deepEqual(json.rows, { train: 43, test: 11, dropped: 6 });
  assert.deepEqual(
    json.truth,
    json.testRows.map((row: number) => Number(salary[row])),
  );
  const evaluated = (await heddle('evaluate', out, data, '--json')).json;
  assert.deepEqual(evaluated.rows, { evaluated: 54, dropped: 6 });
});

test('weights count in training and evaluation, and are no feature', async (t) => {
  const { file } = folderOf(t);
  const data = file('people.csv', csv(people()));
  const train = async (...flags: string[]) =>
    (
      await heddle(
        'train',
        data,
        '--target',
        'salary',
        '--drop',
        'rich',
        '--model',
        'ridge',
        '--json',
        ...flags,
      )
    ).json;
  const weighted = await train('--weight', 'weight');
  const dropped = await train('--drop', 'weight');
  assert.ok(!weighted.features.includes('weight'));
  assert.notDeepEqual(weighted.predictions, dropped.predictions);
});

test('options are set by text that their own types read', async (t) => {
  const { file } = folderOf(t);
  const data = file('people.csv', csv(people()));
  const train = (model: string, target: string, ...set: string[]) =>
    heddle(
      'train',
      data,
      '--target',
      target,
      '--model',
      model,
      '--json',
      ...set.flatMap((value) => ['--set', value]),
    );
  const ridge = await train('ridge', 'salary', 'alpha=0.5', 'fitIntercept=false');
  assert.deepEqual([ridge.json.options.alpha, ridge.json.options.fitIntercept], [0.5, false]);
  const logistic = await train(
    'logistic-regression',
    'rich',
    'classWeight=balanced',
    'C=null',
    'solver=lbfgs',
  );
  assert.deepEqual([logistic.json.options.classWeight, logistic.json.options.C], ['balanced', null]);
  const weights = await train('logistic-regression', 'rich', 'classWeight={"yes":3}');
  assert.deepEqual(weights.json.options.classWeight, { yes: 3 });
});

test('a family decides where whole numbers leave the problem open, and refuses the other problem otherwise', async (t) => {
  const { file } = folderOf(t);
  const stars = Array.from({ length: 40 }, (_, i) => 1 + (i % 5));
  const data = file(
    'stars.csv',
    csv({ x: stars.map((s, i) => s + (i % 3)), stars, name: stars.map((s) => `s${s}`) }),
  );
  const train = (...flags: string[]) => heddle('train', data, '--json', ...flags);
  assert.equal((await train('--target', 'stars', ...few)).json.problem, 'classification');
  const ridge = (await train('--target', 'stars', '--model', 'ridge')).json;
  assert.deepEqual([ridge.problem, ridge.model], ['regression', 'ridge']);
  assert.match(ridge.problemReason, /ridge does regression; 'stars' holds few distinct whole numbers/);
  assert.equal(
    (await train('--target', 'stars', '--problem', 'regression', ...few)).json.problem,
    'regression',
  );
  const refused = await train('--target', 'name', '--model', 'ridge');
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /ridge does regression, but the problem is classification .*: .*logistic-regression/,
  );
  const said = await train('--target', 'stars', '--problem', 'classification', '--model', 'lasso');
  assert.match(said.stderr, /lasso does regression, but the problem is classification/);
});

test('the report for people names problem, model, rows and figures, and the first predictions beside the truth', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('housing_data.csv', houses);
  const out = path('house.heddle');
  const { stdout, code } = await heddle(
    'train',
    data,
    '--target',
    '售价',
    '--model',
    'linear-regression',
    '--out',
    out,
  );
  assert.equal(code, 0);
  assert.match(stdout, /^problem +regression: '售价' holds many distinct whole numbers/m);
  assert.match(stdout, /^rows +3 to train, 1 to test$/m);
  assert.match(stdout, /^ {2}R² +–$/m);
  assert.match(stdout, /^ {2}2 +462\.459 +450$/m);
  assert.ok(existsSync(out));
});

test('a terminal sees progress on stderr that is wiped in the end', async (t) => {
  const { file } = folderOf(t);
  const data = file('people.csv', csv(people()));
  const { stderr, stdout } = await heddleWith(
    { isTerminal: true },
    'train',
    data,
    '--target',
    'salary',
    '--model',
    'ridge',
    '--json',
  );
  assert.match(stderr, /(?:reading|training) \d+%/);
  assert.ok(stderr.endsWith('\r\x1b[K'));
  assert.ok(!stdout.includes('\x1b'));
});

/** Columns that are almost alike: coordinate descent asked for a gap of 0 goes on for hours. */
function endless() {
  const random = new RandomState(1);
  const t = [...random.standardNormal(300)];
  const columns = Array.from({ length: 100 }, (_, j) => {
    const noise = random.standardNormal(300);
    return [`x${j}`, t.map((value, i) => value + 0.01 * noise[i]!)] as const;
  });
  return csv({ ...Object.fromEntries(columns), y: t });
}

const forHours = [
  '--target',
  'y',
  '--model',
  'lasso',
  '--set',
  'alpha=1e-12',
  '--set',
  'tol=0',
  '--set',
  'maxIter=1000000000',
];

test('an abort ends the command with code 130 and saves nothing', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('alike.csv', endless());
  const out = path('m.heddle');
  for (const afterMs of [0, 800]) {
    const signal = AbortSignal.timeout(afterMs);
    const { code, stderr, stdout } = await heddleWith({ signal }, 'train', data, ...forHours, '--out', out);
    assert.deepEqual([code, stdout, stderr], [130, '', 'heddle: stopped.\n']);
    assert.ok(!existsSync(out));
  }
});

/** Says on stderr when the program has begun to listen for interrupts. */
const sayReady =
  'const t = setInterval(() => { if (process.listenerCount("SIGINT") > 0) { clearInterval(t); process.stderr.write("ready"); } }, 20);';

test('an interrupt of the process ends it with code 130, in a fit and while it waits for input', async (t) => {
  const { file } = folderOf(t);
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(sayReady)}`];
  for (const data of [file('alike.csv', endless()), '-']) {
    const child = spawn(process.execPath, [...preload, bin, 'train', data, ...forHours]);
    t.after(() => child.kill('SIGKILL'));
    child.stderr.on('data', (text) => {
      if (String(text).includes('ready')) setTimeout(() => child.kill('SIGINT'), 500);
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    assert.equal(code, 130, data);
  }
});
