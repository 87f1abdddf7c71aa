import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupKFold } from '../../data/split/group-k-fold.ts';
import { kFold } from '../../data/split/k-fold.ts';
import type { Splitter } from '../../data/split/splitter.ts';
import { stratifiedKFold } from '../../data/split/stratified-k-fold.ts';
import { timeSeriesSplit } from '../../data/split/time-series-split.ts';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { divideRows } from './divide-rows.ts';
import { encodeRows } from './labelled-rows.ts';

const rowsOf = (count: number) => Array.from({ length: count }, (_, i) => [i]);

/** Enough rows to be divided on a worker thread. */
const MANY = 50_000;

test('many rows are divided on a worker thread, with the result of the splitter itself', async () => {
  const labels = Array.from({ length: MANY }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));
  const groups = Array.from({ length: MANY }, (_, i) => i % 100);
  const data = await encodeRows(logisticRegression(), rowsOf(MANY), labels, { groups });
  assert.deepEqual(await divideRows(data, {}), stratifiedKFold().split(MANY, { y: labels }));
  const cv = groupKFold({ nSplits: 2, shuffle: true, randomState: 4 });
  assert.deepEqual(await divideRows(data, { cv }), cv.split(MANY, { groups }));
  await assert.rejects(divideRows(data, { signal: AbortSignal.abort() }), { code: 'job/aborted' });
});

test('a splitter of your own is used as it is, even if it is called like one of ours', async () => {
  const own: Splitter<object> = {
    name: 'kFold',
    options: {},
    split: (n) => [{ train: Int32Array.of(n - 1), test: Int32Array.of(0) }],
  };
  for (const count of [10, MANY]) {
    const data = await encodeRows(
      ridge(),
      rowsOf(count),
      Array.from({ length: count }, (_, i) => i),
      {},
    );
    assert.deepEqual(await divideRows(data, { cv: own }), own.split(count));
  }
});

test('a part of the rows is divided by row numbers of the whole, with its own classes, groups and times', async () => {
  const labels = Array.from({ length: 12 }, (_, i) => i % 2 === 0);
  const data = await encodeRows(logisticRegression(), rowsOf(12), labels, {});
  const among = Int32Array.of(1, 2, 5, 6, 9, 10);
  const splits = await divideRows(data, { cv: 3 }, among);
  assert.deepEqual(
    splits.map(({ test: rows }) => [...rows]),
    [
      [1, 2],
      [5, 6],
      [9, 10],
    ],
  );
  const time = Array.from({ length: 12 }, (_, i) => -i);
  const [first] = await divideRows(data, { cv: timeSeriesSplit({ nSplits: 2 }), time }, among);
  assert.deepEqual(
    [...first.train, ...first.test].sort((a, b) => a - b),
    [5, 6, 9, 10],
  );
  const values = await encodeRows(ridge(), rowsOf(12), Array.from(labels, Number), {});
  assert.deepEqual((await divideRows(values, { cv: 2 }, among))[0].test, Int32Array.of(1, 2, 5));
  assert.deepEqual(await divideRows(values, {}), kFold().split(12));
});
