import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layer } from '../layers/layer.ts';
import { defaultShards } from './default-shards.ts';

const dense = (units: number): Layer => ({ kind: 'dense', units });
const perceptron = { inputShape: [784], layers: [dense(256), dense(128), dense(10)] };

test('a batch is divided by its work, in two before in more', () => {
  assert.deepEqual(
    [8, 16, 31, 32, 64, 128, 1024].map((rows) => defaultShards(perceptron, rows)),
    [1, 1, 1, 2, 2, 2, 4],
  );
  assert.equal(defaultShards({ inputShape: [4], layers: [dense(3)] }, 4096), 1);
});

test('parts of which batch norm takes its statistics have at least 32 rows, as others need not', () => {
  const layers: Layer[] = [dense(512), { kind: 'batchNorm' }, dense(10)];
  assert.equal(defaultShards({ inputShape: [784], layers: [dense(512), dense(10)] }, 32), 2);
  assert.deepEqual(
    [32, 64, 128].map((rows) => defaultShards({ inputShape: [784], layers }, rows)),
    [1, 2, 4],
  );
});

test('few sequences of many times are divided too, but not those whose times follow one another', () => {
  const of = (layer: Layer, inputShape: readonly number[]) => ({ inputShape, layers: [layer, dense(100)] });
  const block: Layer = { kind: 'transformerBlock', heads: 4 };
  assert.equal(defaultShards(of(block, [64, 128]), 12), 2);
  assert.equal(defaultShards(of(block, [64, 128]), 2), 1);
  assert.equal(defaultShards(of({ kind: 'lstm', units: 128 }, [64, 128]), 12), 1);
});
