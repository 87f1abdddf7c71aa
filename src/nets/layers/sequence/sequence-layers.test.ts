import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../../core/random.ts';
import { evaluator } from '../../../tensor/evaluate.fixture.ts';
import { TensorGraph } from '../../../tensor/tensor-graph.ts';
import { buildNetwork, initialParameters, outputShape, summarizeNetwork } from '../../network.ts';
import { requireIndices } from '../../require-indices.ts';
import type { Layer } from '../layer.ts';

/** What layers give for rows one after another, with the weights that seed 0 draws unless they are given. */
async function through(
  layers: readonly Layer[],
  inputShape: readonly number[],
  rows: readonly (readonly number[])[],
  weights: Readonly<Record<string, readonly number[]>> = {},
): Promise<number[]> {
  const network = { inputShape, layers };
  const graph = new TensorGraph();
  const x = graph.input('x', [rows.length, ...inputShape]);
  const { output } = buildNetwork(graph, network, x, 'predict');
  const { run, close } = await evaluator(graph, { output });
  const drawn = Object.fromEntries(initialParameters(network, new RandomState(0)));
  const found = await run({ x: rows.flat(), ...drawn, ...weights });
  await close();
  return found.output!;
}

/** Equal but for sums in another order, in float64. */
function close(found: readonly number[], expected: readonly number[]) {
  assert.equal(found.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(found[i]! - value) < 1e-12, `${i}: ${found[i]} against ${value}`);
}

const padded: Layer = { kind: 'embedding', levels: 5, units: 4, paddingIndex: 0 };
const sequences: Readonly<Record<string, readonly Layer[]>> = {
  lstm: [{ kind: 'lstm', units: 3, layers: 2, bidirectional: true }],
  gru: [{ kind: 'gru', units: 3, layers: 2, bidirectional: true }],
  attention: [{ kind: 'attention', heads: 2 }, { kind: 'poolTime' }],
  transformer: [
    { kind: 'transformerBlock', heads: 2, activation: 'relu' },
    { kind: 'poolTime', by: 'max' },
  ],
  last: [
    { kind: 'transformerBlock', heads: 2, activation: 'relu' },
    { kind: 'poolTime', by: 'last' },
  ],
};

for (const [name, layers] of Object.entries(sequences)) {
  test(`padding does not change what a sequence gives (${name})`, async () => {
    const short = await through([padded, ...layers], [3], [[2, 4, 1]]);
    const long = await through([padded, ...layers], [5], [[2, 4, 1, 0, 0]]);
    close(long, short);
    assert.notDeepEqual(await through([padded, ...layers], [3], [[2, 4, 3]]), short, 'every token counts');
  });
}

test('a sequence of nothing but padding gives finite numbers', async () => {
  for (const layers of Object.values(sequences))
    assert.ok((await through([padded, ...layers], [3], [[0, 0, 0]])).every(Number.isFinite));
});

test('a causal network does not look ahead, another does', async () => {
  for (const causal of [true, false]) {
    const layers: Layer[] = [
      { kind: 'embedding', levels: 5, units: 4 },
      { kind: 'position', encoding: 'sinusoidal' },
      { kind: 'transformerBlock', heads: 2, causal, activation: 'relu' },
    ];
    const [one, other] = [
      await through(layers, [4], [[1, 2, 3, 4]]),
      await through(layers, [4], [[1, 2, 3, 0]]),
    ];
    // 3 times of 4 features come before the last.
    if (causal) assert.deepEqual(one.slice(0, 12), other.slice(0, 12));
    else assert.notDeepEqual(one.slice(0, 12), other.slice(0, 12));
    assert.notDeepEqual(one.slice(12), other.slice(12));
  }
});

test('sequences are pooled over time', async () => {
  const x = [[1, 10, 2, 40, 6, 20]];
  for (const [by, expected] of Object.entries({
    mean: [3, 70 / 3],
    max: [6, 40],
    first: [1, 10],
    last: [6, 20],
  }))
    close(await through([{ kind: 'poolTime', by: by as 'mean' }], [3, 2], x), expected);
});

test('sinusoids are those of the article', async () => {
  const found = await through([{ kind: 'position', encoding: 'sinusoidal' }], [2, 4], [new Array(8).fill(0)]);
  close(found, [0, 1, 0, 1, Math.sin(1), Math.cos(1), Math.sin(0.01), Math.cos(0.01)]);
});

test('sequences are normalised at each time, pictures as a whole, unless it is said', async () => {
  const x = [[1, 3, 10, 30]];
  // (±1, or ±10) / √(1 + ε), or / √(100 + ε)
  const near = 1 / Math.sqrt(1 + 1e-5);
  const far = 10 / Math.sqrt(100 + 1e-5);
  close(await through([{ kind: 'layerNorm' }], [2, 2], x), [-near, near, -far, far]);
  const over = await through([{ kind: 'layerNorm', over: 'all' }], [2, 2], x);
  const deviation = Math.sqrt(((1 - 11) ** 2 + (3 - 11) ** 2 + (10 - 11) ** 2 + (30 - 11) ** 2) / 4 + 1e-5);
  close(
    over,
    x[0]!.map((value) => (value - 11) / deviation),
  );
});

test('shapes and parameters are summarised', () => {
  const layers: Layer[] = [
    { kind: 'embedding', levels: 100, units: 8 },
    { kind: 'transformerBlock', heads: 2 },
    { kind: 'lstm', units: 5, bidirectional: true, returns: 'all' },
    { kind: 'gru', units: 5 },
  ];
  const found = summarizeNetwork({ inputShape: [7], layers });
  assert.deepEqual(
    found.map((one) => one.outputShape),
    [[7, 8], [7, 8], [7, 10], [5]],
  );
  const block = 2 * 16 + (8 * 24 + 24) + (8 * 8 + 8) + (8 * 32 + 32) + (32 * 8 + 8);
  assert.deepEqual(
    found.map((one) => one.parameters),
    [800, block, 2 * (8 * 20 + 5 * 20 + 40), 10 * 15 + 5 * 15 + 30],
  );
});

test('numbers that an embedding has no vector for are refused with their column and row', () => {
  const network = { inputShape: [3], layers: [{ kind: 'embedding', levels: 5, units: 2 }] satisfies Layer[] };
  requireIndices(network, [0, 4, 1, 2, 3, 0]);
  for (const value of [5, -1, 1.5])
    assert.throws(() => requireIndices(network, [0, 4, 1, 2, value, 0], ['a', 'b', 'c']), {
      code: 'data/unknown-level',
      message: new RegExp(`Column 'b', row 1 is ${value}, .* 5 levels`),
    });
});

test('what does not fit is refused with the layer and the shape', () => {
  const of =
    (inputShape: readonly number[], ...layers: Layer[]) =>
    () =>
      outputShape({ inputShape, layers });
  assert.throws(
    of([4, 6], { kind: 'attention', heads: 4 }),
    /Layer 1 \(attention\): .*6 features among 4 heads/,
  );
  assert.throws(of([4], { kind: 'lstm', units: 3 }), /Layer 1 \(lstm\): lstm takes 2 dimensions .* \[4\]/);
  assert.throws(
    of([4, 2], { kind: 'embedding', levels: 3, units: 2 }),
    /embedding takes 1 dimension .* \[4, 2\]/,
  );
  assert.throws(of([4], { kind: 'poolTime' }), /poolTime takes 2 dimensions/);
  assert.throws(
    of([4, 6], { kind: 'transformerBlock', heads: 5 }),
    /Layer 1 \(transformerBlock\), 1 \(residual\), 2 \(attention\): /,
  );
});
