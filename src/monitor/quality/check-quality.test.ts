import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { summariseReference } from '../drift/summarise-reference.ts';
import { alignColumn } from './align-column.ts';
import { checkQuality } from './check-quality.ts';

const days = (n: number) => new Date(Date.UTC(2026, 0, 1 + (n % 28)));
function rows(random: RandomState, n: number): Frame {
  return Frame.fromColumns({
    size: random.fillNormal(new Float64Array(n), 100, 10),
    town: Array.from(random.randint(0, 3, n), (i) => ['Ames', 'Boone', 'Colo'][i]!),
    open: Array.from(random.randint(0, 2, n), (bit) => bit === 1),
    sold: Array.from(random.randint(0, 28, n), days),
  });
}
const names = ['size', 'town', 'open', 'sold'];
const limits = { outOfRange: 0.01, alpha: 0.005 };
const random = new RandomState(1);
const reference = summariseReference(rows(random, 2000));

const alarms = (window: Frame) =>
  checkQuality(reference, window, names, limits)
    .report.issues.filter(({ alarm }) => alarm)
    .map(({ kind, column, message }) => `${kind}: ${column} ${message}`);

test('rows like those of the training pass, also few of them', () => {
  for (const n of [1000, 100, 8, 1]) assert.deepEqual(alarms(rows(random, n)), [], String(n));
});

test('columns that are missing, of another kind or empty are named; one too many is only noticed', () => {
  const window = rows(random, 50);
  const broken = new Frame([
    ['size', window.column('town')],
    ['open', { kind: 'boolean', values: new Uint8Array(50), missing: new Uint8Array(50).fill(1) }],
    ['sold', window.column('sold')],
    ['extra', window.column('size')],
  ]);
  assert.deepEqual(alarms(broken), [
    'wrong-kind: size holds text, in training numbers',
    'missing-column: town is missing: the model was trained with it',
    'no-values: open has no value in any row',
  ]);
  const { report } = checkQuality(reference, broken, names, limits);
  assert.deepEqual(report.comparable, ['open', 'sold']);
  assert.equal(report.issues.find(({ kind }) => kind === 'unexpected-column')!.column, 'extra');
});

test('values outside the range of the training alarm when they are too many for chance', () => {
  const window = rows(random, 500);
  const size = window.numbers('size');
  const outside = (every: number) =>
    window.with('size', {
      kind: 'number',
      values: size.map((value, i) => (i % every === 0 ? -5 : value)),
    });
  assert.deepEqual(alarms(outside(300)), []);
  assert.match(
    alarms(outside(20))[0]!,
    /^out-of-range: size 5% of values lie outside the training's [\d.]+ to/,
  );
  // As many beyond the ends as chance gives a window that is as large as the reference.
  const { report } = checkQuality(reference, rows(random, 2000), names, limits);
  assert.ok(report.issues.every(({ alarm }) => !alarm));
});

test('a column that varied and no longer does is named with its value', () => {
  const window = rows(random, 40);
  const stuck = window.with('town', { kind: 'string', codes: new Int32Array(40), levels: ['Ames'] });
  assert.deepEqual(alarms(stuck), ["constant: town is 'Ames' in every row; in training it varied"]);
  // Two rows of a third of all are equal by chance.
  assert.deepEqual(alarms(stuck.take([0, 1])), []);
});

test('rows that repeat are counted', () => {
  const window = rows(random, 30);
  const twice = window.take(Int32Array.from({ length: 60 }, (_, i) => i % 30));
  assert.equal(checkQuality(reference, twice, names, limits).report.duplicateRows, 30);
});

test('dates as text and codes as numbers come in the kind of the training, other mixes do not', () => {
  const { sold, code, gap } = Object.fromEntries(
    Frame.fromColumns({ sold: ['2026-01-05', null], code: [7, 8], gap: [null, null] }).entries(),
  );
  const dates = alignColumn(sold!, 'date')!;
  assert.deepEqual([...(dates as { values: Float64Array }).values], [Date.UTC(2026, 0, 5), Number.NaN]);
  assert.deepEqual((alignColumn(code!, 'string') as { levels: readonly string[] }).levels, ['7', '8']);
  assert.equal(alignColumn(gap!, 'boolean')!.kind, 'boolean');
  assert.equal(alignColumn(sold!, 'number'), undefined);
  assert.equal(alignColumn(code!, 'date'), undefined);
});
