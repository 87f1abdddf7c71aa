import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Matrix } from '../../../core/matrix.ts';
import { RandomState } from '../../../core/random.ts';
import type { Job } from '../../../jobs/job.ts';
import { Team } from '../../../kernels/host/team.ts';
import { sizeOf } from '../../../tensor/tensor.ts';
import { type Network, networkParameters } from '../../network.ts';
import { adam, sgd } from '../../optimizers/optimizers.ts';
import type { Optimizer } from '../../optimizers/transforms.ts';
import { openTrainer, type Trainer } from '../../train/open-trainer.ts';
import type { Layer } from '../layer.ts';

const { data, targets, networks } = JSON.parse(
  readFileSync(new URL('../../../../parity/fixtures/cnn_training.json', import.meta.url), 'utf8'),
);

const teams = new Map<number, Team>();
after(() => Promise.all([...teams.values()].map((team) => team.close())));

function jobOf(threads = 1): Job {
  const team = teams.get(threads) ?? new Team(threads);
  teams.set(threads, team);
  team.arena.release();
  const call = () => Promise.reject(new Error('No function is called here.'));
  return { threads, team, checkpoint: () => {}, progress: () => {}, warn: () => {}, call };
}

const relu: Layer = { kind: 'activation', function: 'relu' };
const dense = (units: number): Layer => ({ kind: 'dense', units });
const batchNorm: Layer = { kind: 'batchNorm' };
const conv = (filters: number, rest: Partial<Layer & { kind: 'conv2d' }> = {}): Layer => ({
  ...{ kind: 'conv2d', filters, kernelSize: 3, padding: 'same', ...rest },
});

const cases: Readonly<Record<string, Network>> = {
  plain: {
    inputShape: [1, 8, 8],
    layers: [
      ...[conv(8, { useBias: false }), batchNorm, relu, { kind: 'maxPool2d', size: 2 } as const],
      ...[conv(8), relu, { kind: 'maxPool2d', size: 2 } as const],
      ...[{ kind: 'flatten' } as const, batchNorm, dense(8), relu, dense(3)],
    ],
  },
  residual: {
    inputShape: [3, 7, 9],
    layers: [
      ...[conv(8, { stride: 2 }), { kind: 'groupNorm', groups: 2 } as const, relu],
      {
        kind: 'residual',
        layers: [
          conv(8, { useBias: false }),
          { kind: 'batchNorm', momentum: 0.2, epsilon: 1e-3 },
          ...[relu, conv(12, { useBias: false }), batchNorm],
        ],
        shortcut: [conv(12, { kernelSize: 1, useBias: false }), batchNorm],
      },
      relu,
      { kind: 'maxPool2d', size: 3, stride: 1, padding: 1 },
      { kind: 'depthwiseConv2d', kernelSize: 3, padding: 'same', dilation: 2 },
      ...[relu, conv(6, { groups: 3 }), relu],
      { kind: 'convTranspose2d', filters: 4, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1 },
      ...[relu, { kind: 'avgPool2d', size: 3, stride: 2, padding: 1 } as const],
      ...[{ kind: 'globalAvgPool' } as const, dense(3)],
    ],
  },
  sequence: {
    inputShape: [2, 12],
    layers: [
      { kind: 'conv1d', filters: 8, kernelSize: 3, padding: 'same' },
      ...[relu, { kind: 'avgPool1d', size: 2, stride: 1 } as const],
      { kind: 'conv1d', filters: 9, kernelSize: 3, stride: 2, padding: 1, useBias: false },
      ...[batchNorm, relu, { kind: 'maxPool1d', size: 2 } as const],
      ...[{ kind: 'globalMaxPool' } as const, dense(3)],
    ],
  },
};

const optimizers: Readonly<Record<string, Optimizer>> = {
  plain: sgd(0.01, { momentum: 0.9 }),
  residual: adam(0.003),
  sequence: adam(0.003),
};

function rowsOf(name: string): { readonly x: Matrix; readonly target: Int32Array } {
  const columns = sizeOf(cases[name]!.inputShape);
  return {
    x: new Matrix({ rows: 48, columns, data: Float64Array.from(data[name]) }),
    target: Int32Array.from(targets[name]),
  };
}

