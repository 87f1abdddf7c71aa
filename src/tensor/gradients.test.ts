import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RandomState } from '../core/random.ts';
import { assertGradient, type GradientCase } from './assert-gradient.fixture.ts';
import { evaluator } from './evaluate.fixture.ts';
import * as of from './functions.ts';
import { gradients } from './gradients.ts';
import { opRules } from './ops/op-rules.ts';
import { pictureCases, poolCases } from './places/picture-cases.fixture.ts';
import { addRows, takeRows } from './places/take-rows.ts';
import { windowCounts } from './places/windows.ts';
import { type Op, type Shape, sizeOf, type Tensor } from './tensor.ts';
import { TensorGraph } from './tensor-graph.ts';

const positive = (random: RandomState) => random.uniform(0.5, 2);
/** Away from the kink at 0. */
const offZero = (random: RandomState) => (random.uniform() < 0.5 ? -1 : 1) * random.uniform(0.2, 2);

function indexInput(x: Tensor, shape: Shape): Tensor {
  return x.graph.apply('input', [], { name: 'indices', shape, element: 'index' });
}

/** At least one case for every operation that has a gradient, by the operation it is about. */
const cases: Readonly<Record<Exclude<Op, 'input' | 'parameter' | 'constant'>, readonly GradientCase[]>> = {
  add: [
    { shapes: [[3, 4], [4]], build: of.add },
    {
      shapes: [
        [2, 1, 3],
        [4, 1],
      ],
      build: of.add,
    },
  ],
  subtract: [
    {
      shapes: [
        [3, 1],
        [3, 4],
      ],
      build: of.subtract,
    },
  ],
  multiply: [
    {
      shapes: [
        [3, 4],
        [3, 1],
      ],
      build: of.multiply,
    },
    { shapes: [[2, 3]], build: (x) => of.multiply(x, x) },
  ],
  divide: [{ shapes: [[3, 4], [4]], build: of.divide, draw: positive }],
  greater: [{ shapes: [[5], [5]], build: (x, y) => of.where(of.greater(x, 0.1), of.multiply(x, y), y) }],
  where: [{ shapes: [[3, 4], [4]], build: (x, y) => of.where(of.greater(x, 0.1), x, y) }],
  negative: [{ shapes: [[5]], build: of.negative }],
  exp: [{ shapes: [[5]], build: of.exp }],
  log: [{ shapes: [[5]], build: of.log, draw: positive }],
  sqrt: [{ shapes: [[5]], build: of.sqrt, draw: positive }],
  power: [{ shapes: [[5]], build: (x) => of.power(x, 2.5), draw: positive }],
  relu: [{ shapes: [[3, 4]], build: of.relu, draw: offZero }],
  step: [{ shapes: [[6]], build: (x) => of.multiply(of.step(x), x), draw: offZero }],
  tanh: [{ shapes: [[5]], build: of.tanh }],
  logistic: [{ shapes: [[5]], build: of.logistic }],
  softplus: [{ shapes: [[5]], build: of.softplus }],
  erf: [{ shapes: [[5]], build: of.erf, real: 'float32' }],
  gelu: [{ shapes: [[5]], build: of.gelu, real: 'float32' }],
  geluSlope: [],
  matmul: [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB): GradientCase[] =>
      [[], [2]].map((outer) => ({
        shapes: [
          [...outer, ...(transposeA ? [4, 3] : [3, 4])],
          [...outer, ...(transposeB ? [2, 4] : [4, 2])],
        ],
        build: (a, b) => of.matmul(a, b, { transposeA, transposeB }),
      })),
    ),
  ),
  affine: [
    { shapes: [[5, 3], [3, 2], [2]], build: of.affine },
    {
      shapes: [
        [5, 3],
        [3, 2],
        [5, 2],
      ],
      build: of.affine,
    },
  ],
  sumRows: [{ shapes: [[4, 3]], build: of.sumRows }],
  transpose: [
    { shapes: [[2, 3, 4]], build: (x) => of.transpose(x, [2, 0, 1]) },
    { shapes: [[2, 3]], build: (x) => of.transpose(x) },
  ],
  reshape: [{ shapes: [[2, 6]], build: (x) => of.reshape(x, [3, 4]) }],
  broadcast: [
    { shapes: [[3, 1]], build: (x) => of.broadcast(x, [2, 3, 4]) },
    { shapes: [[4]], build: (x) => of.broadcast(x, [3, 4]) },
  ],
  slice: [{ shapes: [[3, 5]], build: (x) => of.slice(x, 1, 1, 4) }],
  pad: [{ shapes: [[3, 2]], build: (x) => of.pad(x, 1, 2, 1) }],
  concat: [
    {
      shapes: [
        [3, 2],
        [3, 1],
        [3, 3],
      ],
      build: (...x) => of.concat(x, 1),
    },
  ],
  sum: [
    { shapes: [[2, 3, 4]], build: (x) => of.sum(x, { axes: [0, 2] }) },
    { shapes: [[2, 3]], build: (x) => of.mean(x, { axes: [1], keepDims: true }) },
    { shapes: [[2, 3]], build: (x) => of.mean(x) },
  ],
  max: [
    { shapes: [[3, 4]], build: (x) => of.max(x, { axes: [0] }) },
    { shapes: [[2, 3, 4]], build: (x) => of.max(x, { axes: [0, 2], keepDims: true }) },
  ],
  firstMax: [{ shapes: [[3, 4]], build: (x) => of.multiply(x.graph.apply('firstMax', [x], {}), x) }],
  softmax: [{ shapes: [[3, 4]], build: of.softmax }],
  standardize: [{ shapes: [[2, 3, 4]], build: (x) => of.standardize(x, 1e-5) }],
  inverseDeviation: [],
  layerNorm: [
    { shapes: [[3, 4], [4], [4]], build: (x, scale, shift) => of.layerNorm(x, scale, shift, 1e-5) },
  ],
  logSoftmax: [{ shapes: [[3, 4]], build: of.logSoftmax }],
  gather: [{ shapes: [[4, 3]], build: (x) => of.gather(x, indexInput(x, [2, 3])) }],
  scatterRows: [{ shapes: [[2, 3, 4]], build: (x) => of.scatterRows(x, indexInput(x, [2, 3]), 5) }],
  toIndex: [{ shapes: [[4, 3]], build: (x) => of.gather(x, of.toIndex(of.constant(x, [2, 0, 2], [3]))) }],
  oneHot: [{ shapes: [[3, 4]], build: (x) => of.multiply(x, of.oneHot(indexInput(x, [3]), 4)) }],
  takeRows: [
    { shapes: [[4, 3]], build: (x) => takeRows(x, [2, -1, 0, 2, 2, 3]) },
    { shapes: [[3, 2]], build: (x) => takeRows(x, [2, 0, 1]) },
    { shapes: [[5, 2]], build: (x) => takeRows(x, [1, 2, 3]) },
    { shapes: [[3, 2]], build: (x) => addRows(x, [1, 1, -1], 4) },
  ],
  maxPlanes: [{ shapes: [[5, 7]], build: (x) => x.graph.apply('maxPlanes', [x], {}) }],
  maxPlanesInput: [],
  normalizeColumns: [
    {
      shapes: [[6, 3], [3], [3]],
      build(x, scale, shift) {
        const centred = of.subtract(x, of.multiply(of.sumRows(x), 1 / 6));
        const variance = of.multiply(of.sumRows(of.square(centred)), 1 / 6);
        const inverse = of.divide(of.constant(x, 1), of.sqrt(of.add(variance, 1e-3)));
        return x.graph.apply('normalizeColumns', [x, centred, inverse, scale, shift], {});
      },
    },
  ],
  convolution: pictureCases.map(({ x, weights, attributes }) => ({
    shapes: [x, weights],
    build: (x, w) => of.convolution(x, w, attributes),
    real: 'float32',
  })),
  convolutionInput: pictureCases.map(({ x, weights, attributes }) => ({
    shapes: [[x[0]!, weights[0]!, ...windowCounts(x.slice(2), attributes)], weights],
    build: (dy, w) => of.convolutionInput(dy, w, attributes, x.slice(2)),
    real: 'float32',
  })),
  maxPool: poolCases.map(({ x, windows }) => ({ shapes: [x], build: (x) => of.maxPool(x, windows) })),
  averagePool: poolCases.flatMap(({ x, windows }) =>
    [true, false].map((countsOutside) => ({
      ...{ shapes: [x], real: 'float32', build: (x) => of.averagePool(x, windows, countsOutside) },
    })),
  ),
};

