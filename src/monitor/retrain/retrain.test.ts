import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { RandomState } from '../../core/random.ts';
import { evaluateRegression } from '../../metrics/evaluate.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import type { TrainTableOptions } from '../../select/train-options.ts';
import { trainTable } from '../../select/train-table.ts';
import { saveModel } from '../../store/model-file.ts';
import { openRegistry } from '../../store/registry/open-registry.ts';
import type { Registry } from '../../store/registry/registry.ts';
import { loadTrained, saveTrained } from '../trained-model.ts';
import { compareModels, scoreBoth } from './compare-models.ts';
import { decide } from './decide.ts';
import { findKnownRows } from './known-rows.ts';
import { type Retraining, retrain } from './retrain.ts';
import type { RetrainOptions } from './retrain-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-retrain-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let places = 0;

interface Made {
  readonly n: number;
  readonly slope: number;
  readonly shift?: number;
  readonly seed: number;
}

/** y = slope · a + the place of c + noise of 0.1. */
function houses({ n, slope, shift = 0, seed }: Made): Frame {
  const random = new RandomState(seed);
  const a = Array.from({ length: n }, () => (random.standardNormal() as number) + shift);
  return Frame.fromColumns({
    a,
    c: a.map((_, i) => ['x', 'y', 'z'][i % 3]!),
    day: a.map((_, i) => new Date(Date.UTC(2026, 0, 1 + (i % 50)))),
    house: a.map((_, i) => `h${seed}-${i % 20}`),
    w: a.map((_, i) => 1 + (i % 2)),
    y: a.map((value, i) => slope * value + (i % 3) + 0.1 * (random.standardNormal() as number)),
  });
}

const old = houses({ n: 200, slope: 2, seed: 1 });
/** Elsewhere another slope holds. */
const moved = houses({ n: 120, slope: 3, shift: 4, seed: 2 });

async function champion(options: Partial<TrainTableOptions> = {}, table = old): Promise<Registry> {
  const file = join(folder, `${++places}.heddle`);
  const all = { target: 'y', features: ['a', 'c'], model: 'ridge', ...options };
  await saveTrained(await trainTable(table, all), all, table, file, { source: 'old.csv' });
  const registry = await openRegistry(join(folder, `registry-${places}`));
  await registry.register('house', file, { aliases: ['champion'] });
  return registry;
}

const base = (registry: Registry, more: Partial<RetrainOptions> = {}): RetrainOptions => ({
  ...{ registry, name: 'house', data: { rows: old, source: 'old.csv' }, metric: 'rmse' },
  ...more,
});

function requireReason(registry: Registry, { reason }: Retraining): void {
  assert.equal(registry.history('house').at(-1)!.reason, reason);
}

test('a challenger that is better on held-out rows becomes champion, and the history says why', async () => {
  using registry = await champion();
  const result = await retrain(base(registry, { added: [{ rows: moved, source: 'new.csv' }] }));
  assert.equal(result.decision, 'promoted');
  assert.deepEqual(result.champion, { version: 1, family: 'ridge' });
  assert.equal(result.challenger.version, 2);
  assert.deepEqual(result.rows, {
    train: 160 + 96,
    test: 40 + 24,
    new: { data: 0, added: 120, feedback: 0 },
    duplicates: 0,
  });
  const { comparison } = result;
  assert.ok(comparison.gain > 0 && comparison.champion - comparison.challenger === comparison.gain);
  assert.ok(comparison.interval![0] < comparison.gain && comparison.gain < comparison.interval![1]);
  assert.deepEqual(
    result.parts.map(({ part, rows }) => [part, rows]),
    [
      ['tested', 40],
      ['added', 24],
    ],
  );
  assert.match(
    result.reason,
    /^rmse \S+ against \S+ of version 1 on 64 held-out rows: better by .*; the difference is above 0\.$/,
  );
  requireReason(registry, result);
  const version = registry.resolve('house');
  assert.deepEqual(version.aliases, ['challenger', 'champion']);
  assert.equal(version.lineage.parent, 1);
  assert.equal(version.lineage.dataSource, 'old.csv + new.csv');
  // What it says of itself is what it was compared by.
  assert.equal(version.metrics.rmse, comparison.challenger);
});

