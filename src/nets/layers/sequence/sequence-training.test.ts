import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Matrix } from '../../../core/matrix.ts';
import { RandomState } from '../../../core/random.ts';
import type { Job } from '../../../jobs/job.ts';
import { Team } from '../../../kernels/host/team.ts';
import type { Loss } from '../../losses/loss.ts';
import { networkParameters } from '../../network.ts';
import { adam, sgd } from '../../optimizers/optimizers.ts';
import type { Optimizer } from '../../optimizers/transforms.ts';
import { openTrainer } from '../../train/open-trainer.ts';
import type { Layer } from '../layer.ts';

const { data, networks } = JSON.parse(
  readFileSync(new URL('../../../../parity/fixtures/sequence_training.json', import.meta.url), 'utf8'),
);

const [team, pair] = [new Team(1), new Team(2)];
after(() => Promise.all([team.close(), pair.close()]));

function jobOf(threads: 1 | 2 = 1): Job {
  const own = threads === 1 ? team : pair;
  own.arena.release();
  const call = () => Promise.reject(new Error('No function is called here.'));
  return { threads, team: own, checkpoint: () => {}, progress: () => {}, warn: () => {}, call };
}

/** Which parameter of PyTorch's is which of ours, by what their names begin with. */
type Names = Readonly<Record<string, string>>;

const dense = (ours: number, theirs: string): Names => ({
  [`${ours}.weights`]: `${theirs}.weight`,
  [`${ours}.bias`]: `${theirs}.bias`,
});
const tableNames: Names = { '0.weights': 'table.weight' };

function recurrentNames(ours: number, layers: number, directions: readonly string[]): Names {
  const parts = {
    inputWeights: 'weight_ih',
    recurrentWeights: 'weight_hh',
    inputBias: 'bias_ih',
    recurrentBias: 'bias_hh',
  };
  return Object.fromEntries(
    Array.from({ length: layers }, (_, layer) =>
      directions.flatMap((direction) =>
        Object.entries(parts).map(([own, other]) => [
          `${ours}.${layer}.${direction === '' ? '' : 'reverse.'}${own}`,
          `rnn.${other}_l${layer}${direction}`,
        ]),
      ),
    ).flat(),
  );
}

/** @param before Whether the block normalises before its parts. */
function blockNames(ours: number, theirs: string, before: boolean): Names {
  const [first, second] = before ? ['0.layers.0', '0.layers.0'] : ['1', '1'];
  const [attention, wide, narrow] = before
    ? ['0.layers.1', '0.layers.1', '0.layers.4']
    : ['0.layers.0', '0.layers.0', '0.layers.3'];
  const norm = (part: string, own: string, other: string) => ({
    [`${ours}.${part}.${own}.scale`]: `${theirs}.${other}.weight`,
    [`${ours}.${part}.${own}.shift`]: `${theirs}.${other}.bias`,
  });
  const within = (own: string, other: string) => ({
    [`${ours}.feedForward.${own}.weights`]: `${theirs}.${other}.weight`,
    [`${ours}.feedForward.${own}.bias`]: `${theirs}.${other}.bias`,
  });
  return {
    ...norm('attention', first, 'norm1'),
    [`${ours}.attention.${attention}.inputWeights`]: `${theirs}.self_attn.in_proj_weight`,
    [`${ours}.attention.${attention}.inputBias`]: `${theirs}.self_attn.in_proj_bias`,
    [`${ours}.attention.${attention}.outputWeights`]: `${theirs}.self_attn.out_proj.weight`,
    [`${ours}.attention.${attention}.outputBias`]: `${theirs}.self_attn.out_proj.bias`,
    ...norm('feedForward', second, 'norm2'),
    ...within(wide, 'linear1'),
    ...within(narrow, 'linear2'),
  };
}

interface Case {
  readonly layers: readonly Layer[];
  readonly names: Names;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly x: readonly (readonly number[])[];
  readonly target: Float64Array | Int32Array;
  readonly inputShape: readonly number[];
}

const series = Array.from({ length: 32 }, (_, row) =>
  (data.series as number[]).slice(18 * row, 18 * row + 18),
);
const labels = Int32Array.from(data.classes as number[]);
const following = Int32Array.from((data.following as number[][]).flat());
const sums = Float64Array.from(data.sums as number[]);
const crossEntropy: Loss = { kind: 'crossEntropy' };
const momentum = sgd(0.1, { momentum: 0.9 });

