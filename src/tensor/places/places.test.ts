import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { assertGradient } from '../assert-gradient.fixture.ts';
import { evaluator } from '../evaluate.fixture.ts';
import * as of from '../functions.ts';
import { gradients } from '../gradients.ts';
import { type Shape, sizeOf, type Tensor } from '../tensor.ts';
import { TensorGraph } from '../tensor-graph.ts';
import { convolvePlaces } from './convolve-places.ts';
import { pictureCases, poolCases } from './picture-cases.fixture.ts';
import { averagePoolPlaces, maxPoolPlaces, meanOfPlaces } from './pool-places.ts';

/** That both give the same numbers and pass back the same gradients. */
async function assertSame(
  shapes: readonly Shape[],
  fast: (...x: Tensor[]) => Tensor,
  plain: (...x: Tensor[]) => Tensor,
): Promise<void> {
  const graph = new TensorGraph();
  const x = shapes.map((shape, i) => graph.parameter(`x${i}`, shape));
  const sides = [fast, plain].map((build) => build(...x)) as [Tensor, Tensor];
  assert.deepEqual(sides[0].shape, sides[1].shape);
  const factor = graph.input('w', sides[0].shape);
  const outputs: Record<string, Tensor> = {};
  for (const [side, y] of sides.entries()) {
    outputs[`${side} y`] = y;
    const by = gradients(graph, of.sum(of.multiply(y, factor)), x);
    for (const [i, dx] of by.entries()) outputs[`${side} d${i}`] = dx;
  }
  // The single operations of the runtime are there in float32 only.
  const { run, close } = await evaluator(graph, outputs, 'float32');
  const random = new RandomState(3);
  const draw = (shape: Shape) => random.standardNormal(sizeOf(shape)) as Float64Array;
  const found = await run({
    w: draw(factor.shape),
    ...Object.fromEntries(shapes.map((shape, i) => [`x${i}`, draw(shape)])),
  });
  await close();
  for (const name of Object.keys(outputs).filter((key) => key.startsWith('0'))) {
    const expected = found[name.replace('0', '1')]!;
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const [i, value] of found[name]!.entries()) {
      // Float32 sums of some hundred terms in another order, through the halves of Winograd's transforms.
      const difference = Math.abs(value - expected[i]!);
      assert.ok(difference <= 3e-6 * largest, `${name} ${i}: ${value} where ${expected[i]} is right`);
    }
  }
}

for (const { name, x, weights, attributes } of pictureCases) {
  const bias: Shape = [weights[0]!];
  const across: Shape = [weights[0]!, ...x.slice(2).map(() => 1)];
  test(`a convolution in training is that of the runtime (${name})`, () =>
    assertSame(
      [x, weights, bias],
      (x, w, b) => convolvePlaces(x, w, b, attributes),
      (x, w, b) => of.add(of.convolution(x, w, attributes), of.reshape(b, across)),
    ));
  if (attributes.groups === 1 || attributes.groups === x[1])
    test(`the gradient of a convolution in training is that of finite differences (${name})`, () =>
      assertGradient({
        shapes: [x, weights, bias],
        build: (x, w, b) => convolvePlaces(x, w, b, attributes),
      }));
}

for (const { name, x, windows } of poolCases) {
  test(`max pooling in training is that of the runtime, with its gradient (${name})`, async () => {
    await assertSame(
      [x],
      (x) => maxPoolPlaces(x, windows),
      (x) => of.maxPool(x, windows),
    );
    await assertGradient({ shapes: [x], build: (x) => maxPoolPlaces(x, windows) });
  });
  for (const countsOutside of [true, false]) {
    test(`average pooling in training is that of the runtime (${name}, places outside count: ${countsOutside})`, async () => {
      await assertSame(
        [x],
        (x) => averagePoolPlaces(x, windows, countsOutside),
        (x) => of.averagePool(x, windows, countsOutside),
      );
      await assertGradient({ shapes: [x], build: (x) => averagePoolPlaces(x, windows, countsOutside) });
    });
  }
}

test('the mean of all places is that over the axes', () =>
  assertSame([[2, 3, 4, 5]], meanOfPlaces, (x) => of.mean(x, { axes: [2, 3] })));

const two = poolCases[0]!.windows;

test('among equals the gradient of max pooling goes to the first, also where windows overlap and are padded', async () => {
  for (const build of [maxPoolPlaces, of.maxPool]) {
    const graph = new TensorGraph();
    const x = graph.parameter('x', [1, 1, 2, 4]);
    const overlapping = { ...two, strides: [1, 1], before: [1, 1], after: [0, 0] };
    const outputs = [two, overlapping].map((windows) => gradients(graph, of.sum(build(x, windows)), [x])[0]!);
    for (const real of ['float32', 'float64'] as const) {
      const { run, close } = await evaluator(graph, { apart: outputs[0]!, over: outputs[1]! }, real);
      const found = await run({ x: [1, 1, 0, -1, 1, 1, -1, 0] });
      assert.deepEqual(found.apart, [1, 0, 1, 0, 0, 0, 0, 0]);
      // Windows of the first row: 1 | 1 1 | 1 0 | 0 −1; of both: 1 1 | all | 1 0 1 −1 | 0 −1 −1 0.
      assert.deepEqual(found.over, [4, 2, 2, 0, 0, 0, 0, 0]);
      await close();
    }
  }
});

test('convolution, activation and pooling one after another give what they give apart', async () => {
  const shapes = [[2, 8, 7, 6], [8, 8, 3, 3], [8], [3, 8, 3, 3], [3]];
  const attributes = { ...pictureCases[2]!.attributes };
  const block =
    (convolve: typeof convolvePlaces, pool: typeof maxPoolPlaces) =>
    (x: Tensor, w: Tensor, b: Tensor, w2: Tensor, b2: Tensor) => {
      const first = of.relu(convolve(x, w, b, attributes));
      // A block around which the input is carried.
      const sum = of.relu(of.add(convolve(first, w, b, attributes), first));
      return pool(of.relu(convolve(pool(sum, two), w2, b2, attributes)), two);
    };
  const plain = (x: Tensor, w: Tensor, b: Tensor | undefined, how: typeof attributes) =>
    of.add(of.convolution(x, w, how), of.reshape(b!, [b!.shape[0]!, 1, 1]));
  await assertSame(shapes, block(convolvePlaces, maxPoolPlaces), block(plain, of.maxPool));
});

test('what lies together stays together from a convolution through activation and pooling to the next', () => {
  const graph = new TensorGraph();
  const x = graph.input('x', [4, 8, 8, 8]);
  const { attributes } = pictureCases[2]!;
  const weights = () => graph.parameter('w', [8, 8, 3, 3]);
  const bias = () => graph.parameter('b', [8]);
  const first = maxPoolPlaces(of.relu(convolvePlaces(x, weights(), bias(), attributes)), two);
  const y = convolvePlaces(first, weights(), bias(), attributes);
  const seen = new Set<number>();
  const visit = (id: number): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const input of graph.nodes[id]!.inputs) visit(input);
  };
  visit(y.id);
  const ops = [...seen].map((id) => graph.nodes[id]!.op);
  const count = (op: string) => ops.filter((one) => one === op).length;
  // The picture and the result are turned, and the weights of each layer; patches are taken twice, and the result is put in order.
  assert.deepEqual([count('transpose'), count('takeRows')], [4, 3]);
});
