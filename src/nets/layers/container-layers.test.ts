import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkParameters, outputShape, summarizeNetwork } from '../network.ts';
import type { Layer } from './layer.ts';

const dense = (units: number): Layer => ({ kind: 'dense', units });
const relu: Layer = { kind: 'activation', function: 'relu' };

test('parameters of layers within others are named by the way to them', () => {
  const layers: Layer[] = [
    { kind: 'residual', layers: [dense(5), relu, dense(3)] },
    { kind: 'parallel', branches: [[dense(2)], [], [relu, dense(4)]] },
  ];
  const network = { inputShape: [3], layers };
  assert.deepEqual(
    networkParameters(network).map(({ name, layer }) => [name, layer]),
    [
      ...['weights', 'bias'].map((name) => [`0.layers.0.${name}`, 0]),
      ...['weights', 'bias'].map((name) => [`0.layers.2.${name}`, 0]),
      ...['weights', 'bias'].map((name) => [`1.0.0.${name}`, 1]),
      ...['weights', 'bias'].map((name) => [`1.2.1.${name}`, 1]),
    ],
  );
  assert.deepEqual(outputShape(network), [2 + 3 + 4]);
  assert.deepEqual(
    summarizeNetwork(network).map(({ parameters }) => parameters),
    [3 * 5 + 5 + 5 * 3 + 3, 3 * 2 + 2 + 3 * 4 + 4],
  );
});

test('a residual layer whose shapes differ needs a shortcut, and says so', () => {
  const without: Layer = { kind: 'residual', layers: [dense(5)] };
  assert.throws(
    () => outputShape({ inputShape: [3], layers: [relu, without] }),
    /Layer 2 \(residual\): residual cannot add what its layers give, \[5\], to \[3\]. Give it a shortcut/,
  );
  assert.deepEqual(outputShape({ inputShape: [3], layers: [{ ...without, shortcut: [dense(5)] }] }), [5]);
});

test('branches that cannot be combined are refused with their shapes, and a layer within is named with those around', () => {
  const of = (layer: Layer) => () => outputShape({ inputShape: [4], layers: [layer] });
  assert.throws(
    of({ kind: 'parallel', branches: [[dense(2)], [dense(3)]], combine: 'add' }),
    /cannot add \[2\] and \[3\]: all sizes must be equal/,
  );
  assert.throws(
    of({ kind: 'parallel', branches: [[], [{ kind: 'reshape', shape: [2, 2] }]] }),
    /cannot concat \[4\] and \[2, 2\]/,
  );
  assert.throws(of({ kind: 'parallel', branches: [] }), /at least one branch/);
  assert.throws(
    of({ kind: 'residual', layers: [relu, { kind: 'maxPool2d', size: 2 }] }),
    /Layer 1 \(residual\), 2 \(maxPool2d\): maxPool2d takes 3 dimensions/,
  );
});
