import { createHash } from 'node:crypto';
import { lowerNodes } from '../../tensor/lower-graph.ts';
import { OnnxGraph } from '../../tensor/onnx/onnx-graph.ts';
import { openTensorSession } from '../../tensor/session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import { buildNetwork } from '../network.ts';
import { type FittedNetwork, parametersByName } from './fitted-network.ts';

/** A trained network ready to run in this thread, for blocks of so many rows. */
export interface Predictor {
  readonly rows: number;
  /**
   * Computes one block, after those asked for earlier.
   * @param fill Writes row-major [rows, inputs].
   * @param take Reads row-major [rows, outputs].
   */
  run(fill: (x: Float32Array) => void, take: (output: Float32Array) => void): Promise<void>;
}

/** Predictors that a thread keeps. */
const KEPT = 8;
const kept = new Map<string, Promise<Predictor>>();
const keys = new WeakMap<FittedNetwork, string>();

/** What distinguishes a trained network from others. */
function keyOf(network: FittedNetwork): string {
  const known = keys.get(network);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(JSON.stringify([network.inputShape, network.layers]));
  for (const { buffer, byteOffset, byteLength } of network.parameters)
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  const key = hash.digest('base64');
  keys.set(network, key);
  return key;
}

/**
 * The predictor of a network, kept for the next call in this thread. Its users take turns.
 * @throws DependencyError when `onnxruntime-node` is not installed.
 */
export function openPredictor(network: FittedNetwork, rows: number): Promise<Predictor> {
  const key = `${keyOf(network)} ${rows}`;
  let found = kept.get(key);
  if (found === undefined) {
    found = create(network, rows);
    found.catch(() => kept.delete(key));
  }
  // The one used last is dropped last.
  kept.delete(key);
  kept.set(key, found);
  // Whoever still uses it keeps its session alive.
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return found;
}

async function create(network: FittedNetwork, rows: number): Promise<Predictor> {
  const graph = new TensorGraph();
  const input = graph.input('x', [rows, ...network.inputShape]);
  const { output, parameters } = buildNetwork(graph, network, input, 'predict');
  const onnx = new OnnxGraph();
  const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
  const given = new Map(
    [...parametersByName(network)].map(([name, data]) => [
      name,
      onnx.constant(Float32Array.from(data), shapes.get(name)!),
    ]),
  );
  const [value] = lowerNodes(onnx, graph.nodes, [output], { real: 'float32', given });
  onnx.output('output', value!, 'float32', output.shape);
  const session = await openTensorSession(onnx);
  const x = { data: new Float32Array(sizeOf(input.shape)), shape: input.shape };
  const results = { data: new Float32Array(sizeOf(output.shape)), shape: output.shape };
  const compute = session.bind({ x }, { output: results });
  let last: Promise<unknown> = Promise.resolve();
  return {
    rows,
    run(fill, take) {
      const turn = last.then(async () => {
        fill(x.data);
        await compute();
        take(results.data);
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}
