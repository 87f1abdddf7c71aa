import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { denseRow } from '../../nets/dense/dense-layers.ts';
import { dqnOptions } from './dqn-options.ts';
import { openQActor } from './q-actor.ts';
import { type QShape, qLayers } from './q-network.ts';
import { FORBIDDEN, moveTarget, openQStep } from './q-step.ts';

interface Batch {
  readonly x: number[];
  readonly next: number[];
  readonly action: number[];
  readonly reward: number[];
  readonly discount: number[];
  readonly weight: number[];
  readonly mask: number[];
}

interface Case {
  readonly start: Readonly<Record<string, number[]>>;
  readonly losses: readonly number[];
  readonly errors: readonly number[];
  readonly values: readonly number[];
}

const { batches, cases } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/dqn.json', import.meta.url), 'utf8'),
) as { readonly batches: readonly Batch[]; readonly cases: Readonly<Record<string, Case>> };

const team = new Team(1);
const features = { width: 3, sizes: new Int32Array(0) };
const shapeOf = (duelling: boolean): QShape => ({
  inputs: 3,
  hiddenLayers: [6, 5],
  actions: 4,
  duelling,
});

/** The peer's parameters by our names; two streams lie side by side. */
function startOf({ start }: Case, duelling: boolean): Map<string, readonly number[]> {
  const beside = (layer: string) => {
    const [left, right] = [start[`value_${layer}`]!, start[`advantage_${layer}`]!];
    const rows = left.length / 5;
    return Array.from({ length: rows }, (_, i) => [
      ...left.slice(5 * i, 5 * i + 5),
      ...right.slice(5 * i, 5 * i + 5),
    ]).flat();
  };
  if (!duelling) {
    return new Map(
      Object.entries(start).map(([name, values]) => [`q.${name.replace('weight', 'weights')}`, values]),
    );
  }
  return new Map([
    ['trunk.0.weights', start['trunk.weight']!],
    ['trunk.0.bias', start['trunk.bias']!],
    ['trunk.2.weights', beside('hidden.weight')],
    ['trunk.2.bias', beside('hidden.bias')],
    ['value.0.weights', start['value.weight']!],
    ['value.0.bias', start['value.bias']!],
    ['advantage.0.weights', start['advantage.weight']!],
    ['advantage.0.bias', start['advantage.bias']!],
  ]);
}

/** Float32 updates whose sums are taken in another order: some 14 of them. */
function assertClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(
      Math.abs(actual[i]! - value) < 2e-5 * Math.max(1, Math.abs(value)),
      `${what} ${i}: ${actual[i]} for ${value}`,
    );
}

for (const [name, expected] of Object.entries(cases)) {
  test(`updates are those of PyTorch: ${name}`, async () => {
    const duelling = name === 'duelling';
    const shape = shapeOf(duelling);
    const options = dqnOptions.parse({
      ...{ batchSize: 8, learningRate: 0.02, maxGradNorm: 0.5, duelling },
      ...{ double: ['double', 'duelling', 'masked'].includes(name), prioritized: name === 'weighted' },
    });
    const masked = name === 'masked';
    const step = openQStep({ team }, { shape, options, random: new RandomState(0), masked });
    step.setParameters(startOf(expected, duelling));
    moveTarget(step, shape, 1);
    const losses: number[] = [];
    for (const [k, batch] of batches.entries()) {
      for (const key of ['x', 'next', 'action', 'reward', 'discount'] as const)
        step.inputs[key]!.set(batch[key]);
      if (masked) step.inputs.forbidden!.set(batch.mask.map((one) => (one === 1 ? 0 : FORBIDDEN)));
      if (name === 'weighted') step.inputs.weight!.set(batch.weight);
      losses.push(await step.run(1));
      if (k === batches.length / 2) moveTarget(step, shape, 0.25);
    }
    assertClose(losses, expected.losses, 'loss');
    assertClose(step.error, expected.errors, 'error');
    const layers = qLayers(shape, step.parameters());
    const rows = Array.from({ length: 8 }, (_, i) =>
      Float64Array.from(batches[0]!.x.slice(3 * i, 3 * i + 3)),
    );
    const values = rows.flatMap((row) => [...denseRow(row, layers)]);
    assertClose(values, expected.values, 'value');
    const actor = openQActor(team, shape, features, step);
    for (const [i, row] of rows.entries()) {
      const own = values.slice(4 * i, 4 * i + 4);
      assert.equal(actor.act(Float32Array.from(row)), own.indexOf(Math.max(...own)));
      const mask = Uint8Array.from(own, (value) => Number(value < Math.max(...own)));
      assert.equal(actor.act(Float32Array.from(row), mask), own.indexOf([...own].sort((a, b) => b - a)[1]!));
    }
  });
}

