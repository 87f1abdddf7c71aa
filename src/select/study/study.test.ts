import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { moody } from '../moody.fixture.ts';
import { bayesSearch } from '../search/bayes-search.ts';
import { gridSearch } from '../search/grid-search.ts';
import { randomSearch } from '../search/random-search.ts';
import type { Trial } from '../search/trial.ts';
import { trialFromText, trialToText } from './trial-json.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-study-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, `${++files}.db`);

const x = Array.from({ length: 30 }, (_, i) => [i, (i * i) % 7]);
const y = x.map(([a, b]) => a + Math.sin(b));
const plain = (trials: readonly Trial[]) => trials.map(({ seconds, cpuSeconds, ...rest }) => rest);

/** Runs the search in a process of its own; kills it when so many trials have ended and some milliseconds passed. */
function runChild(
  path: string,
  kill?: { readonly trials: number; readonly ms: number },
): Promise<string | undefined> {
  const script = fileURLToPath(new URL('./killed-search.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [script, path, '24'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let isDying = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (kill === undefined || isDying || text.split('\n').length <= kill.trials) return;
    isDying = true;
    setTimeout(() => child.kill('SIGKILL'), kill.ms);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve(code === 0 ? text.trim().split('\n').at(-1) : undefined));
  });
}

// The acceptance of 20 of 20 is `HEDDLE_REPEATS=20 npm test src/select/study`.
const repeats = Number(process.env.HEDDLE_REPEATS ?? 1);

test('a search that is killed again and again ends with the same best trial as an undisturbed one', async () => {
  const undisturbed = await runChild(newPath());
  assert.match(undisturbed ?? '', /"best"/);
  const random = new RandomState(repeats);
  let killed = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const path = newPath();
    let result: string | undefined;
    let kills = 0;
    while (result === undefined) {
      const kill = { trials: random.randint(1, 9), ms: random.randint(0, 25) };
      // Known trials are reported again, so a kill that comes too early repeats itself: it moves on.
      result = await runChild(path, { ...kill, trials: kill.trials + 6 * kills });
      if (result === undefined) kills++;
    }
    assert.equal(result, undisturbed);
    killed += kills;
  }
  assert.ok(killed > 0, 'every search ended before it was killed');
});

test('a finished study runs nothing again, and more trials go on where it ended', async () => {
  const study = { path: newPath(), name: 'one' };
  const options = { cv: 3, scoring: 'mae', spaces: ['level', 'steps'], study };
  const specification = moody({ milliseconds: 1 });
  const first = await bayesSearch(specification, x, y, { ...options, nTrials: 15 });
  const again = await bayesSearch(specification, x, y, { ...options, nTrials: 15 });
  // Times are those of the first run: nothing was run again.
  assert.deepEqual(again.trials, first.trials);
  assert.equal(again.bestScore, first.bestScore);
  const longer = await bayesSearch(specification, x, y, { ...options, nTrials: 22 });
  assert.deepEqual(longer.trials.slice(0, 15), first.trials);
  const { study: _, ...rest } = options;
  const apart = await bayesSearch(specification, x, y, { ...rest, nTrials: 22 });
  assert.deepEqual(plain(longer.trials), plain(apart.trials));
});

test('a stopped search keeps what it had, and the spent cost of both parts is added up', async () => {
  const study = { path: newPath(), name: 'two' };
  const budget = { pricePerCpuHour: 36 };
  const abort = new AbortController();
  const options = { cv: 2, nTrials: 8, scoring: 'mae', refit: false as const, study, budget };
  const stopped = randomSearch(moody({ milliseconds: 5 }), x, y, {
    ...options,
    signal: abort.signal,
    onTrial: ({ number }) => number === 3 && abort.abort(),
  });
  await assert.rejects(stopped, { code: 'job/aborted' });
  const { trials, spent } = await randomSearch(moody({ milliseconds: 5 }), x, y, options);
  assert.equal(trials.length, 8);
  const cpuSeconds = trials.reduce((sum, trial) => sum + trial.cpuSeconds, 0);
  // Sums in another order.
  assert.ok(Math.abs(spent.cpuSeconds - cpuSeconds) < 1e-12);
  assert.ok(Math.abs(spent.cost! - cpuSeconds / 100) < 1e-12);
});

