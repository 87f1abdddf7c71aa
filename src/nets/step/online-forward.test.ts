import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { denseForward } from '../../kernels/plain/dense-forward.ts';
import { type OnlineLayer, onlineForward, onlineLayers } from './online-forward.ts';

const team = new Team(1);
const activations = ['identity', 'relu', 'tanh', 'logistic'] as const;

/** Layers of the given widths with random parameters, and the same as plain data. */
function makeLayers(widths: readonly number[], scale = 0.5) {
  const random = new RandomState(widths.length);
  const draw = (count: number) => random.fillNormal(new Float32Array(count), 0, scale);
  return widths.slice(1).map((outputs, k) => {
    const [weights, bias] = [draw(widths[k]! * outputs), draw(outputs)];
    const activation = activations[k % 4]!;
    const layer: OnlineLayer = {
      ...{ weights: team.arena.place(weights), bias: team.arena.place(bias) },
      ...{ inputs: widths[k]!, outputs, activation },
    };
    return { layer, weights, bias };
  });
}

test('rows go through all widths and activations as the plain loops say, each as it does alone', () => {
  for (const widths of [
    [4, 64, 64, 2],
    [3, 1, 5, 18, 33, 7, 70],
    [1, 16, 2, 3, 4],
  ]) {
    const layers = makeLayers(widths);
    const rows = 11;
    const forward = onlineForward(
      team,
      layers.map(({ layer }) => layer),
      rows,
    );
    new RandomState(1).fillNormal(forward.inputs, 0, 2);
    const together = forward.run().slice();
    let x: Float64Array = Float64Array.from(forward.inputs);
    for (const [k, { layer, weights, bias }] of layers.entries())
      x = denseForward({ x, rows, inputs: layer.inputs, weights, bias, activation: k % 4 });
    const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    // Float32 sums of up to 70 terms through up to six layers.
    for (const [i, value] of x.entries())
      assert.ok(Math.abs(together[i]! - value) < 1e-5 * largest, `${together[i]} for ${value}`);
    const outputs = widths.at(-1)!;
    const given = forward.inputs.slice();
    for (let row = 0; row < rows; row++) {
      forward.inputs.set(given.subarray(row * widths[0]!, (row + 1) * widths[0]!));
      assert.deepEqual(forward.run(1).slice(0, outputs), together.slice(row * outputs, (row + 1) * outputs));
    }
  }
});

test('activations hold at the ends of the numbers, and what is no number stays so', () => {
  const forward = (activation: (typeof activations)[number]) => {
    const layer = {
      weights: team.arena.place(Float32Array.of(1)),
      bias: team.arena.place(Float32Array.of(0)),
    };
    const one = onlineForward(team, [{ ...layer, inputs: 1, outputs: 1, activation }], 1);
    return (x: number) => {
      one.inputs[0] = x;
      return one.run()[0]!;
    };
  };
  const [tanh, logistic, relu] = [forward('tanh'), forward('logistic'), forward('relu')];
  for (const given of [-1000, -20, -1, -1e-8, 0, 1e-8, 0.3, 9, 1000, Number.POSITIVE_INFINITY]) {
    const x = Math.fround(given);
    // One unit of float32.
    assert.ok(Math.abs(tanh(x) - Math.tanh(x)) <= 6e-8 * Math.abs(Math.tanh(x)), `tanh ${x}`);
    assert.ok(Math.abs(logistic(x) - 1 / (1 + Math.exp(-x))) <= 6e-8, `logistic ${x}`);
    assert.equal(relu(x), Math.max(0, x));
  }
  for (const f of [tanh, logistic, relu]) assert.ok(Number.isNaN(f(Number.NaN)));
});

test('layers that do not answer row by row are refused by name', () => {
  const network = { inputShape: [4], layers: [{ kind: 'dropout', rate: 0.5 }] } as const;
  assert.throws(() => onlineLayers(network, []), { code: 'tensor/not-online', message: /1 \(dropout\)/ });
});
