import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OnnxGraph } from './onnx/onnx-graph.ts';
import { openTensorSession } from './session.ts';

const COUNT = 1 << 16;

function doubling(): OnnxGraph {
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float32', [COUNT]);
  graph.output('y', graph.node('Add', [x, x]), 'float32', [COUNT]);
  return graph;
}

test('outputs are written in place, and nothing is kept of what the runtime copies', async () => {
  const session = await openTensorSession(doubling());
  const [x, y] = [new Float32Array(COUNT), new Float32Array(COUNT)];
  const buffers = [{ x: { data: x, shape: [COUNT] } }, { y: { data: y, shape: [COUNT] } }] as const;
  const [now, later] = [session.bindDirectly(...buffers), session.bind(...buffers)];
  x.fill(3);
  now();
  assert.ok(y.every((value) => value === 6));
  const { arrayBuffers } = process.memoryUsage();
  for (let i = 0; i < 50; i++) {
    x[0] = i;
    now();
    assert.equal(y[0], 2 * i);
  }
  // A single copy that is left takes 256 KiB.
  assert.ok(process.memoryUsage().arrayBuffers - arrayBuffers < 2 ** 18);
  x[0] = -1;
  const turns: string[] = [];
  setImmediate(() => turns.push('others'));
  await later();
  assert.deepEqual([turns, y[0]], [['others'], -2]);
  await session.close();
});

test('what the runtime refuses is said with its reason', async () => {
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float32', ['rows']);
  graph.output('y', graph.node('Reshape', [x, graph.constant([2, 2])]), 'float32', [2, 2]);
  const session = await openTensorSession(graph);
  const compute = session.bind(
    { x: { data: Float32Array.of(1, 2, 3), shape: [3] } },
    { y: { data: new Float32Array(4), shape: [2, 2] } },
  );
  await assert.rejects(compute(), { code: 'tensor/run-failed', message: /Reshape/ });
  await session.close();
});
