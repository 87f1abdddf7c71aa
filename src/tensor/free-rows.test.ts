import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FREE, freeRows } from './free-rows.ts';
import { add, affine, broadcast, constant, gelu, mean, reshape, sumRows } from './functions.ts';
import { lowerNodes } from './lower-graph.ts';
import { OnnxGraph } from './onnx/onnx-graph.ts';
import { openOnnxSession } from './onnx/onnx-session.ts';
import { writeOnnx } from './onnx/write-onnx.ts';
import type { Tensor } from './tensor.ts';
import { TensorGraph } from './tensor-graph.ts';

/** The nodes of a graph for any number of rows of four numbers. */
function freed(build: (x: Tensor, graph: TensorGraph) => Tensor) {
  const [two, three] = [2, 3].map((rows) => {
    const graph = new TensorGraph();
    return { nodes: graph.nodes, output: build(graph.input('x', [rows, 4]), graph) };
  });
  return { nodes: freeRows(two!.nodes, three!.nodes), output: two!.output };
}

test('a graph for any number of rows gives each row what a graph for so many gives', async () => {
  const { nodes, output } = freed((x, graph) => {
    const y = affine(x, graph.parameter('w', [4, 6]), constant(x, [1, 2, 3, 4, 5, 6], [6]));
    const pictures = reshape(gelu(y), [x.shape[0]!, 2, 3]);
    const centred = add(pictures, broadcast(mean(pictures, { axes: [2], keepDims: true }), pictures.shape));
    return reshape(add(centred, constant(x, 1, centred.shape)), [x.shape[0]!, 6]);
  });
  assert.ok(nodes.some(({ shape }) => shape[0] === FREE));
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float32', ['rows', 4]);
  const w = graph.constant(
    Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [4, 6],
  );
  const [y] = lowerNodes(graph, nodes, [output], {
    ...{ real: 'float32', isPortable: true },
    given: new Map([
      ['x', x],
      ['w', w],
    ]),
  });
  graph.output('y', y!, 'float32', ['rows', 6]);
  const session = await openOnnxSession(await writeOnnx(graph));
  const run = async (data: Float32Array) =>
    (await session.run({ x: { element: 'float32', dims: [data.length / 4, 4], data } })).y!
      .data as Float32Array;
  const rows = Float32Array.from({ length: 28 }, (_, i) => Math.cos(i));
  const all = await run(rows);
  assert.equal(all.length, 42);
  // A single row goes through another kernel for products, whose sums round otherwise.
  const one = await run(rows.subarray(4, 8));
  for (let i = 0; i < 6; i++) assert.ok(Math.abs(one[i]! - all[6 + i]!) < 1e-5);
});

test('sums over rows work for any number of them', async () => {
  const { nodes, output } = freed((x) => sumRows(x));
  const graph = new OnnxGraph();
  const given = new Map([['x', graph.input('x', 'float32', ['rows', 4])]]);
  const [y] = lowerNodes(graph, nodes, [output], { real: 'float32', given });
  graph.output('y', y!, 'float32', [4]);
  const session = await openOnnxSession(await writeOnnx(graph));
  const data = Float32Array.from({ length: 20 }, (_, i) => i);
  const { y: sums } = await session.run({ x: { element: 'float32', dims: [5, 4], data } });
  assert.deepEqual([...(sums!.data as Float32Array)], [40, 45, 50, 55]);
});

test('what depends on the number of rows in another way is refused with its layer', () => {
  assert.throws(
    () =>
      freed((x, graph) =>
        graph.within('3 (odd)', () => add(x, constant(x, new Array(x.shape[0]! * 4).fill(1), x.shape))),
      ),
    { code: 'tensor/fixed-rows', message: /^Layer 3 \(odd\): constant needs to know the number of rows/ },
  );
  assert.throws(() => freed((x) => (x.shape[0] === 2 ? add(x, 1) : x)), { code: 'tensor/fixed-rows' });
});
