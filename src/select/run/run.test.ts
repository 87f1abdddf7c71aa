import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { loadModel, saveModel } from '../../store/model-file.ts';
import { autoTrain } from '../auto/auto-train.ts';
import { fingerprintTable } from '../fingerprint-table.ts';
import { trainTable } from '../train-table.ts';
import { runRecord } from './record-run.ts';
import { readRun, requireRunFolder, runModelPath, saveRun } from './run-folder.ts';

const parent = mkdtempSync(join(tmpdir(), 'heddle-run-'));
after(() => rmSync(parent, { recursive: true }));
let folders = 0;
const newFolder = () => join(parent, `run-${++folders}`);

function customers(rows = 160): Frame {
  const random = new RandomState(8);
  const months = random.uniform(1, 60, rows);
  const noise = random.standardNormal(rows);
  const plan = Array.from(months, (_, i) => ['basic', 'plus', 'pro'][i % 3]!);
  const score = Array.from(months, (value, i) => 30 - value + (plan[i] === 'basic' ? 15 : 0) + 6 * noise[i]!);
  return Frame.fromColumns({
    id: Array.from(months, (_, i) => i + 1),
    months,
    plan,
    calls: Array.from(months, (_, i) => (i % 11 === 3 ? null : (i * 7) % 9)),
    since: Array.from(months, (_, i) => new Date(Date.UTC(2024, 0, 1 + ((i * 5) % 200)))),
    spend: score.map((value) => 100 + value),
    left: score.map((value) => (value > 0 ? 'yes' : 'no')),
  });
}
const table = customers();

test('a record of a regression is complete, survives its file and repeats', async () => {
  const options = {
    target: 'spend',
    drop: ['left'],
    budget: { trials: 6 },
    candidates: ['ridge', 'decision-tree'],
  };
  const trained = await autoTrain(table, options);
  const record = await runRecord(table, trained, options, {
    source: 'customers.csv',
    command: 'heddle train …',
  });
  assert.deepEqual(record.data, {
    source: 'customers.csv',
    ...{ rows: 160, columns: 7, fingerprint: await fingerprintTable(table) },
  });
  assert.deepEqual(
    record.choice!.leaderboard,
    JSON.parse(JSON.stringify(trained.choice.comparison!.leaderboard)),
  );
  assert.deepEqual(record.rows, { train: 128, test: 32, dropped: 0 });
  for (const { name, value, interval } of record.metrics) {
    assert.equal(value, (trained.evaluation.metrics as never as Record<string, number>)[name]);
    if (name === 'maxError') assert.equal(interval, null);
    else assert.ok(interval![0] <= value! && value! <= interval![1], `${name}: ${value} in ${interval}`);
  }
  assert.deepEqual(
    record.importances
      .map(({ column }) => column)
      .slice(0, 2)
      .sort(),
    ['months', 'plan'],
  );
  assert.ok(record.importances[0]!.mean > 0.2);
  assert.equal(record.learningCurve!.metric, 'r2');
  assert.equal(record.learningCurve!.trainSizes.at(-1), 102);
  assert.equal(record.test.confusion, null);
  assert.equal(record.test.truth.length, 32);
  assert.deepEqual(record.test.tableRows, Array.from(trained.testRows));
  assert.equal(record.profile.columns.length, 7);
  assert.equal(record.model.family, trained.choice.family);

  const folder = join(newFolder(), 'of', 'a', 'run');
  await saveRun(folder, record, (path) => saveModel(trained.model, path));
  assert.deepEqual(readdirSync(folder).sort(), ['model.heddle', 'run.json']);
  assert.deepEqual(await readRun(folder), record);
  const model = await loadModel(runModelPath(folder));
  assert.equal(model.kind, 'regressor');
  const again = await autoTrain(table, record.repeat.options as typeof options);
  assert.deepEqual(again.evaluation, trained.evaluation);
});

test('a record of two classes has a confusion matrix and figures of the positive class', async () => {
  const options = { target: 'left', drop: ['spend'], model: 'logistic-regression', weight: 'calls' };
  const weighted = table.with('calls', {
    kind: 'number',
    values: Float64Array.from({ length: 160 }, (_, i) => 1 + (i % 3)),
  });
  const trained = await trainTable(weighted, options);
  const record = await runRecord(weighted, trained, options, { learningCurve: false });
  assert.deepEqual([record.classes, record.positiveClass, record.choice], [['no', 'yes'], 'yes', null]);
  assert.equal(record.learningCurve, null);
  const total = record.test.confusion!.flat().reduce((sum, rows) => sum + rows, 0);
  assert.equal(total, 32);
  const names = record.metrics.map(({ name }) => name);
  for (const name of ['accuracy', 'rocAuc', 'logLoss', 'recallPositive', 'averagePrecision', 'brier']) {
    assert.ok(names.includes(name), name);
  }
  for (const { name, value, interval } of record.metrics) {
    assert.ok(
      interval === null || (interval[0] <= value! && value! <= interval[1]),
      `${name}: ${value} in ${interval}`,
    );
  }
  assert.equal(record.test.probabilities!.length, 32);
  const folder = newFolder();
  await saveRun(folder, record, (path) => saveModel(trained.model, path));
  assert.deepEqual(await readRun(folder), record);
});