test('the champion is judged on the rows that it was tested on, and scores there what it said then', async () => {
  using registry = await champion();
  const result = await retrain(base(registry, { added: [{ rows: moved }], action: 'compare' }));
  const tested = result.parts.find(({ part }) => part === 'tested')!;
  // The same rows in the order of the table rather than of the split: sums in another order.
  assert.ok(Math.abs(tested.champion - registry.resolve('house@1').metrics.rmse!) < 1e-12);
  const { model, table } = await loadTrained(registry.path(registry.resolve('house@1')));
  assert.equal(table!.rows.test, tested.rows);
  assert.equal(model.kind, 'regressor');
});

test('neither model learned from what they are compared on', async () => {
  using registry = await champion();
  const result = await retrain(base(registry, { added: [{ rows: moved }] }));
  const { model } = await loadTrained(registry.path(registry.resolve('house@2')));
  const known = findKnownRows(model.summary)!;
  const train = new Set(known.trainKeys);
  assert.equal(known.trainKeys.length, result.rows.train);
  assert.equal(known.testKeys.length, result.rows.test);
  assert.ok(known.testKeys.every((key) => !train.has(key)));
  assert.equal(model.summary.rows, result.rows.train);
});

test('a challenger that is no better is registered and not promoted', async () => {
  using registry = await champion();
  const wrong = moved.with('y', {
    kind: 'number',
    values: (moved.numbers('y') as Float64Array).map((_, i) => ((i * 37) % 50) * 10),
  });
  const result = await retrain(base(registry, { added: [{ rows: wrong }], metric: 'medianAbsoluteError' }));
  assert.equal(result.decision, 'kept');
  assert.match(result.reason, /worse by .*; the difference is not above 0\.$/);
  assert.equal(registry.resolve('house').version, 1);
  assert.equal(registry.resolve('house@challenger').version, 2);
  requireReason(registry, result);
});

test('the margin and the criterion decide, in units of the metric', async () => {
  using registry = await champion();
  const more = { added: [{ rows: moved }], action: 'compare' as const };
  const { comparison } = await retrain(base(registry, more));
  const { gain, interval } = comparison;
  const decision = async (options: Partial<RetrainOptions>) =>
    (await retrain(base(registry, { ...more, ...options }))).decision;
  assert.equal(await decision({ margin: gain * 0.999 }), 'would-promote');
  assert.equal(await decision({ margin: gain * 1.001 }), 'would-keep');
  assert.equal(await decision({ margin: gain * 0.999, criterion: 'interval' }), 'would-keep');
  assert.equal(await decision({ margin: interval![0] * 0.999, criterion: 'interval' }), 'would-promote');
  // A dry run leaves nothing.
  assert.equal(registry.versions('house').length, 1);
  assert.equal(registry.history('house').length, 2);
});

test('a better challenger is only registered where that is asked for', async () => {
  using registry = await champion();
  const result = await retrain(base(registry, { added: [{ rows: moved }], action: 'register' }));
  assert.equal(result.decision, 'registered');
  assert.equal(registry.resolve('house').version, 1);
});

test('a champion that somebody else moved meanwhile stays where they put it', async () => {
  using registry = await champion();
  const watched: Registry = {
    ...registry,
    async register(...args) {
      const made = await registry.register(...args);
      await registry.register('house', registry.path(made), { aliases: ['champion'] });
      return made;
    },
  };
  const result = await retrain(base(watched, { added: [{ rows: moved }] }));
  assert.equal(result.decision, 'overtaken');
  assert.match(result.reason, /someone else moved it/);
  assert.equal(registry.resolve('house').version, 3);
});

