import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHopeless } from './median-pruner.ts';
import type { Trial } from './trial.ts';

const rising = { metric: 'r2', greaterIsBetter: true };
const falling = { metric: 'r2', greaterIsBetter: false };
/** A trial with these scores by fold. */
const trial = (scores: number[], state: Trial['state'] = 'complete') =>
  ({ number: 0, state, testScores: { r2: scores } }) as unknown as Trial;
// After one fold their median is 3, after two 4.
const known = [1, 2, 3, 4, 5].map((first) => trial([first, first + 2, 0]));

test('a trial is hopeless when its first folds are worse than the median of the others after as many', () => {
  assert.equal(isHopeless([2.9], known, rising), true);
  assert.equal(isHopeless([3], known, rising), false);
  assert.equal(isHopeless([2.9], known, falling), false);
  assert.equal(isHopeless([3.1], known, falling), true);
  assert.equal(isHopeless([3.5, 4.4], known, rising), true);
  assert.equal(isHopeless([3.5, 4.5], known, rising), false);
});

test('only complete trials count, and at least five of them', () => {
  assert.equal(isHopeless([0], known.slice(1), rising), false);
  const given = [...known.slice(1), trial([9], 'pruned'), trial([Number.NaN], 'failed')];
  assert.equal(isHopeless([0], given, rising), false);
  assert.equal(isHopeless([3.2], [...known, trial([9], 'pruned'), trial([9], 'pruned')], rising), false);
});
