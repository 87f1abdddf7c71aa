import { lowerGraph } from './lower-graph.ts';
import { type Buffer, openTensorSession } from './session.ts';
import { sizeOf, type Tensor } from './tensor.ts';
import type { TensorGraph } from './tensor-graph.ts';

export type Feeds = Readonly<Record<string, readonly number[] | Float64Array>>;

/** A function from feeds to the outputs of a graph. */
export async function evaluator(
  graph: TensorGraph,
  outputs: Readonly<Record<string, Tensor>>,
  real: 'float32' | 'float64' = 'float64',
): Promise<{ run(feeds: Feeds): Promise<Record<string, number[]>>; close(): Promise<void> }> {
  const lowered = lowerGraph(graph.nodes, outputs, real);
  const array = (element: string, size: number) =>
    element === 'int32'
      ? new Int32Array(size)
      : element === 'float32'
        ? new Float32Array(size)
        : new Float64Array(size);
  const buffers = (ports: typeof lowered.inputs): Record<string, Buffer> =>
    Object.fromEntries(
      ports.map(({ name, element, shape }) => [
        name,
        { data: array(element, sizeOf(shape as number[])), shape: shape as number[] },
      ]),
    );
  const [inputs, results] = [buffers(lowered.inputs), buffers(lowered.outputs)];
  const session = await openTensorSession(lowered);
  const compute = session.bind(inputs, results);
  return {
    async run(feeds) {
      for (const [name, { data }] of Object.entries(inputs)) data.set(feeds[name]!.slice(0, data.length));
      await compute();
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Array.from(data)]));
    },
    close: () => session.close(),
  };
}
