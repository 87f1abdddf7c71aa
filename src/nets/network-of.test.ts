import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { evaluator } from '../tensor/evaluate.fixture.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { TensorGraph } from '../tensor/tensor-graph.ts';
import { layerSchema } from './layers/layer-schema.ts';
import { buildNetwork, initialParameters, type Network, outputShape } from './network.ts';
import { networkOf } from './network-of.ts';
import { networkTable } from './network-table.ts';

/** What a network gives for rows, in float64. */
async function run(
  network: Network,
  x: readonly (readonly number[])[],
  parameters: Readonly<Record<string, readonly number[]>> = {},
): Promise<number[][]> {
  const graph = new TensorGraph();
  const given = buildNetwork(graph, network, graph.input('x', [x.length, ...network.inputShape]), 'predict');
  const session = await evaluator(graph, { output: given.output });
  const own = Object.fromEntries(
    [...initialParameters(network, new RandomState(0))].map(([name, values]) => [name, [...values]]),
  );
  const { output } = await session.run({ ...own, ...parameters, x: x.flat() });
  await session.close();
  const width = sizeOf(outputShape(network));
  return x.map((_, i) => output!.slice(i * width, (i + 1) * width));
}

const close = (found: readonly number[], expected: readonly number[]) => {
  assert.equal(found.length, expected.length);
  // Sums of some products in float64.
  for (const [i, value] of found.entries())
    assert.ok(Math.abs(value - expected[i]!) < 1e-12, `${found} against ${expected}`);
};

const rows = [
  [1, -2, 3, 0.5],
  [-0.5, 4, 0.25, -1],
];

test('a function of tensors is computed for each row', async () => {
  const network = networkOf([4], (x, { add, multiply, relu, slice, concat, negative, sum }) => {
    const [first, rest] = [slice(x, 0, 0, 2), slice(x, 0, 2, 4)];
    const product = multiply(first, rest);
    return concat([relu(x), add(product, 10), sum(negative(x), { keepDims: true })]);
  });
  assert.deepEqual(outputShape(network), [7]);
  const found = await run(network, rows);
  for (const [i, x] of rows.entries()) {
    const [a, b, c, d] = x as [number, number, number, number];
    close(found[i]!, [...x.map((value) => Math.max(0, value)), a * c + 10, b * d + 10, -(a + b + c + d)]);
  }
});

test('every operation of numbers is the one of Math', async () => {
  const positive = rows.map((row) => row.map((value) => Math.abs(value) + 0.25));
  const network = networkOf([4], (x, f) =>
    f.concat([
      ...[
        f.exp(x),
        f.log(x),
        f.sqrt(x),
        f.square(x),
        f.power(x, 1.5),
        f.tanh(x),
        f.logistic(x),
        f.softplus(x),
      ],
      ...[f.absolute(f.subtract(x, 1)), f.maximum(x, 1), f.minimum(1, x), f.divide(1, x)],
      f.select(f.subtract(x, 1), x, -7),
    ]),
  );
  const found = await run(network, positive);
  for (const [i, x] of positive.entries()) {
    const each = (apply: (value: number) => number) => x.map(apply);
    close(found[i]!, [
      ...[...each(Math.exp), ...each(Math.log), ...each(Math.sqrt), ...each((v) => v * v)],
      ...[...each((v) => v ** 1.5), ...each(Math.tanh), ...each((v) => 1 / (1 + Math.exp(-v)))],
      ...[
        ...each((v) => Math.log1p(Math.exp(v))),
        ...each((v) => Math.abs(v - 1)),
        ...each((v) => Math.max(v, 1)),
      ],
      ...[...each((v) => Math.min(v, 1)), ...each((v) => 1 / v), ...each((v) => (v > 1 ? v : -7))],
    ]);
  }
});

test('shapes and axes are those of one example, and shapes of fewer dimensions are repeated', async () => {
  const network = networkOf([2, 3], (x, { mean, subtract, transpose, reshape, max, concat, slice }) => {
    const columns = mean(x, { axes: [0] });
    const spread = subtract(x, columns);
    const largest = max(x, { axes: [-1] });
    return concat([reshape(transpose(spread), [6]), largest, reshape(slice(x, -1, 0, 1), [2])]);
  });
  const [found] = await run(network, [[1, 2, 3, 5, 1, 0]]);
  close(found!, [-2, 2, 0.5, -0.5, 1.5, -1.5, 3, 5, 1, 5]);
});

test('matrices are multiplied with those of other values and with parameters, from either side', async () => {
  const network = networkOf([2, 3], (x, { matmul, parameter, reshape, concat }) => {
    const w = parameter('w', [3, 2]);
    const v = parameter('v', [2, 2]);
    const flat = (of: ReturnType<typeof matmul>) => reshape(of, [of.shape[0]! * of.shape[1]!]);
    return concat([
      flat(matmul(x, w)),
      flat(matmul(v, x)),
      flat(matmul(x, x, { transposeB: true })),
      flat(matmul(v, x, { transposeA: true })),
      flat(matmul(w, x, { transposeA: true, transposeB: true })),
    ]);
  });
  const w = [1, 0, 2, -1, 0, 3];
  const v = [1, 2, 3, 4];
  const x = [1, 2, 3, 4, 5, 6];
  const [found] = await run(network, [x], { '0.w': w, '0.v': v });
  close(found!, [
    ...[5, 7, 14, 13],
    ...[9, 12, 15, 19, 26, 33],
    ...[14, 32, 32, 77],
    ...[13, 17, 21, 18, 24, 30],
    // Wᵀ Xᵀ = (X W)ᵀ
    ...[5, 14, 7, 13],
  ]);
});

