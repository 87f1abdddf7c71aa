import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { add, exp, max, mean, multiply, square, subtract, sum } from '../../tensor/functions.ts';
import type { Network } from '../network.ts';
import { adam, sgd } from '../optimizers/optimizers.ts';
import { onlineForward, onlineLayers } from './online-forward.ts';
import { openStep, type StepProblem } from './open-step.ts';

const team = new Team(1);
const line: Network = { inputShape: [2], layers: [{ kind: 'dense', units: 1 }] };
const deep: Network = {
  inputShape: [3],
  layers: [
    { kind: 'dense', units: 8 },
    { kind: 'activation', function: 'tanh' },
    { kind: 'dense', units: 2 },
  ],
};

/** Two networks, one frozen, and a parameter beside them. */
const both = (random = new RandomState(3)): StepProblem => ({
  networks: { actor: deep, critic: deep },
  frozen: { target: deep },
  extra: [
    {
      name: 'logStd',
      shape: [2],
      initializer: { kind: 'constant', value: -0.5 },
      fans: { fanIn: 1, fanOut: 1 },
      decays: false,
    },
  ],
  inputs: { x: { shape: [5, 3] }, next: { shape: [5, 3] } },
  build({ network, parameter, inputs: { x, next } }) {
    const best = max(network('target', next!), { axes: [1] });
    const spread = exp(parameter('logStd'));
    const value = sum(multiply(network('actor', x!), spread), { axes: [1] });
    const again = sum(network('actor', next!), { axes: [1] });
    const judged = sum(network('critic', x!), { axes: [1] });
    const error = subtract(add(value, judged), add(best, again));
    return { loss: mean(square(error)), outputs: { error } };
  },
  optimizer: adam(0.02, { clipNorm: 0.7 }),
  random,
});

function fill(inputs: Readonly<Record<string, Float32Array | Int32Array>>, seed: number): void {
  const random = new RandomState(seed);
  for (const array of Object.values(inputs)) random.fillNormal(array as Float32Array);
}

test('a step takes the gradient of the loss times the rate from the parameters', async () => {
  const step = await openStep(
    { team },
    {
      networks: { line },
      inputs: { x: { shape: [2, 2] }, y: { shape: [2, 1] } },
      build: ({ network, inputs: { x, y } }) => ({
        loss: mean(square(subtract(network('line', x!), y!))),
      }),
      optimizer: sgd(0.1),
      random: new RandomState(0),
      values: new Map([
        ['line.0.weights', [1, 2]],
        ['line.0.bias', [0.5]],
      ]),
    },
  );
  step.inputs.x!.set([1, 0, 2, 1]);
  step.inputs.y!.set([0.5, 1]);
  // Errors 1 and 3.5: loss (1 + 12.25) / 2, gradient by w (1·1 + 3.5·2, 3.5), by b 4.5.
  assert.equal(await step.compute(), 6.625);
  assert.equal(await step.run(), 6.625);
  const { 'line.0.weights': w, 'line.0.bias': b } = Object.fromEntries(step.parameters());
  // Float32 next to 1 − 0.8, 2 − 0.35, 0.5 − 0.45.
  for (const [actual, expected] of [
    [w![0]!, 0.2],
    [w![1]!, 1.65],
    [b![0]!, 0.05],
  ] as const)
    assert.ok(Math.abs(actual - expected) < 2e-7, `${actual}`);
  await step.run(0);
  assert.deepEqual(step.parameters().get('line.0.weights'), w);
  assert.equal(step.step, 2);
  await step.close();
});

test('networks that a loss uses twice share parameters, frozen ones stay, and a snapshot goes on to the bit', async () => {
  const step = await openStep({ team }, both());
  step.blend('target', 'actor', 1);
  const target = step.parameters('target');
  assert.deepEqual([...target.values()], [...step.parameters('actor').values()]);
  const losses: number[] = [];
  let snapshot = step.snapshot();
  for (let k = 0; k < 12; k++) {
    fill(step.inputs, k % 3);
    losses.push(await step.run());
    if (k === 5) snapshot = step.snapshot();
  }
  assert.ok(losses[11]! < 0.5 * losses[0]!, `${losses}`);
  assert.deepEqual(step.parameters('target'), target);
  assert.notEqual(step.parameters().get('logStd')![0], -0.5);
  const last = step.parameters();
  const other = await openStep({ team }, both(new RandomState(8)));
  other.restore(snapshot);
  for (let k = 6; k < 12; k++) {
    fill(other.inputs, k % 3);
    assert.equal(await other.run(), losses[k]);
  }
  assert.deepEqual(other.parameters(), last);
  assert.deepEqual(other.outputs.error, step.outputs.error);
  other.blend('target', 'actor', 0.25);
  const [name, old] = [...target].at(-1)!;
  const fresh = last.get(name.replace('target', 'actor'))!;
  for (const [i, value] of other.parameters().get(name)!.entries())
    assert.ok(Math.abs(value - (0.75 * old[i]! + 0.25 * fresh[i]!)) < 1e-6);
  await step.close();
  await other.close();
});

test('the network answers at once what the graph computes, with the parameters of the last step', async () => {
  const step = await openStep({ team }, both());
  const forward = onlineForward(team, onlineLayers(deep, step.places('actor')), 5);
  const judge = onlineForward(team, onlineLayers(deep, step.places('critic')), 5);
  fill(step.inputs, 1);
  await step.run();
  await step.compute();
  const sums = (outputs: Float32Array, scale: readonly number[]) =>
    Array.from({ length: 5 }, (_, i) => scale[0]! * outputs[2 * i]! + scale[1]! * outputs[2 * i + 1]!);
  const spread = Array.from(step.parameters().get('logStd')!, Math.exp);
  forward.inputs.set(step.inputs.x!);
  judge.inputs.set(step.inputs.x!);
  const [value, judged] = [sums(forward.run(), spread), sums(judge.run(), [1, 1])];
  forward.inputs.set(step.inputs.next!);
  const again = sums(forward.run(), [1, 1]);
  // The target is all zeros here, and so is its best.
  for (const [i, error] of step.outputs.error!.entries())
    assert.ok(Math.abs(error - (value[i]! + judged[i]! - again[i]!)) < 2e-6);
  await step.close();
});

test('a loss that is not finite, or that a parameter has no part in, is refused by name', async () => {
  const step = await openStep({ team }, both());
  fill(step.inputs, 1);
  step.inputs.x![4] = Number.NaN;
  const before = step.parameters();
  await assert.rejects(step.run(), { code: 'train/not-finite', message: /after 0 steps/ });
  assert.deepEqual(step.parameters(), before);
  await step.close();
  const idle = { ...both(), networks: { ...both().networks, idle: line } };
  await assert.rejects(openStep({ team }, idle), {
    code: 'tensor/no-gradient',
    message: /'idle\.0\.weights'/,
  });
});
