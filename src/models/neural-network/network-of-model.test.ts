import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { networkOf } from '../../nets/network-of.ts';
import { runExported } from '../../tensor/onnx/run-exported.fixture.ts';
import { neuralNetworkClassifier } from './neural-network-classifier.ts';
import { neuralNetworkRegressor } from './neural-network-regressor.ts';

/** Two pictures of 4 × 4 a row, with the same mark or different ones. */
function pairs(rows: number, seed: number): { readonly x: Matrix; readonly y: string[] } {
  const random = new RandomState(seed);
  const data = Float64Array.from({ length: rows * 32 }, () => random.uniform(0, 0.4));
  const y: string[] = [];
  for (let i = 0; i < rows; i++) {
    const marks = [random.randint(2), random.randint(2)];
    for (const [side, mark] of marks.entries())
      for (let k = 0; k < 4; k++) data[32 * i + 16 * side + (mark === 0 ? 4 * k + k : 4 * k + 3 - k)]! += 0.8;
    y.push(marks[0] === marks[1] ? 'same' : 'different');
  }
  return { x: new Matrix({ rows, columns: 32, data }), y };
}

/** Both pictures go through the same layers. */
const siamese = networkOf([2, 4, 4], (x, f) => {
  const convolve = f.share({ kind: 'conv2d', filters: 6, kernelSize: 3, padding: 'same' });
  const tower = (of: typeof x) => f.mean(f.relu(convolve(of)), { axes: [1, 2] });
  const [a, b] = [tower(f.slice(x, 0, 0, 1)), tower(f.slice(x, 0, 1, 2))];
  const apart = f.multiply(f.absolute(f.subtract(a, b)), f.exp(f.parameter('gain', [6])));
  const hidden = f.batchNorm(f.dense(f.concat([apart, f.multiply(a, b)]), { units: 12 }));
  return f.add(f.dropout(f.gelu(hidden), { rate: 0.1 }), f.dense(apart, { units: 12 }));
});

test('a network given as a function learns, and is saved as options and as ONNX without the function', async () => {
  const options = { ...siamese, epochs: 40, learningRate: 0.02, patience: null, shards: 1 };
  const { x, y } = pairs(160, 1);
  const model = await neuralNetworkClassifier(options).fit(x, y);
  const held = pairs(60, 2);
  const right = (await model.predict(held.x)).filter((label, i) => label === held.y[i]).length;
  // A guess is right in 30 of 60; four deviations more are 46.
  assert.ok(right >= 50, `${right} of 60`);
  assert.match(model.architecture, /1\.2 \(conv2d\)\s+\[6, 4, 4\]\s+60/);

  const plain = JSON.parse(JSON.stringify(model.specification.options));
  const { state, schema, target, summary } = model as unknown as Parameters<
    ReturnType<typeof neuralNetworkClassifier.from>['restore']
  >[0];
  const again = neuralNetworkClassifier.from(plain).restore({ state, schema, target, summary });
  const probabilities = (await model.predictProba(held.x)) as Matrix;
  assert.deepEqual((await again.predictProba(held.x)).data, probabilities.data);

  const exported = await runExported(model as never, held.x);
  const [name] = Object.keys(exported).filter((key) => exported[key]!.length === 120);
  // Both compute in float32, with other operators.
  for (const [i, value] of exported[name!]!.entries())
    assert.ok(Math.abs((value as number) - probabilities.data[i]!) < 1e-5, `${i}: ${value}`);
});

test('a formula of parameters alone is fitted', async () => {
  const network = networkOf([2], (x, f) =>
    f.reshape(f.matmul(f.reshape(x, [1, 2]), f.parameter('w', [2, 1])), [1]),
  );
  const random = new RandomState(3);
  const data = random.uniform(-1, 1, 200) as Float64Array;
  const y = Float64Array.from({ length: 100 }, (_, i) => 3 * data[2 * i]! - 2 * data[2 * i + 1]!);
  const model = await neuralNetworkRegressor({
    ...{ ...network, output: 'given', standardizeTarget: false },
    ...{ optimizer: 'sgd', learningRate: 0.1, epochs: 60, patience: null },
  }).fit(new Matrix({ rows: 100, columns: 2, data }), y);
  const [found] = await model.predict([[1, 1]]);
  // Without noise least squares has an error of 0; training is in float32.
  assert.ok(Math.abs(found! - 1) < 1e-3, `${found}`);
});
