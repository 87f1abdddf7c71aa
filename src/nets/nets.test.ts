import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Matrix } from '../core/matrix.ts';
import { RandomState } from '../core/random.ts';
import type { Job } from '../jobs/job.ts';
import { Team } from '../kernels/host/team.ts';
import type { Layer } from './layers/layer.ts';
import type { Loss } from './losses/loss.ts';
import { networkParameters } from './network.ts';
import { adam, adamw, rmsprop, sgd } from './optimizers/optimizers.ts';
import type { Optimizer } from './optimizers/transforms.ts';
import { openTrainer, type TrainingProblem } from './train/open-trainer.ts';

const { data, networks } = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/nets.json', import.meta.url), 'utf8'),
);

const teams = new Map<number, Team>();
after(() => Promise.all([...teams.values()].map((team) => team.close())));

/** A job of its own, with the threads given. */
function jobOf(threads = 1, checkpoint = () => {}): Job {
  const team = teams.get(threads) ?? new Team(threads);
  teams.set(threads, team);
  team.arena.release();
  const call = () => Promise.reject(new Error('No function is called here.'));
  return { threads, team, checkpoint, progress: () => {}, warn: () => {}, call };
}

const dense = (units: number): Layer => ({ kind: 'dense', units });
const activation = (name: 'relu' | 'gelu' | 'tanh' | 'logistic'): Layer => ({
  kind: 'activation',
  function: name,
});
const stack = (name: Parameters<typeof activation>[0], outputs: number) => [
  ...[dense(10), activation(name), dense(7), activation(name), dense(outputs)],
];

const x = new Matrix({ rows: 48, columns: 6, data: Float64Array.from(data.x) });
const pictures = new Matrix({ rows: 32, columns: 36, data: Float64Array.from(data.pictures) });
const labels = { x, target: Int32Array.from(data.labels) };

interface Case {
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly data: Pick<TrainingProblem, 'x' | 'target'>;
  readonly inputShape?: readonly number[];
}

const cases: Readonly<Record<string, Case>> = {
  relu: { layers: stack('relu', 3), loss: { kind: 'crossEntropy' }, optimizer: adam(0.01), data: labels },
  smoothed: {
    layers: stack('gelu', 3),
    loss: { kind: 'crossEntropy', labelSmoothing: 0.1 },
    optimizer: adamw(0.01, { weightDecay: 0.1 }),
    data: labels,
  },
  tanh: {
    layers: stack('tanh', 2),
    loss: { kind: 'squaredError' },
    optimizer: sgd(0.1, { momentum: 0.9, nesterov: true }),
    data: { x, target: Float64Array.from(data.values) },
  },
  bits: {
    layers: stack('logistic', 1),
    loss: { kind: 'binaryCrossEntropy' },
    optimizer: rmsprop(0.01),
    data: { x, target: Float64Array.from(data.bits) },
  },
  norm: {
    layers: [dense(8), { kind: 'layerNorm' }, activation('relu'), dense(3)],
    loss: { kind: 'crossEntropy' },
    optimizer: adam(0.01),
    data: labels,
  },
  convolution: {
    layers: [
      { kind: 'conv2d', filters: 4, kernelSize: 3, padding: 'same' },
      activation('relu'),
      { kind: 'maxPool2d', size: 2 },
      { kind: 'conv2d', filters: 3, kernelSize: 3, stride: 2, padding: 'same' },
      { kind: 'flatten' },
      dense(3),
    ],
    loss: { kind: 'crossEntropy' },
    optimizer: adam(0.01),
    data: { x: pictures, target: Int32Array.from(data.kinds) },
    inputShape: [1, 6, 6],
  },
};

function problemOf({ layers, loss, optimizer, data: rows, inputShape = [6] }: Case): TrainingProblem {
  return {
    network: { inputShape, layers },
    loss,
    optimizer,
    ...rows,
    batchSize: 16,
    random: new RandomState(0),
  };
}

/** The mean loss of each batch of 16 rows in order, over and over. */
async function lossesOf(problem: TrainingProblem, start: readonly (readonly number[])[], steps: number) {
  const trainer = await openTrainer(jobOf(), problem);
  const names = networkParameters(problem.network).map(({ name }) => name);
  trainer.setParameters(new Map(names.map((name, i) => [name, start[i]!])));
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const from = (16 * step) % problem.x.rows;
    const order = Int32Array.from({ length: 16 }, (_, i) => from + i);
    losses.push(await trainer.epoch({ order, shuffle: false }));
  }
  await trainer.close();
  return losses;
}

for (const [name, one] of Object.entries(cases)) {
  test(`the loss of 50 steps is that of PyTorch (${name})`, async () => {
    const { start, losses } = networks[name];
    const found = await lossesOf(problemOf(one), start, 50);
    for (const [step, loss] of found.entries()) {
      // Both are in float32 and sum in another order; what differs grows with the steps.
      const expected = losses[step];
      assert.ok(
        Math.abs(loss - expected) <= 1e-5 * expected,
        `step ${step}: ${loss} where PyTorch has ${expected}`,
      );
    }
    assert.ok(found.at(-1)! < found[0]!, 'something is learned');
  });
}

/** Trains three passes; the parameters after it. */
async function trained(
  problem: TrainingProblem,
  threads: number,
  passes = 3,
): Promise<Map<string, Float32Array>> {
  const trainer = await openTrainer(jobOf(threads), problem);
  for (let pass = 0; pass < passes; pass++) await trainer.epoch();
  const parameters = trainer.parameters();
  await trainer.close();
  return parameters;
}

