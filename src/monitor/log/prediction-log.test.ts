import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openPredictionLog, type PredictionLogOptions } from './open-prediction-log.ts';
import { predictionId } from './prediction-id.ts';
import type { Feedback, LoggedPrediction } from './prediction-log.ts';
import { readLog } from './read-log.ts';

function logPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'predictions.db');
}

const prediction = (id: string, more: Partial<LoggedPrediction> = {}): LoggedPrediction => ({
  ...{ id, at: 1000, model: 'house', version: 1, row: { x: 1 }, prediction: 'yes' },
  ...more,
});

const label = (
  predictionId: string,
  value: string | number | boolean,
  more: Partial<Feedback> = {},
): Feedback => ({ predictionId, at: 1, said: { kind: 'label', value }, ...more });

async function written(
  path: string,
  predictions: readonly LoggedPrediction[],
  options: PredictionLogOptions = {},
): Promise<void> {
  await using log = await openPredictionLog(path, options);
  assert.equal(log.append(predictions), predictions.length);
}

test('rows come back as they were, oldest first, whatever their cells', async (t) => {
  const path = logPath(t);
  const when = new Date('2026-03-04T05:06:07.089Z');
  await written(path, [
    prediction('b', {
      at: 2,
      row: { n: Number.NaN, s: 'naïve "text"\n', d: when, flag: true, gap: null },
      prediction: 0.1 + 0.2,
      probabilities: [0.25, 0.75],
    }),
    prediction('a', { at: 1, row: { n: -Infinity, s: '', flag: false, late: 1 / 3 }, prediction: false }),
    prediction('c', { at: 3, row: { n: null, s: null, d: null }, prediction: 'no' }),
  ]);
  const window = await readLog(path);
  assert.deepEqual(window.ids, ['a', 'b', 'c']);
  assert.deepEqual([...window.at], [1, 2, 3]);
  assert.deepEqual(window.predictions, [false, 0.1 + 0.2, 'no']);
  assert.deepEqual(window.probabilities, [null, [0.25, 0.75], null]);
  assert.deepEqual(window.labels, [null, null, null]);
  const row = (i: number) => Object.fromEntries(window.rows.names.map((n) => [n, window.rows.cell(n, i)]));
  assert.deepEqual(row(0), { n: -Infinity, s: '', d: null, flag: false, gap: null, late: 1 / 3 });
  assert.deepEqual(row(1), {
    n: Number.NaN,
    s: 'naïve "text"\n',
    d: when,
    flag: true,
    gap: null,
    late: null,
  });
  assert.deepEqual(row(2), { n: null, s: null, d: null, flag: null, gap: null, late: null });
});

test('a column that held numbers and text is read as text', async (t) => {
  const path = logPath(t);
  await written(path, [
    prediction('a', { at: 1, row: { x: 1.5 } }),
    prediction('b', { at: 2, row: { x: 'one' } }),
    prediction('c', { at: 3, row: { x: null } }),
  ]);
  const { rows } = await readLog(path);
  assert.deepEqual(rows.texts('x'), ['1.5', 'one', null]);
});

test('queries pick by model, version, time, number and label', async (t) => {
  const path = logPath(t);
  {
    await using log = await openPredictionLog(path);
    log.append(
      Array.from({ length: 20 }, (_, i) =>
        prediction(`p${i}`, {
          at: i,
          model: i % 2 === 0 ? 'even' : 'odd',
          version: i < 10 ? 1 : null,
        }),
      ),
    );
    await log.feedback(label('p3', 'x'));
    await log.feedback(label('p12', 'y'));
    await log.feedback({ predictionId: 'p4', at: 1, said: { kind: 'rating', value: 0.5 } });
  }
  const ids = async (query: Parameters<typeof readLog>[1]) => (await readLog(path, query)).ids.join(' ');
  assert.equal(await ids({ model: 'even', version: 1 }), 'p0 p2 p4 p6 p8');
  assert.equal(await ids({ model: 'odd', last: 3 }), 'p15 p17 p19');
  assert.equal(await ids({ since: 5, until: 8 }), 'p5 p6 p7');
  assert.equal(await ids({ labelled: true }), 'p3 p12');
  assert.equal(await ids({ labelled: false, until: 5 }), 'p0 p1 p2 p4');
  assert.equal(await ids({ model: 'none' }), '');
});

