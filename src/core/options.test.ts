import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { describeOptions, logUniform, option, parseOptions } from './options.ts';

const schema = z.strictObject({
  alpha: option(z.number().nonnegative().default(1), 'Strength.', logUniform(1e-4, 1e3)),
  fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept.'),
  name: option(z.string(), 'A name.'),
});

test('defaults are filled and the result is frozen', () => {
  const options = parseOptions(schema, { name: 'x' }, 'ridge');
  assert.deepEqual(options, { alpha: 1, fitIntercept: true, name: 'x' });
  assert.ok(Object.isFrozen(options));
});

test('an unknown option is named with the nearest known one', () => {
  assert.throws(() => parseOptions(schema, { name: 'x', fitIntercpt: false }, 'ridge'), {
    code: 'option/unknown',
    message: /ridge has no option 'fitIntercpt'\. Did you mean 'fitIntercept'\?/,
  });
});

test('a misspelt required option is unknown rather than missing', () => {
  assert.throws(() => parseOptions(schema, { nmae: 'x' }, 'ridge'), {
    code: 'option/unknown',
    message: /'name'/,
  });
});

test('an unfit value is named with what is accepted', () => {
  assert.throws(() => parseOptions(schema, { name: 'x', alpha: -1 }, 'ridge'), {
    code: 'option/invalid',
    message: /ridge: option 'alpha' cannot be -1\./,
  });
  assert.throws(() => parseOptions(schema, {}, 'ridge'), /option 'name' cannot be undefined/);
});

test('options describe themselves', () => {
  const [alpha, , name] = describeOptions(schema);
  assert.equal(alpha!.default, 1);
  assert.deepEqual(alpha!.search, logUniform(1e-4, 1e3));
  assert.equal(alpha!.schema.minimum, 0);
  assert.equal(name!.default, undefined);
  assert.equal(name!.description, 'A name.');
});
