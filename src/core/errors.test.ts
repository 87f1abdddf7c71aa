import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError, DataError, errorFromJson, errorToJson, HeddleError, nearest } from './errors.ts';

test('an error keeps its class, code, details and place on the way between threads', () => {
  for (const error of [new DataError('data/x', 'Message.', { column: '价' }), new AbortError()]) {
    const back = errorFromJson(structuredClone(errorToJson(error))) as HeddleError;
    assert.equal(back.constructor, error.constructor);
    assert.deepEqual(
      [back.code, back.message, back.details, back.stack],
      [error.code, error.message, error.details, error.stack],
    );
  }
});

test('a foreign error comes back as an error with its name', () => {
  const back = errorFromJson(errorToJson(new RangeError('far out')));
  assert.ok(!(back instanceof HeddleError));
  assert.deepEqual([back.name, back.message], ['RangeError', 'far out']);
  assert.equal(errorFromJson(errorToJson('just text')).message, 'just text');
});

test('the nearest word is found only when it is near', () => {
  assert.equal(nearest('nEstimatros', ['nEstimators', 'maxDepth']), 'nEstimators');
  assert.equal(nearest('ALPHA', ['alpha']), 'alpha');
  assert.equal(nearest('zzz', ['alpha', 'maxDepth']), undefined);
});