test('every operation that has a gradient has a case here', () => {
  for (const [op, rule] of Object.entries(opRules))
    assert.ok(rule.gradient === 'none' || cases[op as keyof typeof cases].length > 0, op);
});

for (const [op, list] of Object.entries(cases)) {
  for (const [i, one] of list.entries()) {
    test(`the gradient of ${op} is that of finite differences (${i + 1})`, () => assertGradient(one));
  }
}

test('among equals the gradient of max goes to the first', async () => {
  const graph = new TensorGraph();
  const x = graph.parameter('x', [2, 3]);
  const [dx] = gradients(graph, of.sum(of.max(x, { axes: [1] })), [x]);
  const { run, close } = await evaluator(graph, { dx: dx! });
  assert.deepEqual((await run({ x: [1, 2, 2, 3, 3, 3] })).dx, [0, 1, 0, 1, 0, 0]);
  await close();
});

test('what a tensor gives to several results adds up', async () => {
  const graph = new TensorGraph();
  const x = graph.parameter('x', [2]);
  const [dx] = gradients(graph, of.sum(of.add(of.multiply(x, x), of.multiply(x, 3))), [x]);
  const { run, close } = await evaluator(graph, { dx: dx! });
  assert.deepEqual((await run({ x: [1, 5] })).dx, [5, 13]);
  await close();
});

