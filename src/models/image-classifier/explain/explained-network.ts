import { OptionError } from '../../../core/errors.ts';
import { buildNetwork } from '../../../nets/network.ts';
import { parametersByName } from '../../../nets/predict/fitted-network.ts';
import { lowerGraph } from '../../../tensor/lower-graph.ts';
import { type Buffers, openTensorSession } from '../../../tensor/session.ts';
import { sizeOf, type Tensor } from '../../../tensor/tensor.ts';
import { TensorGraph } from '../../../tensor/tensor-graph.ts';
import type { ImageState } from '../image-state.ts';

/** A trained network in a graph, to which more can be added. */
export interface ExplainedGraph {
  readonly graph: TensorGraph;
  /** [rows, …shape], standardised. */
  readonly x: Tensor;
  /** Scores, [rows, classes]. */
  readonly output: Tensor;
  /** What each layer gives. */
  readonly activations: readonly Tensor[];
}

/**
 * Adds a trained network to a graph and runs what `build` makes of it.
 * @param feeds Values of the inputs by name, `x` among them.
 * @throws OptionError for a model with a backbone, whose inside is not known.
 */
export async function explainNetwork(
  { network, shape, backbone }: ImageState,
  rows: number,
  build: (parts: ExplainedGraph) => Readonly<Record<string, Tensor>>,
): Promise<{
  readonly run: (
    feeds: Readonly<Record<string, Float32Array>>,
  ) => Promise<Readonly<Record<string, Float32Array>>>;
  readonly close: () => Promise<void>;
}> {
  if (backbone !== null) {
    throw new OptionError(
      'model/no-explanation',
      'A model with a backbone cannot be explained: the network of the file is not differentiated.',
    );
  }
  const graph = new TensorGraph();
  const x = graph.input('x', [rows, ...shape]);
  const { output, activations } = buildNetwork(graph, network, x, 'predict');
  const outputs = build({ graph, x, output, activations });
  const session = await openTensorSession(lowerGraph(graph.nodes, outputs));
  const values = parametersByName(network);
  const inputs: Record<string, Float32Array> = {};
  const buffers: Record<string, Buffers[string]> = {};
  for (const { op, attributes } of graph.nodes) {
    if (op !== 'input' && op !== 'parameter') continue;
    const { name, shape: of } = attributes as { readonly name: string; readonly shape: readonly number[] };
    const data = Float32Array.from(values.get(name) ?? new Float32Array(sizeOf(of)));
    if (op === 'input') inputs[name] = data;
    buffers[name] = { data, shape: of };
  }
  const results = Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [
      name,
      { data: new Float32Array(sizeOf(tensor.shape)), shape: tensor.shape },
    ]),
  );
  const compute = session.bind(buffers, results);
  return {
    async run(feeds) {
      for (const [name, data] of Object.entries(feeds)) inputs[name]!.set(data);
      await compute();
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data]));
    },
    close: () => session.close(),
  };
}