test('two searches of one study at the same time do not disturb each other', async () => {
  const study = { path: newPath(), name: 'both' };
  const options = { cv: 2, nTrials: 6, scoring: 'mae', refit: false as const, study };
  const [one, two] = await Promise.all(
    [1, 2].map(() => randomSearch(moody({ milliseconds: 2 }), x, y, options)),
  );
  assert.deepEqual(plain(one.trials), plain(two.trials));
  const later = await randomSearch(moody({ milliseconds: 2 }), x, y, options);
  assert.deepEqual(plain(later.trials), plain(one.trials));
});

test('a study of other data, options, folds, metrics or settings is refused by name', async () => {
  const path = newPath();
  const grid = { alpha: [1, 2] };
  const study = { path, name: 'three' };
  const options = { grid, cv: 3, study, refit: false };
  await gridSearch(ridge(), x, y, options);
  const differs = (what: RegExp) => ({ code: 'study/mismatch', message: what });
  await assert.rejects(gridSearch(ridge(), x, y.with(3, 0), options), differs(/: the data differ/));
  const weighted = { ...options, sampleWeight: y.map(() => 1), study: { path, name: 'weighted' } };
  await gridSearch(ridge(), x, y, weighted);
  const sampleWeight = weighted.sampleWeight.with(3, 2);
  await assert.rejects(
    gridSearch(ridge(), x, y, { ...weighted, sampleWeight }),
    differs(/: the data differ/),
  );
  await assert.rejects(gridSearch(ridge(), x.with(3, [0, 0]), y, options), differs(/: the data differ/));
  await assert.rejects(
    gridSearch(ridge(), Frame.fromColumns({ a: x.map(([a]) => a), b: x.map(([, b]) => b) }), y, options),
    differs(/: the data differ/),
  );
  await assert.rejects(
    gridSearch(ridge({ fitIntercept: false }), x, y, options),
    differs(/: the model or its options differ/),
  );
  await assert.rejects(gridSearch(ridge(), x, y, { ...options, cv: 4 }), differs(/: the folds differ/));
  await assert.rejects(gridSearch(ridge(), x, y, { ...options, scoring: 'mae' }), differs(/the metrics/));
  await assert.rejects(
    gridSearch(ridge(), x, y, { ...options, grid: { alpha: [1] } }),
    differs(/spaces or settings/),
  );
  const other = await gridSearch(ridge(), x, y, { ...options, cv: 4, study: { path, name: 'four' } });
  assert.equal(other.trials.length, 2);
});

test('a file that is no study is named', async () => {
  const path = newPath();
  writeFileSync(
    path,
    'a text that is long enough to be taken for the header of a database, but is none of it at all\n'.repeat(
      20,
    ),
  );
  const options = { grid: { alpha: [1] }, cv: 2, refit: false };
  await assert.rejects(gridSearch(ridge(), x, y, { ...options, study: { path, name: 'a' } }), {
    code: 'file/no-study',
    message: /\d+\.db': .*not a database/,
  });
  await assert.rejects(
    gridSearch(ridge(), x, y, { ...options, study: { path: join(folder, 'no', 'such.db'), name: 'a' } }),
    { code: 'file/no-study' },
  );
  await assert.rejects(
    gridSearch(ridge(), x, y, { ...options, study: { path: '', name: 'a' } }),
    /path and a name/,
  );
});

test('trials go through text unchanged, with numbers that JSON lacks', () => {
  const trial: Trial = {
    ...{ number: 3, params: { a: null, b: 'x', c: 1e-7 }, state: 'failed', score: Number.NaN },
    testScores: { mae: [Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY] },
    ...{ trainScores: {}, seconds: 1, cpuSeconds: 0.5, error: undefined, rung: { index: 1, resource: 9 } },
  };
  assert.deepEqual(trialFromText(trialToText(trial)), trial);
});