test("a user's word counts once, and the latest label of a row is its label", async (t) => {
  const path = logPath(t);
  await using log = await openPredictionLog(path);
  log.append([prediction('a'), prediction('b')]);
  assert.equal(await log.feedback(label('a', 'no')), 'stored');
  assert.equal(await log.feedback(label('a', 'no', { at: 99 })), 'duplicate');
  assert.equal(await log.feedback(label('a', 'maybe')), 'replaced');
  assert.equal(await log.feedback(label('a', 'yes', { author: 'ann', at: 5 })), 'stored');
  assert.equal(await log.feedback(label('a', 'of key', { key: 'k1', at: 7 })), 'stored');
  assert.equal(await log.feedback(label('a', 'of key', { key: 'k1' })), 'duplicate');
  assert.equal(await log.feedback(label('a', 'older', { author: 'bob', at: 3 })), 'stored');
  assert.equal(await log.feedback(label('nobody', 'no')), 'unknown-prediction');
  const prefers: Feedback = { predictionId: 'b', at: 1, said: { kind: 'preference', over: 'a' } };
  assert.equal(await log.feedback(prefers), 'stored');
  assert.deepEqual((await readLog(path)).labels, ['of key', null]);
  await assert.rejects(log.feedback({ predictionId: 'b', at: 1, said: { kind: 'rating', value: 2 } }), {
    code: 'data/bad-rating',
  });
});

test('feedback finds a prediction that was appended just before it, however many wait', async (t) => {
  await using log = await openPredictionLog(logPath(t), { flushMs: 60_000 });
  log.append(Array.from({ length: 5000 }, (_, i) => prediction(`p${i}`)));
  assert.equal(await log.feedback(label('p4999', 'no')), 'stored');
  await log.flush();
  assert.equal(log.queued, 0);
});

test('what the queue has no room for is counted, not kept', async (t) => {
  const path = logPath(t);
  const many = (from: number) => Array.from({ length: 80 }, (_, i) => prediction(`p${from + i}`));
  {
    await using log = await openPredictionLog(path, { maxQueued: 100, flushMs: 60_000 });
    assert.equal(log.append(many(0)), 80);
    assert.equal(log.append(many(80)), 20);
    assert.equal(log.queued, 100);
    assert.equal(log.dropped, 60);
    await log.flush();
    assert.equal(log.append(many(160)), 80);
  }
  assert.equal((await readLog(path)).ids.length, 180);
  await using bytes = await openPredictionLog(path, { maxQueuedBytes: 50, flushMs: 60_000 });
  const long = { row: { text: 'x'.repeat(60) } };
  assert.equal(bytes.append([prediction('long 1', long), prediction('long 2', long)]), 1);
});

test('the oldest go when there are too many or they are too old, with what was said of them', async (t) => {
  const path = logPath(t);
  const now = Date.now();
  const days = (n: number) => now - n * 86_400_000;
  {
    await using log = await openPredictionLog(path);
    log.append(Array.from({ length: 3000 }, (_, i) => prediction(`old${i}`, { at: days(10) + i })));
    log.append(Array.from({ length: 600 }, (_, i) => prediction(`new${i}`, { at: days(1) + i })));
    await log.feedback(label('old5', 'x'));
  }
  const left = async (options: PredictionLogOptions, expected: number) => {
    await using log = await openPredictionLog(path, options);
    log.append([prediction('trigger', { at: now })]);
    await log.flush();
    const deadline = Date.now() + 10_000;
    let count = (await readLog(path)).ids.length;
    // Pruning goes on step by step after the commit.
    while (count > expected && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      count = (await readLog(path)).ids.length;
    }
    return count;
  };
  assert.equal(await left({ maxAgeDays: 5 }, 601), 601);
  assert.equal(await left({ maxRows: 100 }, 100), 100);
  using database = new DatabaseSync(path);
  assert.equal(database.prepare('SELECT count(*) AS n FROM heddle_feedback').get()!.n, 0);
});

