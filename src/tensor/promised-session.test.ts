import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { OnnxGraph } from './onnx/onnx-graph.ts';
import { openTensorSession } from './session.ts';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('onnxruntime-node/')) throw new Error(`No '${specifier}' in this version`);
    return next(specifier, context);
  },
});

test('a runtime whose inside is another computes the same by its promises', async () => {
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float32', [3]);
  graph.output('y', graph.node('Mul', [x, x]), 'float32', [3]);
  const session = await openTensorSession(graph);
  const y = new Float32Array(3);
  const places = [
    { x: { data: Float32Array.of(1, 2, 3), shape: [3] } },
    { y: { data: y, shape: [3] } },
  ] as const;
  const computing = session.bindDirectly(...places)();
  assert.ok(computing instanceof Promise);
  await computing;
  assert.deepEqual(y, Float32Array.of(1, 4, 9));
  y.fill(0);
  await session.bind(...places)();
  assert.deepEqual(y, Float32Array.of(1, 4, 9));
  await session.close();
});
