import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OptionError } from '../../core/errors.ts';
import { partSizes } from './sizes.ts';

const sizes = (n: number, options: Parameters<typeof partSizes>[1]) =>
  partSizes(n, options, 0.25, 'trainTestSplit');

test('fractions of test and validation round up, of train down, and the rest goes to the part not named', () => {
  assert.deepEqual(sizes(10, {}), { train: 7, validation: 0, test: 3 });
  assert.deepEqual(sizes(10, { trainSize: 0.55 }), { train: 5, validation: 0, test: 5 });
  assert.deepEqual(sizes(11, { testSize: 0.2, validationSize: 0.2 }), { train: 5, validation: 3, test: 3 });
  assert.deepEqual(sizes(11, { trainSize: 4, validationSize: 2 }), { train: 4, validation: 2, test: 5 });
  assert.deepEqual(sizes(11, { trainSize: 1, testSize: 1 }), { train: 1, validation: 0, test: 1 });
});

test('sizes that leave a part empty or ask for too much name the option', () => {
  const cases: [number, Parameters<typeof partSizes>[1], string, RegExp][] = [
    [10, { testSize: 10 }, 'testSize', /testSize = 10 leaves nothing.*10 rows/],
    [10, { testSize: 0.95 }, 'testSize', /10 rows, testSize = 0\.95 leave no training rows/],
    [1, {}, 'testSize', /default testSize = 0\.25 leave no training rows/],
    [0, {}, 'testSize', /0 rows/],
    [10, { testSize: 0.6, trainSize: 0.6 }, 'trainSize', /more than the 10 rows/],
    [
      10,
      { testSize: 6, validationSize: 6 },
      'testSize',
      /testSize = 6, validationSize = 6 leave no training rows/,
    ],
    [10, { trainSize: 5, validationSize: 5 }, 'trainSize', /no test rows/],
    [10, { trainSize: 0.01 }, 'trainSize', /trainSize = 0\.01 leave no training rows/],
  ];
  for (const [n, options, option, message] of cases) {
    assert.throws(
      () => sizes(n, options),
      (error) => {
        assert.ok(error instanceof OptionError);
        assert.equal(error.details.option, option);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});