test('what cannot be had of few rows is left out with a warning', async () => {
  const few = table.take([0, 1, 2, 3]);
  const options = { target: 'spend', features: ['months'], model: 'linear-regression' };
  const trained = await trainTable(few, options);
  const record = await runRecord(few, trained, options);
  assert.deepEqual([record.importances, record.learningCurve], [[], null]);
  assert.match(record.warnings.join('\n'), /no record of permutation importances: one test row/);
  assert.match(record.warnings.join('\n'), /no record of the learning curve/);
  const folder = newFolder();
  await saveRun(folder, record, (path) => saveModel(trained.model, path));
  assert.deepEqual(await readRun(folder), record);
});

const quickRun = async () => {
  const options = { target: 'spend', drop: ['left'], model: 'ridge' };
  const trained = await trainTable(table, options);
  const record = await runRecord(table, trained, options, { importances: false, learningCurve: false });
  return { record, write: (path: string) => saveModel(trained.model, path) };
};

test('a run replaces an earlier run and an empty folder, but nothing else', async () => {
  const { record, write } = await quickRun();
  const folder = newFolder();
  mkdirSync(folder);
  await saveRun(folder, record, write);
  writeFileSync(join(folder, 'report.html'), 'old');
  await saveRun(folder, { ...record, seconds: 7 }, write);
  assert.equal((await readRun(folder)).seconds, 7);
  assert.ok(!existsSync(join(folder, 'report.html')));

  const notes = newFolder();
  mkdirSync(notes);
  writeFileSync(join(notes, 'notes.txt'), 'mine');
  await assert.rejects(saveRun(notes, record, write), { code: 'file/not-a-run', message: /'notes.txt'/ });
  assert.equal(readFileSync(join(notes, 'notes.txt'), 'utf8'), 'mine');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  await assert.rejects(requireRunFolder(folder), { code: 'file/not-a-run' });
  await assert.rejects(requireRunFolder(join(folder, 'notes.txt')), { code: 'file/not-a-folder' });
});

test('a run that cannot be written leaves nothing behind', async () => {
  const { record } = await quickRun();
  const folder = join(newFolder(), 'run');
  const failure = async () => {
    throw new Error('the disk is full');
  };
  await assert.rejects(saveRun(folder, record, failure), { message: 'the disk is full' });
  assert.deepEqual(readdirSync(join(folder, '..')), []);
});

test('a run.json that is damaged, hostile or newer is refused by place', async () => {
  const { record, write } = await quickRun();
  const folder = newFolder();
  await saveRun(folder, record, write);
  const path = join(folder, 'run.json');
  const good = readFileSync(path, 'utf8');
  const spoil = async (text: string, expected: object) => {
    writeFileSync(path, text);
    await assert.rejects(readRun(folder), expected);
  };
  await spoil(good.slice(0, -20), { code: 'file/damaged-run', message: /not valid JSON/ });
  await spoil('null', { code: 'file/damaged-run' });
  await spoil('['.repeat(100_000), { code: 'file/damaged-run' });
  await spoil(good.replace('"format":1', '"format":2'), { code: 'file/newer-format' });
  await spoil(good.replace('"seconds":', '"seconds":"x","s":'), { message: /at 'seconds'/ });
  await spoil(good.replace('"format":1', '"format":1,"__proto__":{"polluted":1}'), {
    code: 'file/damaged-run',
  });
  await spoil(JSON.stringify({ ...record, test: { ...record.test, truth: [1] } }), { message: /at 'test'/ });
  await spoil(JSON.stringify({ ...record, classes: ['a', 'b'] }), { message: /at 'classes'/ });
  assert.equal(({} as { polluted?: number }).polluted, undefined);
  await assert.rejects(readRun(join(parent, 'nowhere')), { code: 'file/not-a-run', message: /--run/ });
});

test('an abort stops the making of a record', async () => {
  const options = { target: 'spend', drop: ['left'], model: 'ridge' };
  const trained = await trainTable(table, options);
  await assert.rejects(runRecord(table, trained, options, { signal: AbortSignal.abort() }), {
    code: 'job/aborted',
  });
});
