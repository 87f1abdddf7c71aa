import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { customers, trainedOn } from './churn.fixture.ts';
import { monitorWindow } from './monitor-window.ts';
import type { WindowReport } from './window-report.ts';

const churn = await trainedOn('churn');
const spend = await trainedOn('spend');

const alarmed = ({ alarms }: WindowReport) =>
  alarms.map(({ check, column }) => `${check}${column === null ? '' : `: ${column}`}`);
const mapped = (table: Frame, name: string, change: (value: number) => number): Frame =>
  table.with(name, { kind: 'number', values: table.numbers(name).map(change) });

test('windows like the training raise no alarm, with labels and without', async () => {
  for (const trained of [churn, spend]) {
    const report = await monitorWindow(trained, { rows: customers(2, 500) });
    assert.deepEqual(alarmed(report), []);
    assert.equal(report.performance!.rows, 500);
    const unlabelled = await monitorWindow(trained, {
      rows: customers(3, 200).select(['visits', 'price', 'plan']),
    });
    assert.deepEqual(alarmed(unlabelled), []);
    assert.equal(unlabelled.performance, null);
    assert.match(unlabelled.notes.join(' '), /Performance: no row has a label yet/);
  }
});

test('what changed is named: columns, predictions, and the loss of performance', async () => {
  const rows = mapped(customers(4, 600), 'price', (price) => price + 8);
  const report = await monitorWindow(churn, { rows });
  const names = alarmed(report);
  assert.ok(names.includes('feature-drift: price'), names.join());
  assert.ok(names.includes('prediction-drift: prediction'), names.join());
  assert.ok(!names.some((name) => /visits|plan|spend/.test(name)), names.join());
  const price = report.alarms.find(({ column }) => column === 'price')!;
  assert.match(price.message, /^mean [\d.]+ → [\d.]+ \(\+0\.[789]\d* sd\)/);
  assert.ok(price.effect! > price.limit!);
});

test('labels that no longer follow from the columns alarm by performance alone', async () => {
  const rows = customers(5, 600);
  const flipped = rows
    .texts('churn')
    .map((label, i) => (i % 3 === 0 ? (label === 'yes' ? 'no' : 'yes') : label));
  const report = await monitorWindow(churn, { rows, labels: flipped });
  assert.deepEqual(new Set(alarmed(report)), new Set(['performance']));
  // Probabilities cannot see that.
  assert.equal(report.estimated!.drifted, false);
  const worse = await monitorWindow(spend, {
    rows: mapped(rows, 'spend', (value) => 100 + 1.6 * (100 - value)),
  });
  assert.ok(alarmed(worse).includes('performance'));
});

test('rows on which the model is less sure lower the expected accuracy', async () => {
  const table = customers(6, 900);
  const near = Array.from(table.numbers('price')).flatMap((price, i) => {
    const score = (price - 50) / 10 - (table.numbers('visits')[i]! - 10) / 3;
    return Math.abs(score) < 0.5 ? [i] : [];
  });
  const rows = table.take(Int32Array.from(near)).select(['visits', 'price', 'plan']);
  const { estimated } = await monitorWindow(churn, { rows });
  assert.equal(estimated!.drifted, true);
  assert.ok(estimated!.accuracy < 0.75 && estimated!.training!.accuracy > 0.75);
});

test('the errors of a regressor are estimated from labelled rows before the window', async () => {
  const rows = customers(15, 300).select(['visits', 'price', 'plan']);
  const without = await monitorWindow(spend, { rows });
  assert.match(without.notes.join(' '), /200 labelled rows before the window would \(there are 0\)/);
  const before = customers(16, 400);
  const labelled = { rows: before, labels: Array.from(before.numbers('spend')) };
  const { estimatedLoss, alarms } = await monitorWindow(spend, { rows }, { reference: { labelled } });
  assert.deepEqual(alarms, []);
  assert.equal(estimatedLoss!.rows.labelled, 400);
  assert.ok(
    estimatedLoss!.interval[0] < estimatedLoss!.before && estimatedLoss!.before < estimatedLoss!.interval[1],
  );
});

