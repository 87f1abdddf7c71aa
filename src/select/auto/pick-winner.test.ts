import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trial } from '../search/trial.ts';
import type { CandidateSearch } from './candidate-search.ts';
import { isBetter, pickWinner } from './pick-winner.ts';

const up = { metric: 'r2', greaterIsBetter: true };
const down = { metric: 'rmse', greaterIsBetter: false };

function trial(scores: readonly number[], metric = 'r2', seconds = 1): Trial {
  const score = scores.reduce((sum, value) => sum + value, 0) / scores.length;
  const facts = {
    number: 0,
    params: {},
    state: 'complete',
    trainScores: {},
    cpuSeconds: 1,
    error: undefined,
  } as const;
  return { ...facts, score, seconds, testScores: { [metric]: scores } };
}

function search(family: string, best: Trial | undefined, readable = false): CandidateSearch {
  return { candidate: { family, model: { definition: { readable } } }, best } as never as CandidateSearch;
}
const always = () => true;

test('a gain counts when its mean over the folds exceeds one standard error of it', () => {
  // Differences 0.1, 0.1, 0.1, 0.1: no spread at all.
  assert.equal(isBetter(trial([0.9, 0.7, 0.8, 0.6]), trial([0.8, 0.6, 0.7, 0.5]), up), true);
  // Differences 0.3, −0.1, 0.2, −0.2: mean 0.05, standard error 0.12.
  assert.equal(isBetter(trial([0.9, 0.6, 0.8, 0.5]), trial([0.6, 0.7, 0.6, 0.7]), up), false);
  assert.equal(isBetter(trial([1, 2], 'rmse'), trial([2, 3], 'rmse'), down), true);
  assert.equal(isBetter(trial([2, 3], 'rmse'), trial([1, 2], 'rmse'), down), false);
});

test('a readable model wins over a better one only within a standard error', () => {
  const forest = search('forest', trial([0.9, 0.6, 0.8, 0.5]));
  const near = search('line', trial([0.6, 0.7, 0.6, 0.7]), true);
  const far = search('line', trial([0.8, 0.5, 0.7, 0.4]), true);
  assert.equal(pickWinner([forest, near], up, always)!.search, near);
  assert.match(pickWinner([forest, near], up, always)!.reason, /one standard error of the best, forest/);
  assert.equal(pickWinner([forest, far], up, always)!.search, forest);
  const [a, b] = [search('a', trial([0.7, 0.7]), true), search('b', trial([0.8, 0.8]), true)];
  assert.equal(pickWinner([a, b], up, always)!.search, b);
  assert.match(pickWinner([a, b], up, always)!.reason, /^the best of 2 candidates by cross-validated r2$/);
});

test('a model whose last fit would take too long is passed over, unless all would', () => {
  const slow = search('slow', trial([0.9, 0.9], 'r2', 90));
  const slower = search('slower', trial([0.95, 0.95], 'r2', 99));
  const quick = search('quick', trial([0.5, 0.5], 'r2', 1));
  const inTime = ({ seconds }: Trial) => seconds < 10;
  assert.equal(pickWinner([slow, slower, quick], up, inTime)!.search, quick);
  assert.equal(pickWinner([slow, slower], up, inTime)!.search, slow);
});

test('without any score there is no winner, and a single one says so', () => {
  const failed = search('failed', undefined);
  assert.equal(pickWinner([failed], up, always), undefined);
  const only = search('only', trial([0.5, 0.4]));
  assert.match(pickWinner([failed, only], up, always)!.reason, /^the only one of 2 candidates with a score$/);
});
