import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError, OptionError } from '../../core/errors.ts';
import { groupTimeSeriesSplit } from './group-time-series-split.ts';
import type { Split } from './splitter.ts';

const day = (n: number) => new Date(Date.UTC(2024, 0, n));
const plain = (splits: Split[]) => splits.map(({ train, test }) => [Array.from(train), Array.from(test)]);

test('groups that follow each other stay whole and walk forward', () => {
  const groups = ['mon', 'mon', 'tue', 'wed', 'wed', 'thu', 'fri', 'fri'];
  assert.deepEqual(plain(groupTimeSeriesSplit({ nSplits: 2 }).split(8, { groups })), [
    [[0, 1, 2, 3, 4], [5]],
    [
      [0, 1, 2, 3, 4, 5],
      [6, 7],
    ],
  ]);
  assert.deepEqual(
    plain(groupTimeSeriesSplit({ nSplits: 2, gap: 1, maxTrainSize: 1 }).split(8, { groups })),
    [
      [[2], [5]],
      [
        [3, 4],
        [6, 7],
      ],
    ],
  );
});

test('rows of equal time are a group of their own when there are no groups', () => {
  const time = [3, 1, 2, 2, 1, 3].map(day);
  assert.deepEqual(plain(groupTimeSeriesSplit({ nSplits: 2 }).split(6, { time })), [
    [
      [1, 4],
      [2, 3],
    ],
    [
      [1, 4, 2, 3],
      [0, 5],
    ],
  ]);
});

test('rows of an earlier group that reach into the test part are dropped', () => {
  const groups = ['a', 'a', 'b', 'a', 'b'];
  assert.deepEqual(plain(groupTimeSeriesSplit({ nSplits: 1 }).split(5, { groups })), [
    [
      [0, 1],
      [2, 4],
    ],
  ]);
});

test('embargo is counted in the unit of time, or as a duration of dates', () => {
  const time = [1, 2, 3, 4, 6].map(day);
  const groups = ['a', 'a', 'a', 'a', 'b'];
  const train = (embargo: number | string) =>
    Array.from(groupTimeSeriesSplit({ nSplits: 1, embargo }).split(5, { time, groups })[0]!.train);
  assert.deepEqual(train(0), [0, 1, 2, 3]);
  assert.deepEqual(train('47h'), [0, 1, 2, 3]);
  assert.deepEqual(train('2d'), [0, 1, 2]);
  assert.deepEqual(train(2 * 86400000), [0, 1, 2]);
});

test('groups that all begin together need trimBoth, which cuts in the middle', () => {
  const groups = Array.from({ length: 40 }, (_, i) => i % 4);
  const time = Array.from({ length: 40 }, (_, i) => Math.floor(i / 4));
  assert.throws(
    () => groupTimeSeriesSplit({ nSplits: 1 }).split(40, { groups, time }),
    (error) =>
      error instanceof DataError &&
      error.code === 'data/no-training-rows' &&
      /split 0.*begins at 0.*trimBoth/.test(error.message),
  );
  const [split] = groupTimeSeriesSplit({ nSplits: 1, overlap: 'trimBoth' }).split(40, { groups, time });
  assert.deepEqual([...new Set(split!.train.map((row) => time[row]!))], [0, 1, 2, 3, 4]);
  assert.deepEqual([...new Set(split!.test.map((row) => time[row]!))], [5, 6, 7, 8, 9]);
  // Cuts at 1 and at 2 keep the same product, 1 · 2 and 2 · 1: the earlier cut keeps more to test.
  const tied = { groups: ['a', 'b', 'a', 'b', 'a', 'b'], time: [0, 0, 1, 1, 2, 2] };
  assert.deepEqual(plain(groupTimeSeriesSplit({ nSplits: 1, overlap: 'trimBoth' }).split(6, tied)), [
    [[0], [3, 5]],
  ]);
});

const rowsOf = fc.array(fc.record({ group: fc.nat(9), time: fc.nat(60) }), { minLength: 20, maxLength: 80 });

test('nothing leaks: no group on both sides, every training row earlier by more than the embargo, the gap left out', () => {
  let divided = 0;
  fc.assert(
    fc.property(
      rowsOf,
      fc.record({
        nSplits: fc.integer({ min: 1, max: 3 }),
        gap: fc.nat(2),
        embargo: fc.nat(6),
        maxTrainSize: fc.option(fc.integer({ min: 1, max: 4 })),
        overlap: fc.constantFrom('trimTrain' as const, 'trimBoth' as const),
      }),
      (rows, options) => {
        const groups = rows.map(({ group }) => `g${group}`);
        const time = rows.map(({ time }) => time);
        let splits: Split[];
        try {
          splits = groupTimeSeriesSplit(options).split(rows.length, { groups, time });
        } catch (error) {
          // Data that cannot be divided are refused, never divided badly.
          assert.ok(
            error instanceof DataError &&
              ['data/too-few-groups', 'data/no-training-rows'].includes(error.code),
          );
          return;
        }
        divided++;
        const start = (group: string) => Math.min(...time.filter((_, i) => groups[i] === group));
        const tested = new Set<string>();
        for (const { train, test } of splits) {
          const trainGroups = new Set(Array.from(train, (row) => groups[row]!));
          const testGroups = new Set(Array.from(test, (row) => groups[row]!));
          assert.ok([...testGroups].every((group) => !trainGroups.has(group)));
          const last = Math.max(...Array.from(train, (row) => time[row]!));
          const first = Math.min(...Array.from(test, (row) => time[row]!));
          assert.ok(first - last > options.embargo, `${last} … ${first}`);
          assert.ok(trainGroups.size <= (options.maxTrainSize ?? 10));
          const unused = [...new Set(groups)].filter(
            (group) => !trainGroups.has(group) && !testGroups.has(group),
          );
          const lastStart = Math.max(...[...trainGroups].map(start));
          const firstStart = Math.min(...[...testGroups].map(start));
          const between = unused.filter((group) => start(group) >= lastStart && start(group) <= firstStart);
          assert.ok(between.length >= options.gap);
          for (const group of testGroups) {
            assert.ok(!tested.has(group), 'a group is tested once');
            tested.add(group);
          }
          assert.deepEqual(
            [...test],
            [...test].sort((a, b) => time[a]! - time[b]! || a - b),
          );
        }
      },
    ),
    { numRuns: 400 },
  );
  assert.ok(divided > 50, `only ${divided} of 400 could be divided`);
});

test('wrong options and data are named', () => {
  const groups = [1, 2, 3];
  const cases: [() => unknown, typeof OptionError | typeof DataError, RegExp][] = [
    [() => groupTimeSeriesSplit({ embargo: '3 days' }), OptionError, /embargo.*'12h'/],
    [() => groupTimeSeriesSplit({ embargo: -1 }), OptionError, /embargo/],
    [() => groupTimeSeriesSplit({ embargo: '3d' }).split(3, { groups }), OptionError, /holds no dates/],
    [() => groupTimeSeriesSplit().split(3), DataError, /'groups', 'time' or both/],
    [() => groupTimeSeriesSplit().split(3, { groups }), DataError, /3 groups are too few for 5 test parts/],
    [
      () => groupTimeSeriesSplit().split(2, { time: [1, Number.NaN] }),
      DataError,
      /'time' holds no time in row 1/,
    ],
    [() => groupTimeSeriesSplit().split(2, { time: ['a', 'b'] as never }), DataError, /a string in row 0/],
  ];
  for (const [call, family, message] of cases) {
    assert.throws(call, (error) => error instanceof family && message.test(error.message));
  }
});