test('retraining goes on from a retrained champion: old rows keep their side, whatever file they come in', async () => {
  using registry = await champion();
  const first = await retrain(base(registry, { added: [{ rows: moved }] }));
  const third = houses({ n: 50, slope: 3, shift: 4, seed: 3 });
  const one = await retrain(base(registry, { added: [{ rows: moved }, { rows: third }], action: 'compare' }));
  assert.equal(one.champion.version, 2);
  assert.deepEqual(one.warnings, []);
  assert.deepEqual(one.rows.new, { data: 0, added: 50, feedback: 0 });
  const tested = one.parts.find(({ part }) => part === 'tested')!;
  assert.equal(tested.rows, first.rows.test);
  // Sums in another order.
  assert.ok(Math.abs(tested.champion - first.comparison.challenger) < 1e-12);
  // One export of everything, in another order.
  const records = [...third.toRecords(), ...moved.toRecords(), ...old.toRecords()];
  const all = Frame.fromRecords(records);
  const two = await retrain(base(registry, { data: { rows: all }, action: 'compare' }));
  assert.deepEqual(two.rows.new, { data: 50, added: 0, feedback: 0 });
  assert.equal(two.rows.test, one.rows.test);
  assert.equal(two.parts[0]!.rows, tested.rows);
});

test('rows that the champion knows but the tables lack are told', async () => {
  using registry = await champion();
  await retrain(base(registry, { added: [{ rows: moved }] }));
  const { warnings } = await retrain(base(registry, { data: { rows: moved }, action: 'compare' }));
  assert.match(
    warnings[0]!,
    /^160 of the 256 rows that the champion learned from and 40 of the 64 rows that the champion was tested on/,
  );
});

test('an unknown training table counts as seen: then new rows alone are compared on', async () => {
  using registry = await champion();
  const other = houses({ n: 100, slope: 2, seed: 9 });
  const result = await retrain(
    base(registry, { data: { rows: other }, added: [{ rows: moved }], action: 'compare' }),
  );
  assert.match(result.warnings[0]!, /fingerprint differs/);
  assert.deepEqual(
    result.parts.map(({ part, rows }) => [part, rows]),
    [['added', 24]],
  );
  await assert.rejects(retrain(base(registry, { data: { rows: other } })), {
    code: 'retrain/no-held-out-rows',
    message: /fingerprint differs/,
  });
});

const window = (rows: Frame, labels: readonly (Label | null)[]) => ({
  ...{ rows, labels, at: Float64Array.from({ length: rows.rows }, (_, i) => Date.UTC(2027, 0, 1 + i)) },
});

test('corrected predictions are learned from; those without a label are passed over', async () => {
  using registry = await champion();
  const feedback = moved.select(['a', 'c']);
  const labels = Array.from(moved.numbers('y'), (value, i) => (i % 2 === 0 ? value : null));
  const result = await retrain(base(registry, { feedback: window(feedback, labels) }));
  assert.deepEqual(result.rows.new, { data: 0, added: 0, feedback: 60 });
  assert.equal(result.decision, 'promoted');
  assert.equal(registry.resolve('house').lineage.dataSource, 'old.csv + feedback');
});

test('a correction of a known row goes to its side, and one that changes nothing is left out', async () => {
  using registry = await champion();
  const truth = old.numbers('y');
  const rows = old.select(['a', 'c']);
  const labels = Array.from(truth, (value, i) => (i < 100 ? value + 1 : value));
  const result = await retrain(base(registry, { feedback: window(rows, labels) }));
  assert.equal(result.rows.duplicates, 100);
  assert.equal(result.rows.new.feedback, 100);
  const { model } = await loadTrained(registry.path(registry.resolve('house@challenger')));
  const known = findKnownRows(model.summary)!;
  const tested = result.parts.find(({ part }) => part === 'tested')!;
  const corrected = result.parts.find(({ part }) => part === 'feedback')!;
  // As many corrections are held out as there are held-out rows among the first hundred.
  assert.equal(tested.rows + corrected.rows, known.testKeys.length);
  const split = (await trainTable(old, { target: 'y', features: ['a', 'c'], model: 'ridge' })).testRows;
  assert.equal(corrected.rows, split.filter((row) => row < 100).length);
});

test('columns of feedback take the kinds of the table, and a label that cannot be is named', async () => {
  using registry = await champion();
  const texts = Frame.fromColumns({ a: ['1.5', '2', '3', '4', '5.5'], c: ['x', 'y', 'z', 'x', 'y'] });
  const result = await retrain(
    base(registry, { feedback: window(texts, ['3', 5, '8', 8, 12]), action: 'compare' }),
  );
  assert.equal(result.rows.new.feedback, 5);
  await assert.rejects(retrain(base(registry, { feedback: window(texts, ['dear', 1, 1, 1, 1]) })), {
    code: 'data/other-kind',
    message: /Column 'y' of the feedback holds "dear"/,
  });
  await assert.rejects(retrain(base(registry, { added: [{ rows: moved.drop(['c']), source: 'new.csv' }] })), {
    code: 'data/missing-column',
    message: /'new.csv' has no column 'c'/,
  });
  await assert.rejects(retrain(base(registry, { added: [{ rows: moved.drop(['y']) }] })), {
    message: /added table 1 has no column 'y'/,
  });
});

