import assert from 'node:assert/strict';
import { appendFileSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { openPredictionLog } from '../monitor/log/open-prediction-log.ts';
import { saveTrained } from '../monitor/trained-model.ts';
import { trainTable } from '../select/train-table.ts';
import { openRegistry } from '../store/registry/open-registry.ts';
import { csv, folderOf, heddle } from './run.fixture.ts';

function prices(n: number, slope: number, seed: number) {
  const random = new RandomState(seed);
  const a = Array.from({ length: n }, () => random.randint(0, 1_000_000) / 10_000);
  return {
    a,
    b: a.map((_, i) => 'pqr'[i % 3]),
    price: a.map((value, i) => (slope * value + (i % 3)).toFixed(2)),
  };
}

/** A registry whose `house` was trained on old.csv; new.csv says something else. */
async function setUp(t: TestContext) {
  const folder = folderOf(t);
  const old = folder.file('old.csv', csv(prices(120, 2, 1)));
  const added = folder.file('new.csv', csv(prices(80, 3, 2)));
  const { readCsv } = await import('../data/read/read-csv.ts');
  const table = await readCsv(old);
  const options = { target: 'price', model: 'ridge' };
  await saveTrained(await trainTable(table, options), options, table, folder.path('m.heddle'), {
    source: old,
  });
  const registry = folder.path('registry');
  {
    using opened = await openRegistry(registry);
    await opened.register('house', folder.path('m.heddle'), { aliases: ['champion'] });
  }
  const run = (...argv: string[]) => heddle('retrain', ...argv, '--registry', registry);
  return { ...folder, old, added, registry, run };
}

test('a better challenger is promoted with exit code 0, and both scores are shown side by side', async (t) => {
  const { added, run } = await setUp(t);
  // The old table is found where the champion was trained on it.
  const { code, stdout, stderr } = await run('house', '--add', added, '--metric', 'rmse');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^model +house: challenger 2 \(ridge\) against champion 1 \(ridge\)\nrows +160 to train, 40 held out; new: 80 added\n/,
  );
  assert.match(
    stdout,
    /\nheld out +rows +champion +challenger\ntested before +24 +\S+ +\S+\nadded +16 +\S+ +\S+\nall +40 +\S+ +\S+\n/,
  );
  assert.match(
    stdout,
    /\nrmse \(lower is better\): better by \S+, 95% interval \S+ to \S+, margin 0\npromoted: house@champion is version 2\n$/,
  );
});

test('one that is not good enough is kept as challenger with exit code 3', async (t) => {
  const { old, added, run, registry } = await setUp(t);
  const { code, stdout } = await run(
    'house',
    '--data',
    old,
    '--add',
    added,
    '--metric',
    'rmse',
    '--margin',
    '1e6',
  );
  assert.equal(code, 3);
  assert.match(stdout, /not promoted: house@champion stays version 1; house@challenger is version 2\n$/);
  const { stdout: history } = await heddle('registry', 'history', 'house', '--registry', registry);
  assert.match(history, /challenger set +rmse .* not above the margin/);
});

test('a dry run registers nothing and prints one object with --json', async (t) => {
  const { added, run, registry } = await setUp(t);
  const { code, json } = await run(
    'house',
    '--add',
    added,
    '--model',
    'decision-tree',
    '--metric',
    'mae',
    '--dry-run',
    '--json',
  );
  assert.equal(code, json.decision === 'would-promote' ? 0 : 3);
  assert.deepEqual(json.challenger.version, null);
  assert.equal(json.challenger.family, 'decision-tree');
  assert.deepEqual(json.rows.new, { data: 0, added: 80, feedback: 0 });
  using opened = await openRegistry(registry, { access: 'read' });
  assert.equal(opened.versions('house').length, 1);
});

test('corrections from the prediction log are learned from, ratings are told', async (t) => {
  const { run, path } = await setUp(t);
  {
    await using log = await openPredictionLog(path('p.db'));
    const { a, b, price } = prices(60, 3, 4);
    log.append(
      a.map((value, i) => ({
        id: `p${i}`,
        at: i,
        model: i < 50 ? 'house' : 'other',
        version: 1,
        row: { a: value, b: b[i]! },
        prediction: 0,
      })),
    );
    await log.flush();
    for (const i of a.keys()) {
      if (i % 2 === 0)
        await log.feedback({
          predictionId: `p${i}`,
          at: i,
          said: { kind: 'label', value: Number(price[i]) },
        });
    }
    await log.feedback({ predictionId: 'p1', at: 1, said: { kind: 'rating', value: 0.25 } });
    await log.feedback({ predictionId: 'p3', at: 1, said: { kind: 'rating', value: 0.75 } });
    await log.feedback({ predictionId: 'p5', at: 1, said: { kind: 'preference', over: 'p7' } });
  }
  const { code, stdout } = await run('house', '--log', path('p.db'), '--metric', 'rmse');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /new: 25 by feedback\nfeedback +25 corrected labels; 2 ratings \(mean 0.5\) and 1 preference, not learned from\n/,
  );
  assert.match(stdout, /\nfeedback +5 +\S+ +\S+\n/);
  assert.deepEqual((await run('house', '--log', path('p.db'), '--dry-run', '--json')).json.feedback, {
    ...{ labels: 25, ratings: 2, meanRating: 0.5, preferences: 1 },
  });
});

test('a retrained champion finds all of its tables again, and refuses one that changed', async (t) => {
  const { old, added, run } = await setUp(t);
  await run('house', '--add', added, '--metric', 'rmse');
  const again = await run('house', '--metric', 'rmse', '--dry-run', '--json');
  assert.equal(again.code, 3);
  assert.equal(again.json.comparison.gain, 0);
  assert.deepEqual(again.json.rows, {
    train: 160,
    test: 40,
    new: { data: 0, added: 0, feedback: 0 },
    duplicates: 0,
  });
  assert.match(again.stderr, /There are no new rows/);
  appendFileSync(added, '5,p,15\n');
  const changed = await run('house');
  assert.equal(changed.code, 1);
  assert.match(changed.stderr, /new\.csv' is not what it was when house@2 was trained on it/);
  const given = await run('house', '--data', old, '--add', added, '--dry-run', '--json');
  assert.equal(given.json.rows.new.added, 1);
});

test('what is missing or misspelt is said before any work', async (t) => {
  const { old, added, run, path } = await setUp(t);
  const fails = async (argv: string[], message: RegExp) => {
    const { code, stdout, stderr } = await run(...argv);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
  };
  await fails(['hause'], /Did you mean 'house'/);
  await fails(['house', '--metric', 'rsme'], /Did you mean 'rmse'/);
  await fails(['house', '--criterion', 'both'], /--criterion is score or interval/);
  await fails(['house', '--hold-out', '2'], /holdOut/);
  await fails(['house', '--budget-trials', '3'], /are for --model auto/);
  await fails(['house', '--add', path('none.csv')], /no such file/);
  await fails(['house', '--log', path('none.db')], /none\.db/);
  await fails(['house', '--data', added], /There is no row to compare the models on.*fingerprint differs/);
  rmSync(old);
  await fails(['house'], /old\.csv/);
});
