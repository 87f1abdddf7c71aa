import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import { runExported } from '../../tensor/onnx/run-exported.fixture.ts';
import { neuralNetworkClassifier } from './neural-network-classifier.ts';

const relu: Layer = { kind: 'activation', function: 'relu' };
const network: readonly Layer[] = [
  { kind: 'conv2d', filters: 8, kernelSize: 3, padding: 'same', useBias: false },
  ...[{ kind: 'batchNorm' } as const, relu, { kind: 'maxPool2d', size: 2 } as const],
  {
    kind: 'residual',
    layers: [
      { kind: 'conv2d', filters: 8, kernelSize: 3, padding: 'same' },
      ...[{ kind: 'groupNorm', groups: 4 } as const, relu],
      { kind: 'depthwiseConv2d', kernelSize: [3, 1], padding: [1, 0], multiplier: 2 },
    ],
    shortcut: [{ kind: 'conv2d', filters: 16, kernelSize: 1 }],
  },
  ...[relu, { kind: 'avgPool2d', size: 3, stride: 1, padding: 1, countsPadding: false } as const],
  { kind: 'convTranspose2d', filters: 4, kernelSize: 2, stride: 2 },
  { kind: 'parallel', branches: [[{ kind: 'globalAvgPool' }], [{ kind: 'globalMaxPool' }]] },
];

/** 5 × 6 pictures with a bright row or a bright column in noise. */
function pictures(rows: number, seed: number): { readonly x: Matrix; readonly y: string[] } {
  const random = new RandomState(seed);
  const data = random.uniform(0, 1, rows * 30) as Float64Array;
  const y = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 'row' : 'column'));
  for (let i = 0; i < rows; i++) {
    const at = Math.floor(random.uniform(0, 5));
    for (let k = 0; k < 5; k++) data[30 * i + (i % 2 === 0 ? 6 * at + k : 6 * k + at)]! += 0.7;
  }
  return { x: new Matrix({ rows, columns: 30, data }), y };
}

test('a convolutional network learns, is saved as ONNX with every layer, and predicts a row alike by itself and among others', async () => {
  const model = neuralNetworkClassifier({
    ...{ layers: network, inputShape: [1, 5, 6], epochs: 25, learningRate: 0.01, patience: null, shards: 1 },
  });
  const { x, y } = pictures(120, 1);
  const fitted = await model.fit(x, y);
  const held = pictures(40, 2);
  const predicted = await fitted.predict(held.x);
  const right = predicted.filter((label, i) => label === held.y[i]).length;
  assert.ok(right >= 34, `${right} of 40`);
  const probabilities = await fitted.predictProba(held.x);
  const exported = await runExported(fitted as never, held.x);
  const [name] = Object.keys(exported).filter((key) => exported[key]!.length === 80);
  // Both compute in float32, with other operators.
  for (const [i, value] of exported[name!]!.entries())
    assert.ok(Math.abs((value as number) - probabilities.data[i]!) < 1e-5, `${i}: ${value}`);
  const one = await fitted.predictProba(held.x.take([7]));
  assert.deepEqual([...one.data], [...probabilities.data.subarray(14, 16)]);
});

test('layers of pictures that do not fit are refused with their shapes', async () => {
  const { x, y } = pictures(4, 1);
  const refused = (layers: readonly Layer[], message: RegExp) =>
    assert.rejects(neuralNetworkClassifier({ layers, inputShape: [1, 5, 6] }).fit(x, y), {
      code: 'tensor/shape',
      message,
    });
  await refused([{ kind: 'conv2d', filters: 4, kernelSize: 7 }], /\[7,7\] are larger than the pictures/);
  await refused([{ kind: 'conv1d', filters: 4, kernelSize: 3 }], /conv1d takes 2 dimensions.*\[1, 5, 6\]/);
  await refused([{ kind: 'conv2d', filters: 4, kernelSize: [3, 3, 3] }], /conv2d needs 2 numbers.*not 3/);
  await refused([{ kind: 'conv2d', filters: 4, kernelSize: 3, groups: 2 }], /1 channels.*2 groups/);
  await refused([{ kind: 'groupNorm', groups: 2 }], /1 channels into 2 groups/);
  await refused(
    [{ kind: 'maxPool2d', size: 2, padding: 2 }],
    /windows of 2 takes a padding of at most 1, not 2/,
  );
});
