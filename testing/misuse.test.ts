/**
 * What must not compile. `npm run check` fails when one of these lines does: an unused `@ts-expect-error` is an error.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  logisticRegression,
  meanSquaredError,
  pipeline,
  ridge,
  standardScaler,
  trainTestSplit,
} from '../src/index.ts';

test('misuse is for the compiler to refuse; at run time it is an error as well', async () => {
  const x = [[1], [2], [3], [4]];
  const y = [1, 2, 3, 4];
  const regressor = await ridge().fit(x, y);
  const classifier = await logisticRegression().fit(x, ['a', 'b', 'a', 'b']);
  const joined = pipeline(standardScaler(), ridge());

  // @ts-expect-error A specification cannot predict.
  assert.equal(ridge().predict, undefined);
  // @ts-expect-error A fitted model cannot be fitted again.
  assert.equal(regressor.fit, undefined);
  // @ts-expect-error The option is called alpha.
  assert.throws(() => ridge({ alhpa: 1 }), { code: 'option/unknown' });
  // @ts-expect-error alpha is a number.
  assert.throws(() => ridge({ alpha: 'much' }), { code: 'option/invalid' });
  // @ts-expect-error A regressor learns numbers.
  await assert.rejects(ridge().fit(x, ['a', 'b', 'a', 'b']), { code: 'data/not-a-number' });
  // @ts-expect-error A regressor gives no probabilities.
  assert.equal(regressor.predictProba, undefined);
  // @ts-expect-error A pipeline that ends in a regressor gives none either.
  assert.equal((await joined.fit(x, y)).predictProba, undefined);
  // @ts-expect-error Labels come back as the strings they were.
  const labels: number[] = await classifier.predict(x);
  assert.equal(typeof labels[0], 'string');
  // @ts-expect-error Only two classes of the training labels can be positive.
  await assert.rejects(logisticRegression().fit(x, ['a', 'b', 'a', 'b'], { positiveClass: 7 }), {
    code: 'option/invalid',
  });
  // @ts-expect-error Without validationSize there is no validation part.
  assert.equal(trainTestSplit(x, y, { testSize: 0.25 }).xValidation, undefined);
  // @ts-expect-error A metric of numbers takes no labels.
  assert.throws(() => meanSquaredError(['a'], ['b']));
});
