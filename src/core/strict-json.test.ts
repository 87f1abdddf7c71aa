import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseStrictJson } from './strict-json.ts';

test('what JSON.stringify writes is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.deepEqual(parseStrictJson(text, 20), JSON.parse(text));
    }),
  );
});

test('a key given twice is refused however it is spelt', () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":1, "b":[{"c":{}}], "a" \n\t: 2}',
    '[{"x":{"k":1,"k":1}}]',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"q\\"":1,"q\\"":2}',
  ]) {
    assert.throws(() => parseStrictJson(text, 10), /appears twice/, text);
  }
});

test('equal keys of different objects and keys that look alike inside strings are fine', () => {
  const text = '[{"a":{"a":1}},{"a":"{\\"a\\":1,\\"a\\":2}"},["a","a"],{"b":"a:","a":":"}]';
  assert.deepEqual(parseStrictJson(text, 10), JSON.parse(text));
});

test('nesting is bounded before anything is built', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.doesNotThrow(() => parseStrictJson(nested(10), 10));
  assert.throws(() => parseStrictJson(nested(11), 10), /more than 10 levels/);
  assert.throws(() => parseStrictJson('['.repeat(5_000_000), 10), /more than 10 levels/);
  assert.throws(() => parseStrictJson('{"a":'.repeat(1_000_000), 10), /more than 10 levels/);
});

test('broken syntax is a SyntaxError', () => {
  for (const text of [
    '',
    '{',
    '}',
    ']]',
    '"',
    '{"a',
    '{"a\\',
    '{"a":}',
    '{"a"}',
    '[1,]',
    '{"\\x":1}',
    'NaN',
    '{"a":1}}',
  ]) {
    assert.throws(() => parseStrictJson(text, 10), SyntaxError, text);
  }
});

test('__proto__ becomes an own property and leaves prototypes alone', () => {
  const value = parseStrictJson('{"__proto__":{"polluted":true}}', 10) as object;
  assert.ok(Object.hasOwn(value, '__proto__'));
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});