const cases: Readonly<Record<string, Case>> = {
  lstm: {
    layers: [
      { kind: 'embedding', levels: 9, units: 5 },
      { kind: 'lstm', units: 6 },
      { kind: 'dense', units: 3 },
    ],
    names: { ...tableNames, ...recurrentNames(1, 1, ['']), ...dense(2, 'out') },
    ...{ loss: crossEntropy, optimizer: momentum, x: data.tokens, target: labels, inputShape: [6] },
  },
  lstmDeep: {
    layers: [
      { kind: 'lstm', units: 4, layers: 2, bidirectional: true, returns: 'all' },
      { kind: 'poolTime' },
      { kind: 'dense', units: 1 },
    ],
    names: { ...recurrentNames(0, 2, ['', '_reverse']), ...dense(2, 'out') },
    ...{
      loss: { kind: 'meanSquaredError' },
      optimizer: adam(0.01),
      x: series,
      target: sums,
      inputShape: [6, 3],
    },
  },
  lstmPadded: {
    layers: [
      { kind: 'embedding', levels: 9, units: 5, paddingIndex: 0 },
      { kind: 'lstm', units: 4, bidirectional: true },
      { kind: 'dense', units: 3 },
    ],
    names: { ...tableNames, ...recurrentNames(1, 1, ['', '_reverse']), ...dense(2, 'out') },
    ...{ loss: crossEntropy, optimizer: adam(0.01), x: data.padded, target: labels, inputShape: [6] },
  },
  gru: {
    layers: [
      { kind: 'gru', units: 4, layers: 2, bidirectional: true },
      { kind: 'dense', units: 1 },
    ],
    names: { ...recurrentNames(0, 2, ['', '_reverse']), ...dense(1, 'out') },
    ...{ loss: { kind: 'huber' }, optimizer: adam(0.01), x: series, target: sums, inputShape: [6, 3] },
  },
  encoderPadded: {
    layers: [
      { kind: 'embedding', levels: 9, units: 8, paddingIndex: 0 },
      { kind: 'position' },
      { kind: 'transformerBlock', heads: 2, hiddenUnits: 16, activation: 'relu', norm: 'after' },
      { kind: 'poolTime' },
      { kind: 'dense', units: 3 },
    ],
    names: { ...tableNames, '1.weights': 'place', ...blockNames(2, 'block', false), ...dense(4, 'out') },
    ...{
      loss: crossEntropy,
      optimizer: sgd(0.03, { momentum: 0.9 }),
      x: data.padded,
      target: labels,
      inputShape: [6],
    },
  },
  gpt: {
    layers: [
      { kind: 'embedding', levels: 9, units: 8 },
      { kind: 'position' },
      ...[1, 2].map((): Layer => ({ kind: 'transformerBlock', heads: 2, hiddenUnits: 16, causal: true })),
      { kind: 'layerNorm' },
      { kind: 'dense', units: 9 },
    ],
    names: {
      ...{ ...tableNames, '1.weights': 'place', '4.scale': 'norm.weight', '4.shift': 'norm.bias' },
      ...{ ...blockNames(2, 'first', true), ...blockNames(3, 'second', true), ...dense(5, 'out') },
    },
    ...{
      loss: crossEntropy,
      optimizer: adam(0.005),
      x: data.tokens,
      target: following,
      inputShape: [6],
    },
  },
};

for (const [name, one] of Object.entries(cases)) {
  test(`the loss of 50 steps is that of PyTorch (${name})`, async () => {
    const { start, losses } = networks[name];
    const network = { inputShape: one.inputShape, layers: one.layers };
    const x = new Matrix({ rows: 32, columns: one.x[0]!.length, data: Float64Array.from(one.x.flat()) });
    const random = new RandomState(0);
    const parameters = new Map(
      networkParameters(network).map(({ name: own }) => [own, start[one.names[own]!] as number[]]),
    );
    assert.equal(parameters.size, Object.keys(start).length);
    const { loss, optimizer, target } = one;
    const trainer = await openTrainer(jobOf(), {
      network,
      loss,
      optimizer,
      x,
      target,
      batchSize: 8,
      random,
      parameters,
    });
    for (const [step, expected] of (losses as number[]).entries()) {
      const order = Int32Array.from({ length: 8 }, (_, i) => ((8 * step) % 32) + i);
      const found = await trainer.epoch({ order, shuffle: false });
      // Both are in float32 and sum in another order; what differs grows with the steps.
      assert.ok(
        Math.abs(found - expected) <= 1e-5 * expected,
        `step ${step}: ${found} where PyTorch has ${expected}`,
      );
    }
    await trainer.close();
    assert.ok(losses.at(-1) < losses[0], 'something is learned');
  });
}

test('what is dropped depends neither on threads, to the bit, nor on the parts of a batch', async () => {
  const layers: Layer[] = [
    { kind: 'embedding', levels: 9, units: 8, paddingIndex: 0 },
    { kind: 'transformerBlock', heads: 2, dropout: 0.3 },
    { kind: 'lstm', units: 4, layers: 2, dropout: 0.4 },
    { kind: 'dense', units: 3 },
  ];
  const x = new Matrix({ rows: 32, columns: 6, data: Float64Array.from((data.padded as number[][]).flat()) });
  const trained = async (shards: number, threads: 1 | 2) => {
    const trainer = await openTrainer(jobOf(threads), {
      ...{ network: { inputShape: [6], layers }, loss: crossEntropy, optimizer: momentum },
      ...{ x, target: labels, batchSize: 16, random: new RandomState(0), shards },
    });
    for (let pass = 0; pass < 2; pass++) await trainer.epoch();
    const parameters = trainer.parameters();
    await trainer.close();
    return parameters;
  };
  const expected = await trained(3, 1);
  assert.deepEqual(await trained(3, 2), expected);
  // Four steps of float32 sums in another order.
  for (const [name, values] of await trained(1, 1))
    for (const [i, value] of values.entries())
      assert.ok(Math.abs(value - expected.get(name)![i]!) < 1e-5, `${name} ${i}`);
});