test('groups stay on one side, also across tables', async () => {
  using registry = await champion({ group: 'house' });
  const split = await trainTable(old, { target: 'y', features: ['a', 'c'], model: 'ridge', group: 'house' });
  const [first, last] = [old.cell('house', split.trainRows[0]!), old.cell('house', split.testRows[0]!)];
  const added = moved.with('house', {
    kind: 'string',
    codes: Int32Array.from({ length: moved.rows }, (_, i) => i % 4),
    levels: [first as string, last as string, 'new one', 'new two'],
  });
  const result = await retrain(base(registry, { added: [{ rows: added }], holdOut: 0.5 }));
  const part = result.parts.find((one) => one.part === 'added')!;
  // Those of the tested group, and of one of the two new groups.
  assert.equal(part.rows, 60);
});

test('by time the latest new rows are held out', async () => {
  using registry = await champion({ time: 'day' });
  const result = await retrain(base(registry, { added: [{ rows: moved }], holdOut: 0.1, action: 'compare' }));
  const days = moved.numbers('day');
  const latest = [...days].sort((a, b) => b - a)[11]!;
  const part = result.parts.find((one) => one.part === 'added')!;
  assert.ok(part.rows >= 12 && part.rows <= days.filter((day) => day >= latest).length);
  // Feedback has no such column: the moment of the prediction stands for it.
  const feedback = window(moved.select(['a', 'c']), Array.from(moved.numbers('y')));
  assert.equal((await retrain(base(registry, { feedback, action: 'compare' }))).rows.new.feedback, 120);
});

test('rows that come without a weight count once', async () => {
  using registry = await champion({ weight: 'w' });
  const result = await retrain(base(registry, { added: [{ rows: moved.drop(['w']) }], action: 'compare' }));
  assert.equal(result.rows.new.added, 120);
  const tested = result.parts.find(({ part }) => part === 'tested')!;
  assert.ok(Math.abs(tested.champion - registry.resolve('house').metrics.rmse!) < 1e-12);
});

const answers = (table: Frame) =>
  table.with('y', {
    kind: 'string',
    codes: Int32Array.from(table.numbers('y'), (value) => (value > 1 ? 0 : 1)),
    levels: ['yes', 'no'],
  });

test('classes are compared by the area under the curve, and by F1 where a model does not know a class', async () => {
  const table = answers(old);
  using registry = await champion({ model: 'logistic-regression' }, table);
  const options = { registry, name: 'house', data: { rows: table }, action: 'compare' as const };
  const added = answers(moved);
  const one = await retrain({ ...options, added: [{ rows: added }] });
  assert.equal(one.metric, 'rocAuc');
  const other = added.with('y', {
    kind: 'string',
    codes: Int32Array.from({ length: 120 }, (_, i) => i % 3),
    levels: ['yes', 'no', 'maybe'],
  });
  const two = await retrain({ ...options, added: [{ rows: other }] });
  assert.equal(two.metric, 'f1');
  await assert.rejects(retrain({ ...options, added: [{ rows: other }], metric: 'logLoss' }), {
    code: 'option/unsupported-metric',
    message: /does not know the class "maybe"/,
  });
  await assert.rejects(retrain({ ...options, metric: 'rmse' }), { code: 'option/wrong-problem' });
  await assert.rejects(retrain({ ...options, metric: 'acuracy' }), { message: /Did you mean 'accuracy'/ });
});

test('another family, or the best of all, can be the challenger', async () => {
  using registry = await champion();
  const more = { added: [{ rows: moved }], action: 'compare' as const };
  const tree = await retrain(base(registry, { ...more, model: 'decision-tree' }));
  assert.equal(tree.challenger.family, 'decision-tree');
  const best = await retrain(base(registry, { ...more, model: 'auto', budget: { trials: 6 } }));
  assert.ok(best.challenger.family !== '');
  await assert.rejects(retrain(base(registry, { ...more, model: 'rigde' })), {
    message: /Did you mean 'ridge'/,
  });
});

