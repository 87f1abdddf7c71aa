import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { oneClassDecisions, oneClassSvm } from './one-class-svm.ts';
import { halfQuadratic, kernelLike, ourOptions, svmFixture } from './svm.fixture.ts';

const { data, oneClass } = svmFixture;

for (const { data: name, options, ...expected } of oneClass) {
  test(`a one-class machine is scikit-learn's on ${name}, ${JSON.stringify(options)}`, async () => {
    const { x } = data[name]!;
    const given = ourOptions(options);
    const model = await oneClassSvm.from(given).fit(x);
    const objective = halfQuadratic(
      Array.from(model.dualCoef),
      Array.from(model.support, (row) => x[row]!),
      kernelLike(given, model.gamma),
    );
    assert.ok(Math.abs(objective - expected.objective) <= 1e-9 * expected.objective);
    const decisions = await oneClassDecisions(model, x.slice(0, 25));
    const labels = await model.predict(x.slice(0, 25));
    // float32 kernel values on both sides: sums of up to 60 of them are 1e-6 apart.
    const tolerance = 1e-5;
    assert.ok(Math.abs(model.offset - expected.offset) <= tolerance * expected.offset);
    expected.decision.forEach((value, i) => {
      assert.ok(Math.abs(decisions[i]! - value) <= tolerance * expected.offset, `${decisions[i]} ≠ ${value}`);
      assert.equal(labels[i], decisions[i]! > 0 ? 0 : -1);
    });
  });
}

test('about a share nu of the rows is outside, and far rows are', async () => {
  const random = new RandomState(4);
  const x = new Matrix({ rows: 500, columns: 2, data: random.fillNormal(new Float64Array(1000)) });
  const model = await oneClassSvm({ nu: 0.1 }).fit(x);
  const outside = model.labels.filter((label) => label === -1).length;
  assert.ok(outside > 30 && outside < 70, `${outside} outside`);
  assert.deepEqual(
    [
      ...(await model.predict([
        [8, 8],
        [0, 0],
      ])),
    ],
    [-1, 0],
  );
});

test('nu beyond 1 or at 0 is refused', () => {
  assert.throws(() => oneClassSvm({ nu: 0 }), { code: 'option/invalid' });
  assert.throws(() => oneClassSvm({ nu: 1.1 }), { code: 'option/invalid' });
});