test('duelling streams without hidden layers, or with one, act as their layers say', async () => {
  for (const hiddenLayers of [[], [7]]) {
    const shape: QShape = { inputs: 3, hiddenLayers, actions: 3, duelling: true };
    const options = dqnOptions.parse({ batchSize: 4, duelling: true, learningRate: 0.1 });
    const step = openQStep({ team }, { shape, options, random: new RandomState(1), masked: false });
    const random = new RandomState(2);
    for (const array of Object.values(step.inputs)) {
      if (array instanceof Float32Array) random.fillNormal(array);
    }
    step.inputs.discount!.fill(0);
    step.inputs.action!.set([0, 1, 2, 1]);
    await step.run(1);
    step.compute();
    const layers = qLayers(shape, step.parameters());
    assert.equal(layers.length, hiddenLayers.length + 1);
    for (let i = 0; i < 4; i++) {
      const row = Float64Array.from(step.inputs.x!.subarray(3 * i, 3 * i + 3));
      const taken = denseRow(row, layers)[step.inputs.action![i]!]!;
      // The graph adds up in float32.
      assert.ok(Math.abs(step.error[i]! - (taken - step.inputs.reward![i]!)) < 1e-5);
    }
  }
});

test('a round of updates gives the same bits on any number of threads as updates one by one', async () => {
  const shape: QShape = { inputs: 5, hiddenLayers: [48, 40], actions: 3, duelling: true };
  const options = dqnOptions.parse({ batchSize: 44, double: true, duelling: true, maxGradNorm: 1 });
  // As many as threads are called for.
  const batches = 24;
  async function learned(threads: number, isRound: boolean) {
    const own = new Team(threads);
    const round = isRound ? batches : 1;
    const step = openQStep(
      { team: own },
      { shape, options, random: new RandomState(1), masked: true, round },
    );
    assert.equal(step.room, round);
    const random = new RandomState(2);
    const all = Array.from({ length: batches }, () => ({
      x: random.fillNormal(new Float32Array(44 * 5)),
      next: random.fillNormal(new Float32Array(44 * 5)),
      action: Int32Array.from({ length: 44 }, (_, i) => i % 3),
      reward: random.fillNormal(new Float32Array(44)),
      discount: new Float32Array(44).fill(0.9),
      forbidden: Float32Array.from({ length: 44 * 3 }, (_, i) => (i % 7 === 0 ? FORBIDDEN : 0)),
    }));
    let loss = 0;
    for (const [k, batch] of all.entries()) {
      for (const [key, values] of Object.entries(batch))
        step.inputs[key as keyof typeof batch]!.set(values as never, isRound ? k * values.length : 0);
      if (!isRound) loss = await step.run(1);
    }
    if (isRound) loss = await step.run(batches);
    const result = { loss, error: step.error.slice(), snapshot: step.snapshot() };
    await own.close();
    return result;
  }
  const single = await learned(1, false);
  assert.equal(single.snapshot.step, batches);
  for (const threads of [1, 2]) assert.deepEqual(await learned(threads, true), single);
});

test('a round that is told to stop does so between updates, on one thread and on two', async () => {
  for (const threads of [1, 2]) {
    const own = new Team(threads);
    const shape: QShape = { inputs: 4, hiddenLayers: [64, 64], actions: 2, duelling: false };
    const options = dqnOptions.parse({ batchSize: 64 });
    const step = openQStep(
      { team: own },
      { shape, options, random: new RandomState(1), masked: false, round: 32 },
    );
    let calls = 0;
    const pause = () => {
      if (++calls === 3) throw new Error('stop');
    };
    await assert.rejects(step.run(32, { pause }), { message: 'stop' });
    await own.close();
  }
});