test('what cannot be retrained says so', async () => {
  using registry = await champion();
  const file = join(folder, 'plain.heddle');
  await saveModel(await ridge().fit([[1], [2], [3]], [1, 2, 4]), file);
  await registry.register('plain', file);
  await assert.rejects(retrain(base(registry, { name: 'plain' })), { code: 'retrain/not-repeatable' });
  await assert.rejects(retrain(base(registry, { name: 'hause' })), { code: 'registry/unknown-name' });
  await assert.rejects(retrain(base(registry, { margin: -1 })), /margin/);
  await assert.rejects(
    retrain(base(registry, { added: [{ rows: moved }] }), { signal: AbortSignal.abort() }),
    {
      code: 'job/aborted',
    },
  );
  assert.equal(registry.versions('house').length, 1);
});

test('the interval is that of the paired difference: it knows that both models find the same rows hard', async () => {
  const random = new RandomState(4);
  const truth = Float64Array.from({ length: 400 }, () => 100 * (random.standardNormal() as number));
  const noise = Float64Array.from(truth, () => 10 * (random.standardNormal() as number));
  const predictions = (shift: number) => ({
    kind: 'regression' as const,
    values: truth.map((value, i) => value + noise[i]! * shift),
  });
  const model = (await ridge().fit([[1], [2], [3]], [1, 2, 4])) as never;
  const held = { truth: { kind: 'number' as const, values: truth }, weights: undefined };
  const scorer = (await import('../../metrics/registry.ts')).getScorer('mae');
  const [champion, challenger] = [
    { model, predictions: predictions(1) },
    { model, predictions: predictions(0.9) },
  ];
  const { gain, interval } = await compareModels(scorer, champion, challenger, held, { seed: 1 });
  const errors = noise.map((value) => 0.1 * Math.abs(value));
  const mean = errors.reduce((sum, error) => sum + error, 0) / 400;
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / 399);
  assert.ok(Math.abs(gain - mean) < 1e-9);
  // 1,000 draws know the ends to about 5% of the width; the normal interval of the mean is its limit.
  const half = (1.96 * deviation) / Math.sqrt(400);
  assert.ok(Math.abs(interval![0] - (mean - half)) < 0.2 * half, `${interval} for ${mean} ± ${half}`);
  assert.ok(Math.abs(interval![1] - (mean + half)) < 0.2 * half, `${interval} for ${mean} ± ${half}`);
  const weights = new Float64Array(400).fill(2);
  const all = Int32Array.from({ length: 400 }, (_, i) => i);
  const weighted = scoreBoth(scorer, champion, challenger, { ...held, weights }, all);
  assert.ok(Math.abs(weighted.champion - evaluateRegression(truth, champion.predictions.values).mae) < 1e-9);
});

test('the decision wants more than the margin, and no figure is no improvement', () => {
  const settings = { margin: 0, criterion: 'score' as const };
  const verdict = (gain: number, interval: readonly [number, number] | null, more: object = {}) =>
    decide(
      { rows: 1, champion: 1, challenger: 1 + gain, gain, interval },
      { scorer: { name: 'r2' }, settings: { ...settings, ...more }, champion: 3 },
    );
  assert.equal(verdict(0, [0, 0]).isBetter, false);
  assert.equal(verdict(1e-9, [-1, 1]).isBetter, true);
  assert.equal(verdict(Number.NaN, null).isBetter, false);
  assert.equal(verdict(1, null, { criterion: 'interval' }).isBetter, false);
  assert.equal(verdict(1, [0.5, 2], { criterion: 'interval', margin: 0.4 }).isBetter, true);
  assert.equal(
    verdict(-0.25, [-0.5, 0.1], { margin: 0.1 }).reason,
    'r2 0.75 against 1 of version 3 on 1 held-out row: worse by 0.25 (95% interval -0.5 to 0.1); the difference is not above the margin of 0.1.',
  );
  assert.match(verdict(Number.NaN, null).reason, /not comparable \(no interval\)/);
});
