import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { trainTable } from '../train-table.ts';
import { autoTrain } from './auto-train.ts';

/** A curve that no straight line follows, a category with an effect, a gap now and then. */
function bumps(rows: number, seed = 1): Frame {
  const random = new RandomState(seed);
  const a = random.uniform(-3, 3, rows);
  const noise = random.normal(0, 0.1, rows);
  const kind = Array.from(a, (_, i) => ['red', 'green', 'blue'][i % 3]!);
  const y = Array.from(a, (value, i) => Math.cos(2 * value) + (kind[i] === 'red' ? 1 : 0) + noise[i]!);
  return Frame.fromColumns({
    a: Array.from(a, (value, i) => (i % 17 === 5 ? null : value)),
    b: random.normal(0, 1, rows),
    kind,
    y,
    class: y.map((value) => (value > 0.5 ? 'high' : 'low')),
    three: y.map((value) => (value > 1 ? 'top' : value > 0 ? 'mid' : 'base')),
  });
}
const table = bumps(150);
const regression = {
  ...{ target: 'y', drop: ['class', 'three'], budget: { trials: 14 } },
  candidates: ['ridge', 'linear-regression', 'k-neighbors', 'decision-tree'],
};

test('a choice compares candidates and a baseline on training rows and keeps the best', async () => {
  const { choice, evaluation, model, warnings } = await autoTrain(table, regression);
  const { leaderboard, metric, folds, spent, budget, notes } = choice.comparison!;
  assert.deepEqual([metric, folds, budget], ['r2', 5, { trials: 14 }]);
  assert.equal(spent.trials, 14);
  assert.ok(spent.cpuSeconds > 0);
  assert.equal(spent.cost, null);
  const scored = leaderboard.filter(({ mean }) => mean !== null);
  const means = scored.map(({ mean }) => mean!);
  assert.deepEqual(
    means,
    means.toSorted((a, b) => b - a),
  );
  assert.deepEqual(
    leaderboard.map(({ rank }) => rank),
    leaderboard.map((_, i) => i + 1),
  );
  const baseline = scored.find(({ isBaseline }) => isBaseline)!;
  assert.equal(baseline.family, 'baseline');
  // The mean explains nothing of rows that it has not seen.
  assert.ok(baseline.mean! <= 0 && baseline.mean! > -0.3, `${baseline.mean}`);
  const winner = scored.find(({ family }) => family === choice.family)!;
  assert.deepEqual(winner.specification, choice.specification.toJSON());
  assert.match(winner.note, /^chosen: /);
  assert.ok(winner.mean! > 0.5, `${choice.family} ${winner.mean}`);
  assert.ok((evaluation.metrics as { r2: number }).r2 > 0.5);
  assert.equal(model.kind, 'regressor');
  assert.equal(choice.isDefault, false);
  assert.match(notes.join('\n'), /R² decides .* 5 folds of the training rows/);
  assert.deepEqual(warnings, []);
});

test('scores of the leaderboard are those of the same folds, and the last fit is that of trainTable', async () => {
  const trained = await autoTrain(table, { ...regression, candidates: ['ridge'], budget: { trials: 5 } });
  const { alpha } = trained.choice.specification.options as { alpha: number };
  const again = await trainTable(table, {
    ...{ target: 'y', drop: ['class', 'three'], model: 'ridge', modelOptions: { alpha } },
  });
  assert.deepEqual(again.evaluation, trained.evaluation);
  const [entry] = trained.choice.comparison!.leaderboard;
  assert.equal(entry!.trials, 3);
});

test('with a budget of trials the same seed gives the same choice on any number of threads', async () => {
  const shown = async (threads: number) => {
    const { choice, evaluation } = await autoTrain(
      table,
      { ...regression, candidates: ['ridge', 'k-neighbors', 'decision-tree'], budget: { trials: 30 } },
      { threads },
    );
    const board = choice.comparison!.leaderboard.map(({ seconds, ...entry }) => entry);
    return { board, specification: choice.specification.toJSON(), metrics: evaluation.metrics };
  };
  assert.deepEqual(await shown(1), await shown(2));
});

test('two classes are ranked by ROC AUC, more by F1, and a wish by itself', async () => {
  const quick = { candidates: ['logistic-regression', 'decision-tree'], budget: { trials: 4 } };
  const metric = async (target: string, drop: string[], more: object = {}) =>
    (await autoTrain(table, { target, drop, ...quick, ...more })).choice.comparison!;
  assert.equal((await metric('class', ['y', 'three'])).metric, 'rocAuc');
  assert.equal((await metric('three', ['y', 'class'])).metric, 'f1');
  const loss = await metric('class', ['y', 'three'], { metric: 'logLoss' });
  assert.deepEqual([loss.metric, loss.greaterIsBetter], ['logLoss', false]);
  const means = loss.leaderboard.flatMap(({ mean }) => mean ?? []);
  assert.deepEqual(
    means,
    means.toSorted((a, b) => a - b),
  );
  await assert.rejects(metric('class', ['y', 'three'], { metric: 'r2' }), { code: 'option/wrong-problem' });
});

test('where people can read a model and nothing is gained by another, it is taken', async () => {
  const random = new RandomState(2);
  const [a, b, noise] = [0, 1, 2].map(() => random.standardNormal(120));
  const line = Frame.fromColumns({
    ...{ a: a!, b: b! },
    y: Array.from(a!, (value, i) => 3 * value - b![i]! + noise![i]!),
  });
  const { choice } = await autoTrain(line, { target: 'y', budget: { trials: 10 } });
  assert.equal(choice.specification.definition.readable, true);
});