const withDropout = (): TrainingProblem => ({
  ...problemOf(cases.relu!),
  network: {
    inputShape: [6],
    layers: [dense(10), activation('relu'), { kind: 'dropout', rate: 0.3 }, dense(3)],
  },
  // 48 rows leave a part of a batch.
  batchSize: 13,
  drawSeed: 7,
  shards: 3,
});

test('the parameters are the same to the bit on 1, 2 and 3 threads, with dropout and a part of a batch at the end', async () => {
  const expected = await trained(withDropout(), 1);
  for (const threads of [2, 3]) assert.deepEqual(await trained(withDropout(), threads), expected);
});

test('a normal code is drawn alike on any number of threads, and its divergence is part of the loss', async () => {
  const problem = (penalty: number): TrainingProblem => ({
    ...withDropout(),
    network: { inputShape: [6], layers: [dense(4), { kind: 'normalCode', units: 2, penalty }, dense(3)] },
  });
  const expected = await trained(problem(0.1), 1);
  assert.deepEqual(await trained(problem(0.1), 2), expected);
  const lossOf = async (penalty: number) => {
    const trainer = await openTrainer(jobOf(), problem(penalty));
    const zeros = trainer.plan.memory.parameters.map(
      ({ name, size }) => [name, new Float32Array(size)] as const,
    );
    // Means 0 and logarithms of variances of 0 and log 4: ½ (4 − 1 − log 4) is all the divergence.
    trainer.setParameters(new Map(zeros).set('0.bias', Float32Array.of(0, 0, 0, Math.log(4))));
    const loss = await trainer.evaluate(labels);
    await trainer.close();
    return loss;
  };
  // The loss of scores of 0 for three classes is log 3; float32.
  assert.ok(Math.abs((await lossOf(0)) - Math.log(3)) < 1e-6);
  assert.ok(Math.abs((await lossOf(2)) - Math.log(3) - (3 - Math.log(4))) < 1e-6);
});

test('shards change the sums in the last places only, whatever is drawn', async () => {
  const code: readonly Layer[] = [dense(4), { kind: 'normalCode', units: 2, penalty: 0.1 }, dense(3)];
  for (const layers of [withDropout().network.layers, code]) {
    const problem = (shards: number) => ({ ...withDropout(), network: { inputShape: [6], layers }, shards });
    const [one, three] = [await trained(problem(1), 1), await trained(problem(3), 1)];
    // 12 steps of float32 sums in another order.
    for (const [name, values] of one)
      for (const [i, value] of values.entries())
        assert.ok(Math.abs(value - three.get(name)![i]!) < 1e-5, `${name} ${i}`);
  }
});

test('a training continued from a snapshot ends as if it had never stopped, to the bit', async () => {
  const expected = await trained(withDropout(), 1, 5);
  for (const stop of [1, 4]) {
    const first = await openTrainer(jobOf(), withDropout());
    for (let pass = 0; pass < stop; pass++) await first.epoch();
    const snapshot = structuredClone(first.snapshot());
    await first.close();
    // Another seed: all that is drawn comes from the snapshot.
    const second = await openTrainer(jobOf(), { ...withDropout(), random: new RandomState(99) });
    second.restore(snapshot);
    for (let pass = stop; pass < 5; pass++) await second.epoch();
    assert.deepEqual(second.parameters(), expected);
    await second.close();
  }
});

test('numbers that are no longer finite are reported with the first layer that gave one', async () => {
  const trainer = await openTrainer(jobOf(), { ...problemOf(cases.relu!), optimizer: sgd(1e30) });
  await assert.rejects(
    async () => {
      for (let pass = 0; pass < 3; pass++) await trainer.epoch();
    },
    (error: Error & { code: string }) => {
      assert.equal(error.code, 'train/not-finite');
      assert.match(error.message, /layer \d \((dense|activation)\)/);
      return true;
    },
  );
  await trainer.close();
});

test('what the job throws at a checkpoint ends a pass', async () => {
  let calls = 0;
  const checkpoint = () => {
    calls++;
    if (calls === 3) throw new Error('stop');
  };
  const trainer = await openTrainer(jobOf(1, checkpoint), problemOf(cases.relu!));
  await assert.rejects(trainer.epoch(), /stop/);
  await trainer.close();
});

test('rows of weight 0 do not count, and weights may be in any unit', async () => {
  const half = Float64Array.from({ length: 48 }, (_, i) => (i < 24 ? 1 : 0));
  const order = () => Int32Array.from({ length: 48 }, (_, i) => i);
  const lossOf = async (problem: TrainingProblem, rows: Int32Array) => {
    const trainer = await openTrainer(jobOf(), { ...problem, batchSize: 48, random: new RandomState(0) });
    const loss = await trainer.epoch({ order: rows, shuffle: false });
    await trainer.close();
    return loss;
  };
  const base = problemOf(cases.relu!);
  const expected = await lossOf(base, order().slice(0, 24));
  // Float32 sums in another order.
  const close = (actual: number) =>
    assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} against ${expected}`);
  close(await lossOf({ ...base, weight: half }, order()));
  close(await lossOf({ ...base, weight: half.map((value) => 8 * value) }, order()));
});

test('what a network gives does not depend on the rows beside, and drops nothing', async () => {
  const trainer = await openTrainer(jobOf(), withDropout());
  const all = await trainer.forward(x);
  const part = await trainer.forward(x.take([3, 4]));
  for (const [i, value] of part.entries()) assert.ok(Math.abs(value - all[9 + i]!) < 1e-6);
  await trainer.close();
});

test('a number beyond float32 is refused with its column and row', async () => {
  const large = x.take(Array.from({ length: 48 }, (_, i) => i));
  large.data[13] = 1e39;
  await assert.rejects(
    openTrainer(jobOf(), { ...problemOf(cases.relu!), x: large }),
    /Column '1', row 2: 1e\+39/,
  );
});