test('gradients of slices are put side by side, and those of a weight of many steps are one product', async () => {
  const graph = new TensorGraph();
  const [x, w] = [graph.parameter('x', [6, 2, 3]), graph.parameter('w', [3, 3])];
  const bias = graph.parameter('b', [3]);
  // The first place is left out, and the last two are taken together.
  const places = [1, 2, 3].map((at) => of.reshape(of.slice(x, 0, at, at + 1), [2, 3]));
  const steps = places.reduce((h, place) => of.tanh(of.add(of.affine(h, w, bias), place)), places[0]!);
  const end = of.reshape(of.slice(x, 0, 4, 6), [4, 3]);
  const loss = of.add(of.sum(of.square(steps)), of.sum(of.exp(end)));
  const by = gradients(graph, loss, [x, w, bias]);
  const count = (op: string) => graph.nodes.filter((node) => node.op === op).length;
  // Of five slices, each of which pads: one for the place that is left out is built on top.
  assert.deepEqual([count('slice'), count('pad'), count('concat')], [4, 5, 4]);
  await assertDirections(graph, loss, { x, w, b: bias }, by);
});

/** Compares gradients with central differences along each number. */
async function assertDirections(
  graph: TensorGraph,
  loss: Tensor,
  inputs: Readonly<Record<string, Tensor>>,
  by: readonly Tensor[],
) {
  const names = Object.keys(inputs);
  const outputs = Object.fromEntries(names.map((name, i) => [`d${name}`, by[i]!]));
  const { run, close } = await evaluator(graph, { loss, ...outputs });
  const values = Object.fromEntries(
    names.map((name, i) => [
      name,
      Float64Array.from({ length: sizeOf(inputs[name]!.shape) }, (_, j) => Math.sin(i + 2 * j)),
    ]),
  );
  const at = await run(values);
  for (const name of names) {
    for (const [j, value] of values[name]!.entries()) {
      const lossAt = async (step: number) =>
        (await run({ ...values, [name]: values[name]!.with(j, value + step) })).loss![0]!;
      const numeric = ((await lossAt(1e-4)) - (await lossAt(-1e-4))) / 2e-4;
      // Central differences are off by h² f‴ and by rounding / h.
      assert.ok(Math.abs(numeric - at[`d${name}`]![j]!) < 1e-6, `${name} ${j}`);
    }
  }
  await close();
}

test('shapes that do not fit are refused with the operation, the layer and both shapes', () => {
  const graph = new TensorGraph();
  const x = graph.input('x', [2, 3]);
  const refused = (build: () => unknown, ...mentions: string[]) =>
    assert.throws(build, (error: Error & { code: string }) => {
      assert.equal(error.code, 'tensor/shape');
      for (const mention of mentions) assert.ok(error.message.includes(mention), error.message);
      return true;
    });
  refused(() => of.add(x, graph.input('y', [4])), 'add', '[2, 3]', '[4]');
  refused(() => of.matmul(x, x), 'matmul', '[2, 3]', '3 and 2');
  refused(() => of.reshape(x, [4]), 'reshape', '[4]');
  refused(
    () =>
      graph.within("'dense 2'", () => of.affine(x, graph.parameter('w', [4, 5]), graph.parameter('b', [5]))),
    "Layer 'dense 2'",
    '3 columns',
    'for 4',
  );
  refused(() => gradients(graph, x, [x]), '[2, 3]');
});

test('a graph survives JSON', async () => {
  const graph = new TensorGraph();
  const y = of.relu(
    of.affine(graph.input('x', [1, 2]), graph.parameter('w', [2, 2]), graph.parameter('b', [2])),
  );
  const copy = new TensorGraph();
  copy.nodes.push(...JSON.parse(JSON.stringify(graph.nodes)));
  const { run, close } = await evaluator(copy, { y: copy.tensor(y.id) });
  assert.deepEqual((await run({ x: [1, 2], w: [1, -1, 1, -1], b: [0.5, 0.5] })).y, [3.5, 0]);
  await close();
});
