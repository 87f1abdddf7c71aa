import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OnnxValue } from '../../define/onnx.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { openOnnxSession } from './onnx-session.ts';
import { readOnnx } from './read-onnx.ts';
import { writeOnnx } from './write-onnx.ts';

test('a graph of layers is written, read back and run', async () => {
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float32', ['batch', 2]);
  const w = graph.initializer('w', Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  const hidden = graph.node('Relu', [graph.node('Gemm', [x, w, graph.constant(Float32Array.of(-9, 0, 1))])]);
  const [values, places] = graph.nodes('TopK', [hidden, graph.constant([1])], 2, { axis: -1 });
  graph.output('most', values!, 'float32', ['batch', 1]);
  graph.output('place', places!, 'int64', ['batch', 1]);
  const bytes = await writeOnnx(graph, { name: 'net', doc: 'A net.', metadata: { 键: '值' } });
  const file = await readOnnx(bytes);
  assert.deepEqual(file.inputs, [{ name: 'x', element: 'float32', kind: 'tensor', shape: ['batch', 2] }]);
  assert.deepEqual(
    file.outputs.map(({ name, element }) => [name, element]),
    [
      ['most', 'float32'],
      ['place', 'int64'],
    ],
  );
  assert.deepEqual(
    [file.opsets, file.doc, file.metadata, file.nodes],
    [{ '': 21 }, 'A net.', { 键: '值' }, 5],
  );
  const session = await openOnnxSession(bytes);
  const { most, place } = await session.run({
    x: { element: 'float32', dims: [2, 2], data: Float32Array.of(1, 1, 0, -1) },
  });
  assert.deepEqual([...(most!.data as Float32Array)], [10, 0]);
  assert.deepEqual([...(place!.data as BigInt64Array)], [2n, 0n]);
});

test('every kind of constant and attribute arrives as it was', async () => {
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float32', [1]);
  const constants: [string, OnnxValue][] = [
    ['float64', graph.constant(Float64Array.of(1 / 3, -0))],
    ['int32', graph.constant(Int32Array.of(-1, 2 ** 31 - 1))],
    ['int64', graph.constant(BigInt64Array.of(2n ** 62n, -1n))],
    ['int64', graph.constant([2 ** 52, -7])],
    ['uint8', graph.constant(Uint8Array.of(0, 255))],
    ['string', graph.constant(['猫', ''])],
    ['bool', graph.constant(Uint8Array.of(1, 0), [2], 'bool')],
  ];
  for (const [i, [element, value]] of constants.entries())
    graph.output(`y${i}`, value, element as 'bool', [2]);
  const attributes = { alpha: { float: 0.5 }, beta: { float: 0.25 } };
  graph.output('z', graph.node('HardSigmoid', [x], attributes), 'float32', [1]);
  const encoded = graph.node('ai.onnx.ml.LabelEncoder', [graph.constant(['b', '?'])], {
    keys_strings: ['a', 'b'],
    values_int64s: [10, 11],
    default_int64: -1,
  });
  graph.output('code', encoded, 'int64', [2]);
  const bytes = await writeOnnx(graph);
  assert.deepEqual((await readOnnx(bytes)).opsets, { '': 21, 'ai.onnx.ml': 5 });
  const found = await (await openOnnxSession(bytes)).run({
    x: { element: 'float32', dims: [1], data: Float32Array.of(1) },
  });
  const data = (name: string) => Array.from(found[name]!.data as ArrayLike<unknown>);
  assert.deepEqual(
    constants.map((_, i) => data(`y${i}`)),
    [
      [1 / 3, -0],
      [-1, 2 ** 31 - 1],
      [2n ** 62n, -1n],
      [2n ** 52n, -7n],
      [0, 255],
      ['猫', ''],
      [1, 0],
    ],
  );
  assert.deepEqual([data('z'), data('code')], [[0.75], [11n, -1n]]);
});

test('equal small constants are one, and −0 is not 0', () => {
  const graph = new OnnxGraph();
  assert.equal(graph.scalar(2), graph.scalar(2));
  assert.notEqual(graph.scalar(0), graph.scalar(-0));
  assert.notEqual(graph.scalar(2), graph.constant(Float64Array.of(2)));
  assert.notEqual(graph.constant([1, 2]), graph.constant(Int32Array.of(1, 2)));
});

test('names that are taken, unknown values, and data that do not fit are refused by name', () => {
  const graph = new OnnxGraph();
  graph.input('x', 'float64', [1]);
  assert.throws(() => graph.input('x', 'float64', [1]), { code: 'onnx/name-taken', message: /'x'/ });
  assert.throws(() => graph.output('', 'x', 'float64', [1]), { code: 'onnx/name-taken' });
  assert.throws(() => graph.node('Neg', ['y']), { code: 'onnx/unknown-value', message: /Neg reads 'y'/ });
  assert.throws(() => graph.constant(Float64Array.of(1, 2), [3]), {
    code: 'onnx/shape',
    message: /\[3\] cannot hold 2 elements/,
  });
  assert.throws(() => graph.node('LeakyRelu', ['x'], { alpha: 0.1 }), {
    code: 'onnx/attribute',
    message: /alpha of LeakyRelu is 0.1; write \{ float: 0.1 \}/,
  });
  assert.deepEqual([graph.freeName('x'), graph.freeName('y')], ['x_1', 'y']);
});

test('an input that is left out does not count as a value', async () => {
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float64', ['n', 1]);
  const least = graph.scalar(0);
  graph.output('y', graph.node('Clip', [x, '', least]), 'float64', ['n', 1]);
  const session = await openOnnxSession(await writeOnnx(graph));
  const { y } = await session.run({ x: { element: 'float64', dims: [2, 1], data: Float64Array.of(-3, 3) } });
  assert.deepEqual([...(y!.data as Float64Array)], [-3, 0]);
});
