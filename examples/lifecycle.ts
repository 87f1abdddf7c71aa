/**
 * The whole loop on 2,930 real house sales: choose a model → report → registry → serve → watch → learn from corrections → promote, while
 * the server answers all the time.
 *
 * 2,000 sales are what the company knows; the others are what it is asked about. Then a new quarter is built, whose houses are
 * larger and dearer than any the model saw.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cell, type Frame, openRegistry, RandomState, readCsv } from '../src/index.ts';
import {
  loadTrained,
  monitorWindow,
  openPredictionLog,
  readLog,
  retrain,
  saveTrained,
} from '../src/monitor/index.ts';
import { autoTrain, readRun, renderReport, runRecord, saveRun } from '../src/select/index.ts';
import { serve } from '../src/serve/index.ts';

type Row = Record<string, Cell>;

const folder = await mkdtemp(join(tmpdir(), 'heddle-lifecycle-'));
const say = (step: string, text: string) => console.log(`${step.padEnd(10)} ${text}`);

// Collect. Order and PID only number the sales.
const sales = (await readCsv(fileURLToPath(new URL('data/ames.csv', import.meta.url)))).drop([
  'Order',
  'PID',
]);
const order = new RandomState(7).permutation(sales.rows);
const known = sales.take(order.subarray(0, 2000));
const later = sales.take(order.subarray(2000));
say('collect', `${known.rows} sales are known, ${later.rows} come later`);

// Choose, train, evaluate: the test rows are touched once, by the winner.
const options = { target: 'price', budget: { seconds: 20, trials: 12, pricePerCpuHour: 0.05 } } as const;
const trained = await autoTrain(known, options);
const { comparison } = trained.choice;
say(
  'choose',
  `${trained.choice.family} of ${comparison!.leaderboard.length} candidates: ${trained.choice.reason}`,
);
say(
  'spend',
  `${comparison!.spent.trials} trials, ${comparison!.spent.cpuSeconds.toFixed(1)} CPU-seconds, ${comparison!.spent.cost!.toFixed(5)} at 0.05 an hour`,
);
const metrics = trained.evaluation.metrics as unknown as { readonly r2: number };
say('evaluate', `R² ${metrics.r2.toFixed(3)} on ${trained.rows.test} test rows`);
assert.ok(metrics.r2 > 0.7);

// Keep the run, and draw it.
const run = join(folder, 'run');
const file = join(run, 'model.heddle');
const record = await runRecord(known, trained, options, { learningCurve: false });
await saveRun(run, record, (path) => saveTrained(trained, options, known, path));
await writeFile(join(run, 'report.html'), await renderReport(await readRun(run)));
say('report', `${Math.round((await stat(join(run, 'report.html'))).size / 1024)} KiB of figures in one page`);

// Register and serve.
using registry = await openRegistry(join(folder, 'registry'));
await registry.register('ames', file, { aliases: ['champion'], note: 'chosen automatically' });
await using log = await openPredictionLog(join(folder, 'predictions.db'));
await using server = await serve('ames@champion', { registry, port: 0, log, pollMs: 100 });
say('serve', `ames@${server.model.version} on ${new URL(server.url).hostname}`);

interface Answer {
  readonly id: string;
  readonly prediction: number;
  readonly model: { readonly version: number };
}

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

const ask = async (row: Row) => (await post('/predict', { row })) as Answer;

/** Every item, 16 at a time. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += 16) {
    results.push(...(await Promise.all(items.slice(from, from + 16).map(work))));
  }
  return results;
}

const rowsOf = (table: Frame): Row[] =>
  Array.from({ length: table.rows }, (_, i) =>
    Object.fromEntries(table.names.map((name) => [name, table.cell(name, i)])),
  );
const features = rowsOf(later.drop(['price']));
const prices = later.numbers('price');

// 1,000 requests for houses as they always were.
const usual = Array.from({ length: 1000 }, (_, i) => features[i % features.length]!);
await each(usual, ask);
await log.flush();
const model = await loadTrained(file);
const before = await readLog(log.path, { model: 'ames' });
const quiet = await monitorWindow(model, before);
say('monitor', `${before.rows.rows} predictions, ${quiet.alarms.length} alarms`);
assert.equal(before.rows.rows, 1000);
assert.deepEqual(quiet.alarms, []);

// A new quarter: houses a third larger, in a neighbourhood that the model never saw, at 1.6 times the price.
const since = Date.now();
const built = features
  .slice(0, 500)
  .map((row) => ({ ...row, area: Math.round((row.area as number) * 1.33), Neighborhood: 'Riverside' }));
const answers = await each(built, ask);
await log.flush();
const changed = await monitorWindow(model, await readLog(log.path, { model: 'ames', since }));
const drifted = changed.alarms.filter(({ column }) => column === 'area' || column === 'Neighborhood');
for (const { column, message } of drifted) say('alarm', `${column}: ${message}`);
assert.deepEqual(new Set(drifted.map(({ column }) => column)), new Set(['area', 'Neighborhood']));

// Users say what the houses went for. The same word twice counts once.
const corrections = answers.map(({ id }, i) => ({
  predictionId: id,
  said: { kind: 'label', value: Math.round(prices[i]! * 1.6) },
  author: 'sales',
}));
const outcomes = await each([...corrections, corrections[0]!], (entry) => post('/feedback', entry));
assert.deepEqual(outcomes.at(-1), { outcome: 'duplicate' });
say('feedback', `${corrections.length} prices corrected`);

// Retrain while requests go on; the challenger is promoted if it is better on rows that neither saw.
let stop = false;
const versions = new Map<number, number>();
const traffic = (async () => {
  for (let i = 0; !stop; i = (i + 1) % features.length) {
    const { model: by } = await ask(features[i]!);
    versions.set(by.version, (versions.get(by.version) ?? 0) + 1);
  }
})();
const result = await retrain({
  ...{ registry, name: 'ames', data: { rows: known } },
  feedback: await readLog(log.path, { model: 'ames', labelled: true }),
  margin: 0.01,
});
say('retrain', result.reason);
assert.equal(result.decision, 'promoted');
while ((versions.get(2) ?? 0) < 100) await new Promise((resolve) => setTimeout(resolve, 20));
stop = true;
// A request that failed would have thrown.
await traffic;
say(
  'promote',
  `ames@1 answered ${versions.get(1)} requests meanwhile, ames@2 the next ${versions.get(2)}, none failed`,
);

const errors = async (by: string) => {
  const { model: fitted } = await registry.load(by);
  const predicted = (await (fitted as { predict(x: object): Promise<Float64Array> }).predict(
    built,
  )) as Float64Array;
  return predicted.reduce((sum, value, i) => sum + Math.abs(value - prices[i]! * 1.6), 0) / built.length;
};
const [old, now] = [await errors('ames@1'), await errors('ames@2')];
say(
  'now',
  `${Math.round(now / 1000)},000 dollars off in the new quarter, where it was ${Math.round(old / 1000)},000`,
);
assert.ok(now < old / 2);
for (const { kind, alias, version, reason } of registry.history('ames')) {
  say(
    'history',
    `version ${version} ${kind}${alias === null ? '' : ` ${alias}`}${reason === '' ? '' : `: ${reason}`}`,
  );
}
await server.close();
await rm(folder, { recursive: true, force: true });
