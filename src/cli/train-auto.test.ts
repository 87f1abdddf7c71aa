import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { readRun } from '../select/run/run-folder.ts';
import { parseFlags } from './flags.ts';
import { csv, folderOf, heddle, houses } from './run.fixture.ts';
import { repeatCommand, trainFlags } from './train/flags.ts';

function homes(rows = 90) {
  const random = new RandomState(6);
  const size = [...random.uniform(40, 160, rows)].map(Math.round);
  const noise = [...random.normal(0, 9, rows)];
  const town = size.map((_, i) => ['Ames', 'Boone', "St. John's"][i % 3]!);
  return csv({
    size,
    town,
    price: size.map((value, i) => Math.round(2 * value + (town[i] === 'Ames' ? 60 : 0) + noise[i]!)),
    sold: size.map((value) => (value + noise[value % rows]! > 100 ? 'yes' : 'no')),
  });
}
const quick = ['--candidates', 'ridge,decision-tree,k-neighbors', '--budget-trials', '8'];
const classes = ['--candidates', 'logistic-regression,decision-tree,k-neighbors', '--budget-trials', '8'];

test('without a model the best of several is taken, and the leaderboard says of which', async (t) => {
  const { file } = folderOf(t);
  const data = file('homes.csv', homes());
  const { stdout, code, stderr } = await heddle(
    'train',
    data,
    '--target',
    'price',
    '--drop',
    'sold',
    ...quick,
  );
  assert.equal(code, 0, stderr);
  const lines = stdout.split('\n');
  assert.match(lines[0]!, /^rank {2}model +r2 +trials {2}seconds/);
  assert.match(lines[1]!, /^ +1 {2}\S+ +0\.\d{4} ± 0\.\d+ +\d+ +\d+\.\d +chosen$/);
  assert.match(stdout, /^ +4 {2}baseline +-0\.\d+ ± /m);
  assert.match(stdout, /^problem +regression: 'price' holds many distinct whole numbers/m);
  assert.match(stdout, /^spent +8 trials, \d+\.\d CPU-seconds in \d+\.\d s$/m);
  assert.match(stdout, /^price, on 18 test rows, with 95% intervals:$/m);
  assert.match(stdout, /^ {2}R² +0\.\d+ {2}\[0\.\d+, 0\.\d+\]$/m);
  assert.match(stdout, /^ {2}Largest error +[\d.]+$/m);
});

test('the object for programs holds the choice beside what it always held', async (t) => {
  const { file } = folderOf(t);
  const data = file('homes.csv', homes());
  const price = ['--budget-cost', '0.001', '--price-per-cpu-hour', '0.04'];
  const { json } = await heddle(
    ...['train', data, '--target', 'sold', '--drop', 'price', '--model', 'auto'],
    ...[...classes, ...price, '--folds', '3', '--metric', 'logLoss', '--json'],
  );
  assert.equal(json.problem, 'classification');
  const { metric, folds, budget, spent, leaderboard } = json.choice;
  assert.deepEqual([metric, folds], ['logLoss', 3]);
  assert.deepEqual(budget, { trials: 8, cost: 0.001, pricePerCpuHour: 0.04 });
  assert.ok(spent.cost >= 0 && spent.cost < 0.001);
  assert.equal(leaderboard.length, 4);
  assert.equal(
    json.model,
    leaderboard.find((entry: { note: string }) => entry.note.startsWith('chosen')).family,
  );
  assert.equal(json.metrics.positive.class, 'yes');
  const [low, high] = json.intervals.accuracy;
  assert.ok(low <= json.metrics.accuracy && json.metrics.accuracy <= high);
  assert.equal(json.run, null);
});

test('a table of four rows gets the default model at once, which says why', async (t) => {
  const { file } = folderOf(t);
  const { json, stderr } = await heddle('train', file('h.csv', houses), '--target', '售价', '--json');
  assert.equal(stderr, '');
  assert.deepEqual([json.model, json.choice], ['ridge', null]);
  assert.match(json.reason, /3 training rows are too few to compare models, so it is the default/);
});

test('a run is a folder with model and record, whose command repeats it', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('homes.csv', homes());
  const run = path('run');
  const { code, stdout, stderr } = await heddle(
    ...['train', data, '--target', 'price', '--drop', 'sold', ...quick],
    ...['--run', run, '--no-learning-curve'],
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^run +.*run \(heddle report .*run shows it\)$/m);
  assert.deepEqual(readdirSync(run).sort(), ['model.heddle', 'run.json']);
  const record = await readRun(run);
  assert.equal(record.data.source, data);
  assert.equal(record.learningCurve, null);
  assert.equal(
    record.repeat.command,
    `heddle train ${data} --target price --drop sold --candidates ridge,decision-tree,k-neighbors --budget-trials 8`,
  );
  const { json } = await heddle('predict', path('run/model.heddle'), data, '--json');
  assert.deepEqual(
    record.test.tableRows!.map((row) => json.predictions[row]),
    record.test.predictions,
  );
  const again = await heddle(...record.repeat.command!.split(' ').slice(1), '--json');
  assert.deepEqual(again.json.options, record.model.specification.options);
});

test('a folder that holds something else is refused before any work', async (t) => {
  const { path } = folderOf(t);
  mkdirSync(path('notes'));
  writeFileSync(path('notes/a.txt'), '');
  const { code, stderr } = await heddle('train', 'nowhere.csv', '--target', 'y', '--run', path('notes'));
  assert.equal(code, 1);
  assert.match(stderr, /it holds 'a.txt', which would be lost/);
  assert.ok(existsSync(path('notes/a.txt')));
});

test('flags that do not go together are refused', async (t) => {
  const { file } = folderOf(t);
  const data = file('homes.csv', homes());
  const refused = async (message: RegExp, ...flags: string[]) => {
    const { code, stderr } = await heddle('train', data, '--target', 'price', ...flags);
    assert.deepEqual([code, message.test(stderr)], [1, true], stderr);
  };
  await refused(/--set sets an option of one model: name it with --model/, '--set', 'alpha=1');
  await refused(
    /--budget-trials is for choosing a model, but --model names ridge/,
    '--model',
    'ridge',
    '--budget-trials',
    '3',
  );
  await refused(/needs the price of an hour/, '--budget-cost', '3');
  await refused(/no metric 'rr2'. Did you mean 'r2'/, '--metric', 'rr2');
  await refused(/no model 'rigde'. Did you mean 'ridge'/, '--candidates', 'rigde');
});

test('a repeated command means the same to a shell', () => {
  const argv = [
    ...['--target', "it's a price", '--drop', '"a,b",plain', '--set', 'alpha=1 2', '--set', 'x=$HOME'],
    ...['--stratify', '--seed', '7', '--positive=--yes', '--json', '--out', 'm.heddle', '--missing', '?'],
  ];
  const { flags } = parseFlags(argv, trainFlags);
  const command = repeatCommand('my data.csv', flags);
  const printed = spawnSync('sh', ['-c', `${command.replace(/^heddle/, "printf '%s\\n'")}`], {
    encoding: 'utf8',
  });
  const [name, data, ...words] = printed.stdout.trimEnd().split('\n');
  assert.deepEqual([name, data], ['train', 'my data.csv']);
  const { json, out, ...kept } = flags;
  const { json: _, out: __, ...again } = parseFlags(words, trainFlags).flags;
  assert.deepEqual(again, kept);
});
