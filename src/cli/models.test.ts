import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heddle } from './run.fixture.ts';

test('the families are listed with problem, kind of learning and use, without the steps of a preparation', async () => {
  const { code, json } = await heddle('models', '--json');
  assert.equal(code, 0);
  const byFamily = new Map<string, Record<string, unknown>>(
    json.models.map((model: { family: string }) => [model.family, model]),
  );
  for (const family of ['linear-regression', 'ridge', 'lasso', 'elastic-net']) {
    assert.deepEqual(byFamily.get(family)?.problems, ['regression']);
    assert.equal(byFamily.get(family)?.learning, 'supervised');
  }
  assert.deepEqual(byFamily.get('logistic-regression')?.problems, ['classification']);
  assert.ok([...byFamily.values()].every(({ use, summary }) => use !== '' && summary !== ''));
  for (const hidden of ['pipeline', 'pipeline-clusterer', 'date-parts', 'standard-scaler'])
    assert.ok(!byFamily.has(hidden), hidden);
});

test('a family shows its options with type, default, range, help and search space', async () => {
  const { json } = await heddle('models', 'ridge', '--json');
  const alpha = json.options.find(({ name }: { name: string }) => name === 'alpha');
  assert.equal(alpha.default, 1);
  assert.equal(alpha.search.kind, 'logUniform');
  assert.ok(alpha.description.length > 0 && 'schema' in alpha);
  const { stdout } = await heddle('models', 'ridge');
  assert.match(stdout, /^alpha +number ≥ 0.* +1 +0\.0001 … 1000 \(log\)/m);
});

test('an unknown family is refused with the nearest one', async () => {
  const { code, stderr } = await heddle('models', 'rigde');
  assert.equal(code, 1);
  assert.match(stderr, /There is no model 'rigde'. Did you mean 'ridge'\?/);
});

test('the list for people is aligned and names how to go on', async () => {
  const { stdout } = await heddle('models');
  assert.match(stdout, /^family +problems +learning +typical use\n/);
  assert.match(stdout, /\nridge +regression +supervised +/);
});
