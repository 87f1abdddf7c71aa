import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, codeStrings, Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { featureDrift } from './feature-drift.ts';
import { featureDriftAsync } from './feature-drift-async.ts';
import { summariseReference } from './summarise-reference.ts';

/** A table with nothing but chance in it; level l3 has 4% of the rows. */
function table(random: RandomState, rows: number): Frame {
  const normal = () => random.fillNormal(new Float64Array(rows));
  const level = (u: number) => (u < 0.5 ? 'l0' : u < 0.8 ? 'l1' : u < 0.96 ? 'l2' : 'l3');
  const shares = random.randomSample(rows);
  return new Frame([
    ['amount', { kind: 'number', values: normal().map((z) => 50 + 10 * z) }],
    ['skewed', { kind: 'number', values: normal().map((z) => Math.exp(z)) }],
    ['other', { kind: 'number', values: normal() }],
    ['kind', codeStrings(rows, (i) => level(shares[i]!))],
  ]);
}

const numbers = (change: (value: number) => number) => (column: Column) =>
  ({ ...column, values: (column as { values: Float64Array }).values.map(change) }) as Column;
const levels = (change: (level: string, row: number) => string) => (column: Column) => {
  const { codes, levels: names } = column as { codes: Int32Array; levels: readonly string[] };
  return codeStrings(codes.length, (i) => change(names[codes[i]!]!, i));
};

const shifts: [name: string, column: string, shift: (column: Column) => Column, said: RegExp][] = [
  ['mean', 'amount', numbers((v) => v + 3), /^mean 50\.?\d* → 5[23]\.?\d* \(\+0\.\d+ sd\)$/],
  [
    'scale',
    'amount',
    numbers((v) => 50 + 1.3 * (v - 50)),
    /^standard deviation (?:9\.\d+|10\.?\d*) → 1[23]\.?\d*$/,
  ],
  [
    'missing',
    'skewed',
    (column) => ({
      ...(column as { kind: 'number'; values: Float64Array }),
      missing: Uint8Array.from({ length: 5000 }, (_, i) => (i % 20 === 0 ? 1 : 0)),
    }),
    /^missing 0% → 5%$/,
  ],
  [
    'vanished level',
    'kind',
    levels((level) => (level === 'l3' ? 'l0' : level)),
    /vanished: level 'l3', [34]\.?\d*% of rows before/,
  ],
  [
    'new level',
    'kind',
    levels((level, i) => (i % 50 === 0 ? 'l9' : level)),
    /^(?:share of .*; )?new level 'l9' in 2% of rows$/,
  ],
  [
    'mix',
    'kind',
    levels((level, i) => (level === 'l0' && i % 2 === 0 ? 'l1' : level)),
    /^share of l[01] 0\.\d+ → 0\.\d+, l[01] 0\.\d+ → 0\.\d+/,
  ],
];

test('each shift of a window of 5,000 rows is named with its column and in words, and nothing else is', () => {
  const random = new RandomState(21);
  const reference = summariseReference(table(random, 10_000));
  for (const [name, column, shift, said] of shifts) {
    const current = table(random, 5000);
    const result = featureDrift(reference, current.with(column, shift(current.column(column))));
    assert.deepEqual(result.drifted, [column], name);
    assert.match(result.columns.find((found) => found.column === column)!.change, said);
  }
  const still = featureDrift(reference, table(random, 5000));
  assert.deepEqual(still.drifted, []);
  assert.ok(still.columns.every(({ change }) => change === ''));
});

test('a level that vanishes from a few rows by chance is told of but does not alarm', () => {
  const rows = (rare: number) =>
    Frame.fromColumns({ kind: Array.from({ length: 1000 }, (_, i) => (i < rare ? 'rare' : `l${i % 2}`)) });
  const [chance] = featureDrift(rows(3), rows(0)).columns;
  assert.equal(chance!.vanished!.count, 1);
  assert.equal(chance!.drifted, false);
  const [gone] = featureDrift(rows(60), rows(0)).columns;
  assert.equal(gone!.vanished!.drifted, true);
  assert.match(gone!.reason, /1 vanished level \('rare'\)/);
  // Of a summary that left levels out, the ones it lists can still vanish.
  const summary = summariseReference(rows(60), { maxLevels: 2 });
  const [listed] = featureDrift(summary, rows(0)).columns;
  assert.equal(listed!.unseen, null);
  assert.deepEqual(
    listed!.vanished!.levels.map(({ level }) => level),
    [],
  );
});

test('on a thread the answer is the same, for frames and summaries, and an abort stops it', async () => {
  const random = new RandomState(22);
  const [a, b] = [table(random, 800), table(random, 600)];
  for (const reference of [a, summariseReference(a)]) {
    const shares: number[] = [];
    const result = await featureDriftAsync(
      reference,
      b,
      { numeric: 'wasserstein' },
      {
        onProgress: ({ fraction }) => shares.push(fraction),
      },
    );
    assert.deepEqual(result, featureDrift(reference, b, { numeric: 'wasserstein' }));
  }
  await assert.rejects(featureDriftAsync(a, b, {}, { signal: AbortSignal.abort() }), { code: 'job/aborted' });
  await assert.rejects(featureDriftAsync(a, b.drop(['kind'])), { code: 'data/missing-column' });
});
