import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError, type HeddleError, OptionError } from '../../core/errors.ts';
import {
  groupKFold,
  groupShuffleSplit,
  groupTimeSeriesSplit,
  kFold,
  leaveOneGroupOut,
  leaveOneOut,
  predefinedSplit,
  repeatedKFold,
  repeatedStratifiedKFold,
  type Splitter,
  shuffleSplit,
  splitterFrom,
  stratifiedGroupKFold,
  stratifiedKFold,
  stratifiedShuffleSplit,
  timeSeriesSplit,
} from './index.ts';

const y = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 'no' : 'yes'));
const groups = Array.from({ length: 40 }, (_, i) => (i * 7) % 13);
const data = { y, groups, time: groups };

const all: Splitter<object>[] = [
  kFold({ nSplits: 4, shuffle: true, randomState: 7 }),
  stratifiedKFold({ nSplits: 4, shuffle: true, randomState: 7 }),
  groupKFold({ nSplits: 4, shuffle: true, randomState: 7 }),
  stratifiedGroupKFold({ nSplits: 4, shuffle: true, randomState: 7 }),
  shuffleSplit({ nSplits: 3, testSize: 0.3 }),
  stratifiedShuffleSplit({ nSplits: 3, trainSize: 20 }),
  groupShuffleSplit({ nSplits: 3 }),
  leaveOneOut(),
  leaveOneGroupOut(),
  repeatedKFold({ nRepeats: 2 }),
  repeatedStratifiedKFold({ nRepeats: 2 }),
  timeSeriesSplit({ gap: 1 }),
  groupTimeSeriesSplit({ embargo: 1 }),
  predefinedSplit({ testFold: Int32Array.from(groups, (group) => (group % 3) - 1) }),
];

for (const splitter of all) {
  test(`${splitter.name}: parts share no row and are not empty, options survive JSON, a second call repeats the first`, () => {
    const splits = splitter.split(40, data);
    assert.ok(splits.length > 0);
    for (const { train, test } of splits) {
      assert.ok(train instanceof Int32Array && test instanceof Int32Array);
      assert.ok(train.length > 0 && test.length > 0);
      assert.equal(new Set([...train, ...test]).size, train.length + test.length);
      assert.ok([...train, ...test].every((row) => row >= 0 && row < 40));
    }
    assert.ok(Object.isFrozen(splitter) && Object.isFrozen(splitter.options));
    const { name, options } = JSON.parse(JSON.stringify(splitter));
    const plain = (s: Splitter<object>) => s.split(40, data).map(({ train, test }) => ({ train, test }));
    assert.deepEqual(plain(splitterFrom({ name, options })), plain(splitter));
  });
}

