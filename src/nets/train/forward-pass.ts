import { openTensorSession, type TensorSession } from '../../tensor/session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { layerName, type Network } from '../network.ts';
import { forwardGraph } from './training-graph.ts';
import type { PlacedParameter } from './training-memory.ts';

/** Rows that go through the network at once. */
const BLOCK_ROWS = 256;

/** A network's outputs without gradients, from weights that training may change between calls. */
export interface ForwardPass {
  /** What the last layer gives for rows of numbers, row-major. */
  run(x: ArrayLike<number>, rows: number): Promise<Float32Array>;
  /** The first layer that gives a number that is not finite, as {@link layerName} calls it; undefined when none does. */
  firstUnfit(x: ArrayLike<number>, rows: number): Promise<string | undefined>;
  close(): Promise<void>;
}

/** @param weightsOf The place of a parameter's values. */
export function forwardPass(
  network: Network,
  parameters: readonly PlacedParameter[],
  weightsOf: (parameter: PlacedParameter) => Float32Array,
  checkpoint: () => void,
): ForwardPass {
  const inputs = sizeOf(network.inputShape);
  const sessions: TensorSession[] = [];
  const bound = new Map<string, Promise<Bound>>();

  interface Bound {
    readonly x: Float32Array;
    readonly outputs: Readonly<Record<string, Float32Array>>;
    compute(): Promise<void>;
  }

  async function bind(rows: number, which: 'last' | 'all'): Promise<Bound> {
    const graph = forwardGraph(network, rows, which);
    const session = await openTensorSession(graph);
    sessions.push(session);
    const x = new Float32Array(rows * inputs);
    const outputs = graph.outputs.map(({ name, shape }) => {
      const fixed = shape as readonly number[];
      return [name, { data: new Float32Array(sizeOf(fixed)), shape: fixed }] as const;
    });
    const weights = parameters.map((one) => [one.name, { data: weightsOf(one), shape: one.shape }] as const);
    const feeds = { ...Object.fromEntries(weights), x: { data: x, shape: [rows, ...network.inputShape] } };
    return {
      x,
      outputs: Object.fromEntries(outputs.map(([name, { data }]) => [name, data])),
      compute: session.bind(feeds, Object.fromEntries(outputs)),
    };
  }

  async function through(
    x: ArrayLike<number>,
    rows: number,
    which: 'last' | 'all',
    use: (outputs: Bound['outputs'], from: number, count: number) => void,
  ): Promise<void> {
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      checkpoint();
      const count = Math.min(BLOCK_ROWS, rows - from);
      const key = `${which} ${count}`;
      const opened = bound.get(key) ?? bind(count, which);
      bound.set(key, opened);
      const pass = await opened;
      for (let i = 0; i < count * inputs; i++) pass.x[i] = x[from * inputs + i]!;
      await pass.compute();
      use(pass.outputs, from, count);
    }
  }

  return {
    async run(x, rows) {
      let results = new Float32Array(0);
      await through(x, rows, 'last', ({ output }, from, count) => {
        const width = output!.length / count;
        if (results.length === 0) results = new Float32Array(rows * width);
        results.set(output!, from * width);
      });
      return results;
    },
    async firstUnfit(x, rows) {
      let first = network.layers.length;
      await through(x, rows, 'all', (outputs) => {
        const at = network.layers.findIndex(
          (_, i) => !outputs[layerName(network, i)]!.every(Number.isFinite),
        );
        if (at >= 0) first = Math.min(first, at);
      });
      return first < network.layers.length ? layerName(network, first) : undefined;
    },
    async close() {
      for (const session of sessions) await session.close();
    },
  };
}