/** With the weights that PyTorch began with; buffers begin alike. */
async function trainerOf(name: string, threads = 1, shards = 1): Promise<Trainer> {
  const network = cases[name]!;
  const trainer = await openTrainer(jobOf(threads), {
    ...{ network, loss: { kind: 'crossEntropy' }, optimizer: optimizers[name]!, ...rowsOf(name) },
    ...{ batchSize: 16, random: new RandomState(0), shards },
  });
  const trained = networkParameters(network).filter(({ isBuffer }) => !isBuffer);
  assert.equal(trained.length, networks[name].start.length);
  trainer.setParameters(new Map(trained.map((one, i) => [one.name, networks[name].start[i]])));
  return trainer;
}

async function steps(trainer: Trainer, count: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = 0; step < count; step++) {
    const order = Int32Array.from({ length: 16 }, (_, i) => ((16 * step) % 48) + i);
    losses.push(await trainer.epoch({ order, shuffle: false }));
  }
  return losses;
}

for (const name of Object.keys(cases)) {
  test(`the loss of 50 steps of a convolutional network is that of PyTorch, and so are its predictions (${name})`, async () => {
    const trainer = await trainerOf(name);
    const losses = await steps(trainer, 50);
    for (const [step, loss] of losses.entries()) {
      const expected = networks[name].losses[step];
      // PyTorch is in float64 here; what float32 rounds away grows with the steps.
      assert.ok(
        Math.abs(loss - expected) <= 1e-5 * expected,
        `step ${step}: ${loss} where PyTorch has ${expected}`,
      );
    }
    assert.ok(losses.at(-1)! < losses[0]!, 'something is learned');
    // By running statistics, where there are any.
    const found = await trainer.forward(rowsOf(name).x.take([0, 1, 2, 3, 4]));
    for (const [i, value] of found.entries()) {
      const expected = networks[name].predictions[i];
      // What float32 rounds away in 50 steps, in scores of about 1.
      assert.ok(Math.abs(value - expected) <= 1e-4, `${i}: ${value} where PyTorch has ${expected}`);
    }
    await trainer.close();
  });
}

test('a convolutional network has the same bits on any number of threads, running statistics included', async () => {
  const parameters = async (threads: number) => {
    const trainer = await trainerOf('residual', threads, 2);
    await steps(trainer, 5);
    const found = trainer.parameters();
    await trainer.close();
    return found;
  };
  assert.deepEqual(await parameters(2), await parameters(1));
});

test('a batch in shards is normalised shard by shard, and running statistics take the mean of the shards', async () => {
  const x = new Matrix({ rows: 3, columns: 1, data: Float64Array.of(1, 3, 8) });
  const trainer = await openTrainer(jobOf(), {
    ...{ network: { inputShape: [1], layers: [batchNorm] }, loss: { kind: 'squaredError' }, x },
    ...{
      target: new Float64Array(3),
      optimizer: adam(0),
      batchSize: 3,
      random: new RandomState(0),
      shards: 2,
    },
  });
  const loss = await trainer.epoch({ shuffle: false });
  // Of shards 1 and 3, 8 a single row is 0, and two rows are ±1 but for epsilon.
  assert.ok(Math.abs(loss - (0.5 * (0 + 1 + 1)) / 3) < 1e-5, `${loss}`);
  const found = trainer.parameters();
  // Means 1 and 5.5, variances with n − 1: 0 of one row, 12.5 of two.
  const near = (name: string, expected: number) =>
    assert.ok(Math.abs(found.get(name)![0]! - expected) < 1e-6, `${name}: ${found.get(name)}`);
  near('0.runningMean', 0.1 * ((1 * 1 + 2 * 5.5) / 3));
  near('0.runningVariance', 0.9 + 0.1 * ((2 * 12.5) / 3));
  await trainer.close();
});

test('a snapshot keeps running statistics, so that a training goes on to the same bits', async () => {
  const whole = await trainerOf('plain');
  await steps(whole, 6);
  const first = await trainerOf('plain');
  await steps(first, 3);
  const snapshot = structuredClone(first.snapshot());
  await first.close();
  const second = await trainerOf('plain');
  second.restore(snapshot);
  // The next batches are those of steps 3 to 5, which begin the rows anew.
  await steps(second, 3);
  assert.deepEqual(second.parameters(), whole.parameters());
  await second.close();
  await whole.close();
});
