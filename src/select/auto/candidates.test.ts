import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { columnRoles } from '../prepare-table.ts';
import { type ChoiceFacts, modelWith, proposeCandidates } from './candidates.ts';

const table = Frame.fromColumns({
  size: Array.from({ length: 30 }, (_, i) => (i % 9 === 4 ? null : (i * 7) % 11)),
  town: Array.from({ length: 30 }, (_, i) => ['Ames', 'Boone', 'Nevada'][i % 3]!),
});
const facts: ChoiceFacts = {
  ...{ problem: 'regression', problemReason: 'as told', rows: 30, trainRows: 30, seed: 7 },
  isWeighted: false,
  columns: columnRoles(table),
};

test('all models of the problem are candidates, readable ones first, baselines apart', async () => {
  const { candidates, baselines, skipped } = await proposeCandidates(facts, undefined);
  const families = candidates.map(({ family }) => family);
  for (const family of ['ridge', 'random-forest', 'gradient-boosting', 'k-neighbors', 'decision-tree']) {
    assert.ok(families.includes(family), family);
  }
  for (const family of ['logistic-regression', 'dummy', 'ridge-cv'])
    assert.ok(!families.includes(family), family);
  assert.deepEqual([baselines.map(({ family }) => family), skipped], [['dummy'], []]);
  const readable = candidates.map(({ model }) => model.definition.readable === true);
  assert.deepEqual(
    readable,
    readable.toSorted((a, b) => Number(b) - Number(a)),
  );
});

test('each candidate has the preparation it needs, its seed and spaces of its own options alone', async () => {
  const wanted = ['ridge', 'random-forest', 'gradient-boosting'];
  const { candidates } = await proposeCandidates(facts, wanted);
  const [ridge, forest] = [candidates[0]!, candidates.find(({ family }) => family === 'random-forest')!];
  assert.deepEqual(Object.keys(ridge.spaces), ['ridge.alpha']);
  assert.match(JSON.stringify(ridge.prepared), /standard-scaler/);
  assert.doesNotMatch(JSON.stringify(forest.prepared), /standard-scaler/);
  assert.equal(forest.model.options.randomState, 7);
  assert.deepEqual(modelWith(ridge, { 'ridge.alpha': 3 }).options.alpha, 3);
  // Forests take the table as it is, without a pipeline.
  assert.ok(Object.keys(forest.spaces).every((path) => path in forest.model.options));
});

test('models for fewer rows, and those without weights where there are some, are left out with the reason', async () => {
  const many = await proposeCandidates({ ...facts, trainRows: 1e6, isWeighted: true }, undefined);
  const note = many.skipped.find(({ family }) => family === 'k-neighbors')!.note;
  assert.equal(note, 'too slow for more than 100000 rows');
  const weighted = await proposeCandidates({ ...facts, isWeighted: true }, ['k-neighbors', 'ridge']);
  assert.deepEqual(weighted.skipped, [{ family: 'k-neighbors', note: 'takes no weights' }]);
});