test('a parameter can be put before what there is for each example', async () => {
  const network = networkOf([2, 2], (x, { concat, parameter, reshape }) =>
    reshape(concat([parameter('token', [1, 2]), x], 0), [6]),
  );
  const infinite = Number.POSITIVE_INFINITY;
  const found = await run(
    network,
    [
      [1, 2, 3, 4],
      [infinite, 6, 7, 8],
    ],
    { '0.token': [9, 10] },
  );
  assert.deepEqual(found, [
    [9, 10, 1, 2, 3, 4],
    [9, 10, infinite, 6, 7, 8],
  ]);
});

test('a shared layer has the same parameters wherever it is used', async () => {
  const network = networkOf([4], (x, { share, slice, subtract, absolute, dense }) => {
    const tower = share({ kind: 'dense', units: 3 });
    const apart = absolute(subtract(tower(slice(x, 0, 0, 2)), tower(slice(x, 0, 2, 4))));
    return dense(apart, { units: 1 });
  });
  assert.deepEqual(
    [...initialParameters(network, new RandomState(0)).keys()],
    ['0.0.weights', '0.0.bias', '0.1.weights', '0.1.bias'],
  );
  // The distance does not depend on which comes first.
  const [one, other, same] = await run(network, [
    [1, 2, 3, 4],
    [3, 4, 1, 2],
    [5, 6, 5, 6],
  ]);
  assert.deepEqual(one, other);
  assert.notDeepEqual(one, same);
  assert.throws(
    () =>
      outputShape(
        networkOf([2, 4, 4], (x, { share, add }) => {
          const norm = share({ kind: 'batchNorm' });
          return add(norm(x), norm(x));
        }),
      ),
    /cannot be used again here: it has statistics of its own/,
  );
});

test('the table lists what each step gives and its parameters', () => {
  const network = networkOf([2, 8], (x, { share, dense, add, multiply, parameter, flatten }) => {
    const tower = share({ kind: 'dense', units: 8 });
    return dense(flatten(multiply(add(tower(x), tower(x)), parameter('gain', [8]))), { units: 3 });
  });
  assert.equal(
    networkTable(network),
    [
      'layer             shape  parameters',
      'input            [2, 8]',
      '1.1 (dense)      [2, 8]          72',
      '1.2 (dense)      [2, 8]           0',
      '1.3 (add)        [2, 8]           0',
      '1.4 (parameter)     [8]           8',
      '1.5 (multiply)   [2, 8]           0',
      '1.6 (flatten)      [16]           0',
      '1.7 (dense)         [3]          51',
      'total                           131',
    ].join('\n'),
  );
});

test('what is described is plain data that passes the check of layers', () => {
  const network = networkOf([4, 2], (x, { lstm, attention, add, layerNorm, parameter }) =>
    lstm(
      add(layerNorm(attention(x, { heads: 2 })), parameter('shift', [2], { kind: 'constant', value: 1 })),
      { units: 3 },
    ),
  );
  assert.deepEqual(JSON.parse(JSON.stringify(network)), network);
  assert.deepEqual(layerSchema.parse(network.layers[0]), network.layers[0]);
});

test('shapes that do not fit are refused where they meet, naming the step', () => {
  const of = (build: Parameters<typeof networkOf>[1]) => () => networkOf([3, 8, 8], build);
  assert.throws(
    of((x, { conv2d, add }) => add(conv2d(x, { filters: 3, kernelSize: 3 }), x)),
    {
      code: 'tensor/shape',
      message: 'Layer 2 (add): add of [3, 6, 6] and [3, 8, 8]: sizes must be equal or 1.',
    },
  );
  assert.throws(
    of((x, { dense }) => dense(x, { units: 3 })),
    /Layer 1 \(dense\): dense takes 1 dimension/,
  );
  assert.throws(
    of((x, { dense }) => dense(x, { units: 0 })),
    { code: 'option/invalid', message: /units/ },
  );
  assert.throws(
    of((x, { slice }) => slice(x, 4, 0, 1)),
    /Layer 1 \(slice\): axis of \[3, 8, 8\]: there is no axis 4/,
  );
  assert.throws(
    of((_, { parameter }) => parameter('a b', [1])),
    /'a b' is no name/,
  );
  assert.throws(
    of(() => ({ shape: [1] })),
    /no value of this network/,
  );
  assert.throws(
    of((_, { parameter }) => parameter('a', [1])),
    /must give something for each example/,
  );
});