test('columns that say nothing give a warning rather than a model that pretends', async () => {
  const random = new RandomState(4);
  const noise = Frame.fromColumns({ a: random.standardNormal(80), y: random.standardNormal(80) });
  const { warnings } = await autoTrain(noise, { target: 'y', budget: { trials: 10 } });
  assert.match(warnings[0] ?? '', /No model is clearly better than the naive baseline/);
});

test('a candidate that does not suit the data is listed with its reason, and others go on', async () => {
  const few = bumps(24);
  const weighted = few.with('w', { kind: 'number', values: new Float64Array(24).fill(1) });
  const found = await autoTrain(weighted, {
    ...{ target: 'y', drop: ['class', 'three'], weight: 'w' },
    ...{ candidates: ['ridge', 'k-neighbors'], budget: { trials: 6 } },
  });
  const skipped = found.choice.comparison!.leaderboard.at(-1)!;
  assert.deepEqual(
    [skipped.family, skipped.state, skipped.note, skipped.mean],
    ['k-neighbors', 'skipped', 'takes no weights', null],
  );
});

test('a candidate whose metric or fit fails is listed with why, and the others go on', async () => {
  // A straight line through a steep bend falls below 0, where a logarithm ends.
  const steep = Frame.fromColumns({
    a: Array.from({ length: 60 }, (_, i) => i),
    y: Array.from({ length: 60 }, (_, i) => Math.max(0, i - 45) ** 3),
  });
  const { choice } = await autoTrain(steep, {
    ...{
      target: 'y',
      features: ['a'],
      problem: 'regression',
      metric: 'msle',
      candidates: ['linear-regression', 'decision-tree'],
    },
    budget: { trials: 4 },
  });
  assert.equal(choice.family, 'decision-tree');
  const failed = choice.comparison!.leaderboard.find(({ family }) => family === 'linear-regression')!;
  assert.deepEqual([failed.state, failed.mean, failed.trials], ['failed', null, 1]);
  assert.match(failed.note, /-\d/);
});

test('time that is over before it begins still gives the first candidate', async () => {
  const { choice } = await autoTrain(table, { ...regression, budget: { seconds: 1e-6 } });
  const { leaderboard } = choice.comparison!;
  const tried = leaderboard.filter(({ trials, isBaseline }) => trials > 0 && !isBaseline);
  assert.deepEqual([tried.length, tried[0]!.family], [1, choice.family]);
});

test('tables too small to compare models get the default one, and say so', async () => {
  const { choice } = await autoTrain(bumps(12), { target: 'y', drop: ['class', 'three'] });
  assert.equal(choice.comparison, null);
  assert.equal(choice.isDefault, true);
  assert.equal(choice.family, 'ridge');
  assert.match(choice.reason, /^9 training rows are too few to compare models, so it is the default$/);
});

test('folds keep groups together and put later rows after earlier ones', async () => {
  const n = 90;
  const grouped = bumps(n)
    .with('team', { kind: 'number', values: Float64Array.from({ length: n }, (_, i) => Math.floor(i / 9)) })
    .with('day', { kind: 'number', values: Float64Array.from({ length: n }, (_, i) => i) });
  const quick = { target: 'y', candidates: ['ridge'], budget: { trials: 3 } };
  const byTeam = await autoTrain(grouped, { ...quick, drop: ['class', 'three', 'day'], group: 'team' });
  assert.match(byTeam.choice.comparison!.notes[0]!, /5 folds .* \(groupKFold\)/);
  const byDay = await autoTrain(grouped, { ...quick, drop: ['class', 'three', 'team'], time: 'day' });
  assert.match(byDay.choice.comparison!.notes[0]!, /5 folds .* \(groupTimeSeriesSplit\)/);
});

test('a budget of money ends the choice, and its cost is told', async () => {
  const { choice } = await autoTrain(table, {
    ...regression,
    budget: { cost: 1e-9, pricePerCpuHour: 3600 },
  });
  const { spent, leaderboard } = choice.comparison!;
  // The first candidate is compared whatever the budget; one beside it, where what came before cost less than the clock of CPU time tells.
  const tried = leaderboard.filter(({ trials, isBaseline }) => trials > 0 && !isBaseline).length;
  assert.ok(tried >= 1 && tried <= 2, `${tried}`);
  assert.ok(Math.abs(spent.cost! - spent.cpuSeconds) < 1e-12);
  assert.match(leaderboard.at(-1)!.note, /the budget was spent before/);
});

test('an abort stops a choice, and progress tells the best so far', async () => {
  const controller = new AbortController();
  const messages: (string | undefined)[] = [];
  const work = autoTrain(
    table,
    { ...regression, budget: { trials: 1000 } },
    {
      signal: controller.signal,
      onProgress: ({ message }) => {
        messages.push(message);
        if (messages.length === 8) controller.abort();
      },
    },
  );
  await assert.rejects(work, { code: 'job/aborted' });
  assert.match(messages.at(-1)!, /^trial \d+, best r2 -?0\.\d+ \([a-z-]+\)$/);
});

test('a model that is named, an unknown candidate and one for the other problem are refused', async () => {
  await assert.rejects(autoTrain(table, { target: 'y', model: 'ridge' } as never), {
    code: 'option/conflict',
    message: /candidates: \['ridge'\]/,
  });
  await assert.rejects(autoTrain(table, { target: 'y', candidates: ['rigde'] }), {
    message: /Did you mean 'ridge'/,
  });
  await assert.rejects(autoTrain(table, { target: 'y', candidates: ['logistic-regression'] }), {
    code: 'option/wrong-problem',
  });
  await assert.rejects(autoTrain(table, { target: 'y', budget: { cost: 1 } }), {
    message: /needs the price/,
  });
  await assert.rejects(autoTrain(table, { target: 'y', alpha: 1 } as never), { code: 'option/unknown' });
});