test('a kill of one of two writing processes loses no feedback that was acknowledged', async (t) => {
  const path = logPath(t);
  const writer = (name: string) => {
    const file = fileURLToPath(new URL('./writing-process.fixture.ts', import.meta.url));
    const child = spawn(process.execPath, [file, path, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    const enough = new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`${name} ended before it was killed`)));
      child.stdout.on('data', (data: Buffer) => {
        text += data;
        if (text.split('\n').length > 40) resolve();
      });
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    return {
      enough,
      async kill() {
        child.removeAllListeners('exit');
        child.kill('SIGKILL');
        await ended;
        return text.split('\n').slice(0, -1);
      },
    };
  };
  const writers = [writer('one'), writer('two')];
  await Promise.all(writers.map(({ enough }) => enough));
  const said = (await Promise.all(writers.map(({ kill }) => kill()))).flat();
  assert.ok(said.length >= 80);
  const window = await readLog(path, { labelled: true });
  const labels = new Map(window.ids.map((id, i) => [id, window.labels[i]]));
  for (const line of said) {
    const [id, outcome] = line.split(' ');
    assert.equal(outcome, 'stored');
    assert.equal(labels.get(id), Number(id.split('-')[1]));
  }
  using database = new DatabaseSync(path);
  assert.equal(database.prepare('PRAGMA integrity_check').get()!.integrity_check, 'ok');
});

test('a batch that cannot be written is told of, kept, and written later', async (t) => {
  const path = logPath(t);
  const errors: Error[] = [];
  await using log = await openPredictionLog(path, { onError: (error) => errors.push(error) });
  using database = new DatabaseSync(path);
  // Statements that were prepared before meet the error that a broken disk would give them.
  database.exec(
    "CREATE TRIGGER broken BEFORE INSERT ON heddle_predictions BEGIN SELECT raise(ABORT, 'no more'); END",
  );
  log.append([prediction('a')]);
  await assert.rejects(log.flush(), { code: 'file/write-failed', message: /predictions\.db.*no more/ });
  assert.equal(errors.length, 1);
  assert.equal(log.queued, 1);
  database.exec('DROP TRIGGER broken');
  await log.flush();
  assert.deepEqual((await readLog(path)).ids, ['a']);
});

test('files that are no logs are refused, a closed log too', async (t) => {
  const path = logPath(t);
  await assert.rejects(readLog(path), { code: 'file/not-found' });
  await assert.rejects(readLog(tmpdir()), { code: 'file/is-a-folder' });
  await assert.rejects(openPredictionLog(join(path, 'deeper.db')), { name: 'FileError' });
  writeFileSync(`${path}.txt`, 'a text, and no database at all, whatever its name says');
  await assert.rejects(openPredictionLog(`${path}.txt`), { code: 'file/no-prediction-log' });
  await assert.rejects(readLog(`${path}.txt`), { code: 'file/no-prediction-log' });
  await assert.rejects(openPredictionLog(path, { maxQueued: 0 }), { code: 'option/invalid' });
  const log = await openPredictionLog(path);
  await log[Symbol.asyncDispose]();
  assert.equal(log.append([prediction('a')]), 0);
  assert.equal(log.dropped, 1);
  await assert.rejects(log.feedback(label('a', 'no')), { code: 'file/closed' });
  using database = new DatabaseSync(path);
  database.exec('UPDATE heddle_log_format SET format = 9');
  await assert.rejects(readLog(path), { code: 'file/newer-format' });
});

test('ids of predictions go up, and never repeat', () => {
  const ids = Array.from({ length: 2000 }, () => predictionId());
  assert.equal(new Set(ids).size, 2000);
  assert.deepEqual(ids, ids.toSorted());
  assert.match(ids[0], /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.ok(predictionId(1e12) < predictionId(1e12 + 1));
});
