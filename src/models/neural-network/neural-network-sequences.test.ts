import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import { runExported } from '../../tensor/onnx/run-exported.fixture.ts';
import { neuralNetworkClassifier } from './neural-network-classifier.ts';

const TIME = 8;

/** Sequences of 3 to 8 tokens, filled up with 0: `yes` where a 2 comes directly after a 1. */
function sequences(rows: number, seed: number): { x: Matrix; y: string[] } {
  const random = new RandomState(seed);
  const data = new Float64Array(rows * TIME);
  const y = Array.from({ length: rows }, (_, row) => {
    const length = 3 + random.randint(TIME - 2);
    let found = false;
    for (let t = 0; t < length; t++) {
      data[row * TIME + t] = 1 + random.randint(3);
      found ||= t > 0 && data[row * TIME + t] === 2 && data[row * TIME + t - 1] === 1;
    }
    return found ? 'yes' : 'no';
  });
  return { x: new Matrix({ rows, columns: TIME, data }), y };
}

const embedding: Layer = { kind: 'embedding', levels: 4, units: 8, paddingIndex: 0 };
const networks: Readonly<Record<string, readonly Layer[]>> = {
  lstm: [embedding, { kind: 'lstm', units: 12, bidirectional: true }],
  gru: [
    embedding,
    { kind: 'gru', units: 12, layers: 2, dropout: 0.1, returns: 'all' },
    { kind: 'poolTime', by: 'max' },
  ],
  transformer: [
    ...[embedding, { kind: 'position' } as const],
    { kind: 'transformerBlock', heads: 2, dropout: 0.05 },
    { kind: 'transformerBlock', heads: 2, activation: 'relu', norm: 'after' },
    ...[{ kind: 'layerNorm' } as const, { kind: 'poolTime' } as const],
  ],
};

for (const [name, layers] of Object.entries(networks)) {
  test(`a network of sequences learns, predicts a row by itself as among others, and is exported (${name})`, async () => {
    const { x, y } = sequences(400, 1);
    const model = neuralNetworkClassifier({
      ...{ layers, inputShape: [TIME], epochs: 25, batchSize: 20, learningRate: 0.01 },
      patience: null,
    });
    const fitted = await model.fit(x, y, { onWarning: () => {} });
    const held = sequences(100, 2);
    const predicted = await fitted.predict(held.x);
    const right = predicted.filter((label, i) => label === held.y[i]).length;
    // More often than the more frequent class by far; which exactly depends on the processor.
    assert.ok(right >= 85, `${right} of 100`);
    const probabilities = await fitted.predictProba(held.x);
    const one = await fitted.predictProba(held.x.take([7]));
    assert.deepEqual([...one.data], [...probabilities.data.subarray(14, 16)]);
    const exported = await runExported(fitted as never, held.x);
    const [key] = Object.keys(exported).filter((output) => exported[output]!.length === 200);
    // Both compute in float32, with other operators.
    for (const [i, value] of exported[key!]!.entries())
      assert.ok(Math.abs((value as number) - probabilities.data[i]!) < 1e-5, `${i}: ${value}`);
  });
}
