import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean } from '../src/define/models.fixture.ts';
import type { ModelFactory } from '../src/define/specification.ts';
import { brokenModels } from './broken-models.fixture.ts';
import { checkModel, checksFor } from './check-model.ts';
import type { CheckName } from './checks.ts';
import { registerChecks } from './register-checks.ts';
import { halves, lifted, means, slopes, standardise } from './sound-models.fixture.ts';

for (const sound of [slopes, means, standardise, lifted, halves]) registerChecks(sound as ModelFactory);

for (const [name, { model, says, how }] of Object.entries(brokenModels)) {
  test(`a model that breaks '${name}' is found out`, async () => {
    const check = checksFor(model, how).find((candidate) => candidate.name === (name as CheckName));
    assert.ok(check, `the check does not apply to ${model.definition.name}`);
    await assert.rejects(check.run(), { code: 'check/failed', message: says });
  });
}

test('a model whose worker threads leave their number in the state is found out', async () => {
  const check = checksFor(mean).find(({ name }) => name === 'same-bits-on-any-threads');
  await assert.rejects(check!.run(), /the state of a fit on 2 threads/);
});

test('an exception needs a reason, a check that fits the model, and a check that fails', async () => {
  const except = (exceptions: object) => () => checksFor(halves, { exceptions });
  assert.throws(except({ 'one-colunm': 'x' }), {
    code: 'option/unknown',
    message: /Did you mean 'one-column'/,
  });
  assert.throws(except({ 'one-column': ' ' }), { code: 'option/invalid', message: /reason/ });
  assert.throws(except({ 'regressor-learns': 'x' }), {
    code: 'option/unknown',
    message: /does not apply to halves/,
  });
  const exceptions = { 'one-column': 'two columns are needed' };
  const passing = checksFor(halves, { exceptions }).find(({ name }) => name === 'one-column')!;
  assert.match(passing.sentence, /\(excepted: two columns are needed\)$/);
  await assert.rejects(passing.run(), {
    code: 'check/passed-unexpectedly',
    message: /two columns are needed/,
  });
  const { model } = brokenModels['one-column'];
  await checksFor(model, { exceptions })
    .find(({ name }) => name === 'one-column')!
    .run();
});

test('checkModel returns what became of each check or throws with all that failed', async () => {
  const results = await checkModel(halves as ModelFactory);
  assert.ok(results.length > 40 && results.every(({ outcome }) => outcome === 'passed'));
  await assert.rejects(checkModel(brokenModels['row-at-once'].model), {
    code: 'check/failed',
    message:
      /^slopes fails 1 of \d+ checks\.\n- slopes: predictRow and transformRow agree.*\n {2}Check 'row-at-once': predictRow/,
  });
});

test('every set of options goes through the checks, and a failure names its set', async () => {
  const options = [{}, { shrink: 1e6 }];
  await assert.rejects(checkModel(slopes as ModelFactory, { options }), {
    message: /regressor-learns' with \{"shrink":1000000\}: R² is/,
  });
});