test('predictions that came with the window are taken as they are', async () => {
  const rows = customers(7, 100).select(['visits', 'price', 'plan']);
  const report = await monitorWindow(churn, {
    rows,
    at: Float64Array.from({ length: 100 }, (_, i) => i * 1000),
    predictions: Array<string>(100).fill('yes'),
    probabilities: Array.from({ length: 100 }, () => [0.1, 0.9]),
    labels: Array.from({ length: 100 }, (_, i) => (i < 40 ? 'yes' : null)),
  });
  assert.equal(report.from, '1970-01-01T00:00:00.000Z');
  assert.equal(report.until, '1970-01-01T00:01:39.000Z');
  assert.ok(alarmed(report).includes('prediction-drift: prediction'));
  assert.deepEqual([report.performance!.rows, report.performance!.labelled], [40, 0.4]);
  assert.equal(report.performance!.metrics[0]!.value, 1);
  assert.ok(Math.abs(report.estimated!.expected.accuracy - 0.9) < 1e-12);
});

test('a column that is missing or of another kind is an alarm, and the rest is still checked', async () => {
  const table = customers(8, 300);
  const rows = mapped(table.drop(['visits', 'churn', 'spend']), 'price', (price) => 2 * price).with('plan', {
    kind: 'boolean',
    values: new Uint8Array(300),
  });
  const report = await monitorWindow(spend, { rows });
  assert.deepEqual(alarmed(report).slice(0, 1), ['quality: visits']);
  assert.ok(alarmed(report).includes('feature-drift: price'));
  assert.match(report.notes[0]!, /Predictions: cannot be made without visits/);
  assert.equal(report.predictions, null);
});

test('with rows to compare with, columns that no longer go together are found', async () => {
  const rows = customers(9, 400).select(['visits', 'price', 'plan']);
  const visits = rows.numbers('visits').toSorted();
  const price = rows.numbers('price').toSorted();
  const tied = rows
    .with('visits', { kind: 'number', values: visits })
    .with('price', { kind: 'number', values: price });
  for (const reference of [{ rows: customers(1, 800) }, { trainingRows: customers(1, 800) }]) {
    const report = await monitorWindow(churn, { rows: tied }, { reference });
    assert.equal(report.multivariate!.drifted, true);
    assert.match(report.alarms.at(-1)!.message, /told apart .* most by (?:visits, price|price, visits)/);
    assert.deepEqual(report.features!.drifted, []);
  }
  const alone = await monitorWindow(churn, { rows: tied });
  assert.equal(alone.multivariate, null);
});

test('features may be ignored, thresholds set, and misspelt names are refused', async () => {
  const rows = mapped(customers(10, 500).select(['visits', 'price', 'plan']), 'price', (price) => price + 4);
  const options = { ignore: ['price'], multivariate: false };
  const ignored = await monitorWindow(churn, { rows }, options);
  assert.ok(!alarmed(ignored).includes('feature-drift: price'));
  const high = { drift: { thresholds: { kolmogorovSmirnov: 0.5 } } };
  assert.ok(!alarmed(await monitorWindow(churn, { rows }, high)).includes('feature-drift: price'));
  const refused = (given: object, message: RegExp) =>
    assert.rejects(monitorWindow(churn, { rows }, given), { name: 'OptionError', message });
  await refused({ ignore: ['pirce'] }, /'pirce'.*Did you mean 'price'/);
  await refused({ drift: { columns: { plam: {} } } }, /'plam'.*Did you mean 'plan'/);
  await refused({ alhpa: 1 }, /alhpa/);
});

test('a model without memory, and a window without rows, are refused with what to do', async () => {
  const plain = await ridge().fit(Frame.fromColumns({ a: [1, 2, 4] }), [1, 2, 3]);
  const bare = { model: plain, table: undefined, reference: undefined, predicted: undefined };
  const rows = Frame.fromColumns({ a: [1, 2, 3] });
  await assert.rejects(monitorWindow(bare as never, { rows }), { code: 'data/no-reference' });
  const report = await monitorWindow(bare as never, { rows }, { reference: { rows } });
  assert.equal(report.predictions, null);
  await assert.rejects(monitorWindow(churn, { rows: customers(1, 5).take([]) }), { code: 'data/no-rows' });
});