test('groups never have rows on both sides', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 30, maxLength: 60 }),
      fc.nat(2 ** 32 - 1),
      (groups, randomState) => {
        fc.pre(new Set(groups).size >= 4);
        const y = groups.map((_, i) => i % 2);
        for (const splitter of [
          groupKFold({ nSplits: 3 }),
          groupKFold({ nSplits: 3, shuffle: true, randomState }),
          stratifiedGroupKFold({ nSplits: 3, shuffle: true, randomState }),
          groupShuffleSplit({ randomState }),
          leaveOneGroupOut(),
        ]) {
          for (const { train, test } of splitter.split(groups.length, { y, groups })) {
            const trained = new Set(Array.from(train, (row) => groups[row]));
            assert.ok(test.every((row) => !trained.has(groups[row]!)));
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('null draws another division each time', () => {
  const splitter = kFold({ shuffle: true, randomState: null });
  assert.notDeepEqual(splitter.split(200), splitter.split(200));
});

const throwing: [
  what: string,
  call: () => unknown,
  family: typeof HeddleError,
  code: string,
  message: RegExp,
][] = [
  ['a misspelt option', () => kFold({ nSplit: 3 } as never), OptionError, 'option/unknown', /'nSplits'/],
  ['one split', () => kFold({ nSplits: 1 }), OptionError, 'option/invalid', /kFold.*'nSplits'.*1.*>=2/],
  [
    'a seed without shuffle',
    () => groupKFold({ randomState: 1 }),
    OptionError,
    'option/invalid',
    /shuffle: true/,
  ],
  [
    'a fraction above 1',
    () => shuffleSplit({ testSize: 1.5 }),
    OptionError,
    'option/invalid',
    /testSize.*1\.5/,
  ],
  [
    'an unknown splitter',
    () => splitterFrom({ name: 'kfolds' }),
    OptionError,
    'option/unknown-splitter',
    /'kFold'/,
  ],
  ['half a row', () => kFold().split(1.5), DataError, 'data/invalid-rows', /1\.5/],
  ['more folds than rows', () => kFold().split(3), DataError, 'data/too-few-rows', /5 splits.*are 3/],
  ['no y', () => stratifiedKFold().split(9), DataError, 'data/needs-y', /stratifiedKFold needs 'y'/],
  [
    'a short y',
    () => stratifiedKFold().split(9, { y: [1] }),
    DataError,
    'data/length-mismatch',
    /'y' has 1.*9 rows/,
  ],
  [
    'a quantity as y',
    () => stratifiedKFold({ nSplits: 2 }).split(4, { y: [1, 2.5, 1, 2.5] }),
    DataError,
    'data/continuous-y',
    /2\.5/,
  ],
  [
    'classes that are all too small',
    () => stratifiedKFold({ nSplits: 3 }).split(4, { y: ['a', 'a', 'b', 'b'] }),
    DataError,
    'data/too-few-members',
    /'a' \(2 rows\), 'b' \(2 rows\)/,
  ],
  [
    'a class of one',
    () => stratifiedShuffleSplit({ testSize: 2 }).split(5, { y: ['a', 'a', 'b', 'b', 'c'] }),
    DataError,
    'data/too-few-members',
    /'c' \(1 row\)/,
  ],
  [
    'a test part smaller than the classes',
    () => stratifiedShuffleSplit({ testSize: 1 }).split(4, { y: [1, 1, 2, 2] }),
    DataError,
    'data/too-few-rows',
    /test part has 1 rows.*2 classes.*testSize/,
  ],
  ['no groups', () => groupKFold().split(9), DataError, 'data/needs-groups', /groupKFold/],
  [
    'fewer groups than splits',
    () => groupKFold({ nSplits: 3 }).split(4, { groups: [1, 1, 2, 2] }),
    DataError,
    'data/too-few-groups',
    /3 groups, there are 2/,
  ],
  [
    'one group to leave out',
    () => leaveOneGroupOut().split(2, { groups: ['x', 'x'] }),
    DataError,
    'data/too-few-groups',
    /'x' \(2 rows\)/,
  ],
  ['one row to leave out', () => leaveOneOut().split(1), DataError, 'data/too-few-rows', /is? 1|are 1/],
  [
    'a time split without training rows',
    () => timeSeriesSplit({ nSplits: 3, testSize: 3 }).split(9),
    DataError,
    'data/too-few-rows',
    /3 test parts of 3 rows/,
  ],
  [
    'folds for other rows',
    () => predefinedSplit({ testFold: [0, 1] }).split(3),
    DataError,
    'data/length-mismatch',
    /'testFold' has 2/,
  ],
  ['no fold', () => predefinedSplit({ testFold: [-1, -1] }).split(2), DataError, 'data/no-folds', /testFold/],
  [
    'a fold number of 1.5',
    () => predefinedSplit({ testFold: [1.5] }),
    OptionError,
    'option/invalid',
    /testFold\.0/,
  ],
];

for (const [what, call, family, code, message] of throwing) {
  test(`${what} is named`, () => {
    assert.throws(call, (error) => {
      assert.ok(error instanceof family, String(error));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('a class with fewer members than folds is warned about', (t) => {
  const warn = t.mock.method(process, 'emitWarning', () => {});
  stratifiedKFold({ nSplits: 3 }).split(5, { y: ['a', 'a', 'a', 'b', 'b'] });
  assert.match(String(warn.mock.calls[0]?.arguments[0]), /3 splits.*'b' \(2 rows\)/);
});

test('timeSeriesSplit puts rows into the order of time', () => {
  const time = [5, 3, 1, 4, 2, 6].map((day) => new Date(Date.UTC(2024, 0, day)));
  const [first] = timeSeriesSplit({ nSplits: 2 }).split(6, { time });
  assert.deepEqual(first, { train: Int32Array.of(2, 4), test: Int32Array.of(1, 3) });
});
