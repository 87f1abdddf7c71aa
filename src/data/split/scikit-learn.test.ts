import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { splitterFrom } from './splitter-from.ts';
import { type TrainTestOptions, trainTestIndices } from './train-test-indices.ts';

interface Case {
  splitter: string;
  options: Record<string, unknown>;
  n: number;
  y?: (string | number | boolean)[];
  groups?: (string | number)[];
  /** [train, test]; train null: the ascending complement of test. */
  splits: [number[] | null, number[]][];
}
interface TrainTestCase {
  n: number;
  options: TrainTestOptions;
  stratify?: (string | number | boolean)[];
  train: number[];
  validation?: number[];
  test: number[];
}
const fixture: { cases: Case[]; trainTest: TrainTestCase[] } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/split.json', import.meta.url), 'utf8'),
);

const names = [...new Set(fixture.cases.map(({ splitter }) => splitter))];

test('the fixture holds at least 200 splitters with their splits', () => {
  assert.ok(fixture.cases.length >= 200);
  assert.equal(names.length, 13);
});

for (const name of names) {
  const cases = fixture.cases.filter(({ splitter }) => splitter === name);
  test(`${name} gives scikit-learn's rows in ${cases.length} cases`, (t) => {
    t.mock.method(process, 'emitWarning', () => {}); // rare classes are among the cases
    for (const { options, n, y, groups, splits } of cases) {
      const what = `${name} ${JSON.stringify(options)} of ${n}`;
      const ours = splitterFrom({ name, options }).split(n, { y, groups });
      assert.equal(ours.length, splits.length, what);
      for (const [i, [train, test]] of splits.entries()) {
        const inTest = new Set(test);
        const complement = () => [...Array(n).keys()].filter((row) => !inTest.has(row));
        assert.deepEqual(Array.from(ours[i]!.test), test, `${what}: test ${i}`);
        assert.deepEqual(Array.from(ours[i]!.train), train ?? complement(), `${what}: train ${i}`);
      }
    }
  });
}

test(`trainTestIndices gives scikit-learn's rows in ${fixture.trainTest.length} cases, with validation those of two calls`, () => {
  for (const { n, options, stratify, ...expected } of fixture.trainTest) {
    const parts = trainTestIndices(n, { ...options, stratify });
    const plain = Object.fromEntries(Object.entries(parts).map(([part, rows]) => [part, Array.from(rows)]));
    assert.deepEqual(plain, expected, JSON.stringify({ n, ...options, stratify }));
  }
});
